import assert from "node:assert/strict";
import { type Volume, volume } from "lib/core/volume.ts";
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

Deno.test("resize() of a constant is constant, whatever the sizes", () => {
  for (let from = 1; from <= 60; from++) {
    for (let to = 1; to <= 60; to++) {
      const { data } = resize(planeOf(1, from, () => 1), 1, to);
      assert.ok(data.every((value) => Math.abs(value - 1) < 1e-6), `${from} to ${to}`);
    }
  }
});

Deno.test("resize() treats channels alike, and each direction by itself", () => {
  const image = volume(Float32Array.from({ length: 7 * 9 * 2 }, (_, i) => Math.sin(i)), [7, 9, 2]);
  const channel = ({ data, shape }: Volume, c: number) =>
    volume(data.filter((_, i) => i % 2 === c), shape.slice(0, 2));
  const both = resize(image, 10, 4);
  assert.deepEqual(both.shape, [10, 4, 2]);
  for (const c of [0, 1]) assert.deepEqual(channel(both, c), resize(channel(image, c), 10, 4));
  // Wider by lines, lower by means: a ramp stays a ramp either way.
  const ramp = resize(planeOf(12, 6, (x, y) => x + 10 * y), 4, 12);
  const inside = planeOf(
    4,
    12,
    (x, y) => Math.min(5, Math.max(0, (x + 0.5) / 2 - 0.5)) + 30 * y + 10,
  );
  assertClose(ramp.data, inside.data, 1e-5);
});

Deno.test("resize() keeps NaN to the pixels that it has a share in, and refuses clips", () => {
  const holed = resize(planeOf(8, 8, (x, y) => x === 5 && y === 2 ? NaN : 1), 4, 4);
  assert.deepEqual([...holed.data.keys()].filter((i) => Number.isNaN(holed.data[i])), [4 + 2]);
  const clip = volume(new Float32Array(16), [2, 2, 2, 2]);
  assert.throws(() => resize(clip, 1, 1), /Cannot resize \[2, 2, 2, 2\]/);
  assert.throws(() => resize(volume(new Float32Array(0), [0, 3]), 1, 1), RangeError);
  assert.throws(() => resize(planeOf(2, 2, () => 0), 1.5, 1), /to \[1.5, 1\]/);
});
