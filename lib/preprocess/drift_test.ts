import assert from "node:assert/strict";
import { rng } from "lib/core/rng.ts";
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

Deno.test("removeDrift() finds the median that sorting finds", () => {
  const stream = rng(1, "median");
  for (let length = 1; length <= 60; length++) {
    // Few different values make many equal ones.
    const u = Float32Array.from(
      { length },
      () => length % 3 === 0 ? stream.integer(4) : stream.normal(),
    );
    const sorted = u.toSorted();
    const expected = (sorted[(length - 1) >> 1]! + sorted[length >> 1]!) / 2;
    const field = { u, v: u.toSorted(), width: length, height: 1 };
    const { u: found, v } = removeDrift(field);
    assert.deepEqual([found, v], [expected, expected]);
  }
});

/** Points whose nose, 27 to 35, is the box from (10, 4) to (14, 9). */
const points = new Float32Array(136);
for (let i = 27; i < 36; i++) points.set([10 + (i % 5), 4 + ((i - 27) % 6)], 2 * i);

Deno.test("removeDrift() by the nose is blind to the rest, however much of it moves", () => {
  const nose = (x: number, y: number) => x >= 10 && x <= 14 && y >= 4 && y <= 9;
  const field = flowOf(16, 24, (x, y) => nose(x, y) ? [0.25, -0.5] : [3, 2 + x / 10]);
  const { flow, u, v } = removeDrift(field, "nose", points);
  assert.deepEqual([u, v], [0.25, -0.5]);
  assert.deepEqual([flow.u[5 * 24 + 12], flow.u[0]], [0, 2.75]);
  assert.equal(removeDrift(field).u, 3);
  const { u: across, v: down } = removeDrift(flowOf(16, 24, (x, y) => [x, y]), "nose", points);
  assert.deepEqual([across, down], [12, 6.5]);
});

Deno.test("removeDrift() by the nose takes what of it is in the field, and says if there is nothing", () => {
  const field = flowOf(6, 12, (x) => [x, 0]);
  assert.equal(removeDrift(field, "nose", points).u, 10.5);
  const away = () => removeDrift(flowOf(3, 3, () => [0, 0]), "nose", points);
  assert.throws(away, /The landmarks' nose lies outside of 3 × 3 pixels/);
  assert.throws(() => removeDrift(field, "nose"), /The landmarks are not 68 finite points/);
});

Deno.test("removeDrift() refuses what is not a flow", () => {
  const field = { width: 2, height: 1, u: Float32Array.of(1, NaN), v: Float32Array.of(1, 1) };
  assert.throws(() => removeDrift(field), /The flow's u is not finite/);
  const empty = { width: 0, height: 0, u: new Float32Array(0), v: new Float32Array(0) };
  assert.throws(() => removeDrift(empty), /The flow's u is empty/);
  assert.throws(() => removeDrift({ ...field, width: 3 }), /The flow's u has 2 values, not 3 × 1/);
});
