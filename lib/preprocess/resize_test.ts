import assert from "node:assert/strict";
import { volume } from "lib/core/volume.ts";
import { resize } from "./resize.ts";
import { assertClose, golden, planeOf } from "./stages_testing.ts";

Deno.test("resize() agrees with OpenCV: by area when shrinking, linear when growing", () => {
  for (const { shape, to, plane, result } of golden.resize) {
    assertClose(resize(volume(Float32Array.from(plane), shape), ...to).data, result, 1e-6);
  }
});

Deno.test("resize() keeps the mean when shrinking, and a plane of its own size as it is", () => {
  const plane = planeOf(10, 15, (x, y) => x * y / 150);
  const small = resize(plane, 4, 6);
  const mean = (values: Float32Array) => values.reduce((a, b) => a + b) / values.length;
  assert.ok(Math.abs(mean(small.data) - mean(plane.data)) < 1e-6);
  assert.deepEqual(resize(plane, 10, 15), plane);
  assert.deepEqual(resize(planeOf(1, 1, () => 7), 2, 3), planeOf(2, 3, () => 7));
  assert.throws(() => resize(plane, 0, 3), /Cannot resize \[10, 15\] to \[0, 3\]/);
});
