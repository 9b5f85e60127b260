import assert from "node:assert/strict";
import { removeDrift } from "./drift.ts";
import { assertClose, flowOf } from "./stages_testing.ts";

Deno.test("removeDrift() takes out a shift and leaves local motion, whose share is small", () => {
  const bump = (x: number, y: number) => Math.exp(-((x - 10) ** 2 + (y - 8) ** 2) / 4);
  const given = flowOf(21, 25, (x, y) => [0.4, -0.7 + bump(x, y)]);
  const before = given.v.slice();
  const { flow, u, v } = removeDrift(given);
  assertClose([u, v], [0.4, -0.7], 1e-3);
  assertClose(flow.u, new Float32Array(21 * 25), 1e-6);
  assertClose(flow.v, flowOf(21, 25, (x, y) => [0, bump(x, y)]).v, 1e-3);
  assert.deepEqual(given.v, before, "the given field was changed");
});

Deno.test("removeDrift() takes the mean of the two middle values of an even number", () => {
  const field = { width: 4, height: 1, u: Float32Array.of(9, 1, 2, -5), v: new Float32Array(4) };
  assert.equal(removeDrift(field).u, 1.5);
});

Deno.test("removeDrift() refuses what is not a flow", () => {
  const field = { width: 2, height: 1, u: Float32Array.of(1, NaN), v: Float32Array.of(1, 1) };
  assert.throws(() => removeDrift(field), /The flow's u is not finite/);
  const empty = { width: 0, height: 0, u: new Float32Array(0), v: new Float32Array(0) };
  assert.throws(() => removeDrift(empty), /The flow's u is empty/);
});
