import assert from "node:assert/strict";
import { volume } from "lib/core/volume.ts";
import { flowOfMinMaxMap } from "./min_max_flow.ts";

Deno.test("flowOfMinMaxMap() puts the median of u and v at zero and leaves strain", () => {
  const pixels = [[0.5, 1, 0], [0.5, 0.75, 0.25], [1, 0.75, 0.5], [0, 0, 1]];
  const { width, height, u, v, strain } = flowOfMinMaxMap(
    volume(Float32Array.from(pixels.flat()), [1, 4, 3]),
  );
  assert.deepEqual([width, height], [4, 1]);
  assert.deepEqual([...u], [0, 0, 0.5, -0.5]);
  assert.deepEqual([...v], [0.25, 0, 0, -0.75]);
  assert.deepEqual([...strain], [0, 0.25, 0.5, 1]);
});

Deno.test("flowOfMinMaxMap() gives no flow for a face at rest, whichever two levels it has", () => {
  // Half of the pixels differ from the others: the middle of both would make all of them move.
  const data = Float32Array.from({ length: 12 }, (_, i) => (i < 6 ? 0.25 : 0.75));
  const { u } = flowOfMinMaxMap(volume(data, [2, 2, 3]));
  assert.deepEqual([...u], [0, 0, 0.5, 0.5]);
});

Deno.test("flowOfMinMaxMap() refuses other shapes", () => {
  for (const shape of [[2, 2, 2], [4, 3], [1, 2, 2, 3]]) {
    const size = shape.reduce((a, b) => a * b);
    assert.throws(() => flowOfMinMaxMap(volume(new Float32Array(size), shape)), RangeError);
  }
});
