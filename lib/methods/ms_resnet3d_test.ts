import assert from "node:assert/strict";
import { volume } from "lib/core/volume.ts";
import { unitClip } from "./ms_resnet3d.ts";

Deno.test("unitClip() brings flow to a root mean square of 1 and keeps directions and zeros", () => {
  const clip = volume(Float32Array.of(0, 0, 3, 4, 0, 0, -3, -4), [2, 1, 2, 2]);
  const { data, shape } = unitClip(clip);
  assert.deepEqual(shape, clip.shape);
  // The squares sum to 50, over 8 values.
  const expected = [0, 0, 3, 4, 0, 0, -3, -4].map((value) => value / 2.5);
  expected.forEach((value, i) => assert.ok(Math.abs(data[i]! - value) < 1e-6));
});

Deno.test("unitClip() takes the mean out of grey frames", () => {
  const { data } = unitClip(volume(Float32Array.of(0.2, 0.4, 0.2, 0.4), [2, 1, 2, 1]));
  [-1, 1, -1, 1].forEach((value, i) => assert.ok(Math.abs(data[i]! - value) < 1e-5));
});

Deno.test("unitClip() leaves a clip in which nothing happens at zero", () => {
  assert.deepEqual([...unitClip(volume(new Float32Array(4), [2, 1, 1, 2])).data], [0, 0, 0, 0]);
  assert.deepEqual([...unitClip(volume(new Float32Array(2).fill(0.5), [2, 1, 1, 1])).data], [0, 0]);
});
