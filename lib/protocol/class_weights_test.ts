import assert from "node:assert/strict";
import { balancedWeights } from "./class_weights.ts";

Deno.test("balancedWeights() gives each class the same total, and a class without clips nothing", () => {
  assert.deepEqual(balancedWeights([0, 0, 0, 1], 3), [2 / 3, 2, 0]);
  assert.deepEqual(balancedWeights([0, 1, 2], 3), [1, 1, 1]);
});
