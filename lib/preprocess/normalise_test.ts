import assert from "node:assert/strict";
import { flowMap, minMax } from "./normalise.ts";
import { flowOf } from "./stages_testing.ts";

Deno.test("minMax() spreads values over 0..1, and calls equal ones 0", () => {
  assert.deepEqual([...minMax(Float32Array.of(-1, 0, 3))], [0, 0.25, 1]);
  assert.deepEqual([...minMax(Float32Array.of(2, 2))], [0, 0]);
  assert.throws(() => minMax(Float32Array.of(1, NaN)), /Cannot scale the value NaN/);
});

Deno.test("flowMap() has u, v and strain, each over the whole of 0..1 in 8 bits", () => {
  // u grows to the right, v is the same everywhere but for one place below the middle.
  const flow = flowOf(56, 56, (x, y) => [x / 56, x > 25 && x < 30 && y > 40 && y < 45 ? 2 : 0]);
  const { data, shape } = flowMap(flow, 28);
  assert.deepEqual(shape, [28, 28, 3]);
  const at = (x: number, y: number, channel: number) => data[3 * (28 * y + x) + channel]!;
  assert.deepEqual([at(0, 5, 0), at(27, 5, 0)], [0, 1]);
  assert.ok(at(13, 5, 0) > 0.45 && at(13, 5, 0) < 0.55);
  assert.deepEqual([at(13, 21, 1), at(2, 2, 1)], [1, 0]);
  assert.ok(at(13, 21, 2) > at(2, 2, 2), "strain is where the flow changes");
  assert.ok(data.every((value) => Math.abs(255 * value - Math.round(255 * value)) < 1e-4));
});

Deno.test("flowMap() of no motion is 0 everywhere", () => {
  assert.ok(flowMap(flowOf(40, 40, () => [0, 0]), 28).data.every((value) => value === 0));
});
