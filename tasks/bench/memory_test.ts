import assert from "node:assert/strict";
import { largestBatch } from "./memory.ts";

Deno.test("largestBatch() goes on along the last two measurements", () => {
  const needs = [{ batch: 1, megabytes: 900 }, { batch: 2, megabytes: 1000 }, {
    batch: 4,
    megabytes: 1400,
  }];
  assert.equal(largestBatch(needs, 1400), 4);
  assert.equal(largestBatch(needs, 2400), 9);
  assert.equal(largestBatch(needs, 2399), 8);
  assert.equal(largestBatch(needs, 100), 0);
});
