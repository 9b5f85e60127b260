import assert from "node:assert/strict";
import { volume } from "lib/core/volume.ts";
import { assertClose, clipOf, golden, planeOf } from "./stages_testing.ts";
import { tim } from "./tim.ts";

Deno.test("tim() gives what the published algorithm gives by singular value decomposition", () => {
  const clip = volume(Float32Array.from(golden.tim.clip), golden.tim.shape);
  for (const { frames, result } of golden.tim.results) {
    assertClose(tim(clip, frames).data, result, 1e-6);
  }
});

Deno.test("tim() to the same length gives the clip, and its ends stay for every length", () => {
  const clip = clipOf([0.1, 0.5, 0.2, 0.9].map((level) => planeOf(2, 3, (x) => level + x / 30)));
  assert.deepEqual(tim(clip, 4), clip);
  for (const frames of [2, 3, 9, 50]) {
    const made = tim(clip, frames);
    assert.deepEqual(made.shape, [frames, 2, 3]);
    assert.deepEqual(made.data.slice(0, 6), clip.data.slice(0, 6));
    assert.deepEqual(made.data.slice(-6), clip.data.slice(-6));
  }
});

Deno.test("tim() serves clips on which a decomposition fails", () => {
  const still = clipOf(Array(5).fill(planeOf(2, 2, () => 0.25)));
  assertClose(tim(still, 8).data, new Float32Array(32).fill(0.25), 1e-6);
  const one = clipOf([planeOf(2, 2, (x) => x)]);
  assert.deepEqual(tim(one, 3), clipOf(Array(3).fill(planeOf(2, 2, (x) => x))));
  assert.throws(() => tim(volume(new Float32Array(0), [0, 2, 2]), 3), /an empty clip/);
  assert.throws(() => tim(one, 0), /Cannot interpolate to 0 frames/);
});
