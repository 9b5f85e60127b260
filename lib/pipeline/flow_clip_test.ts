import assert from "node:assert/strict";
import { volume } from "lib/core/volume.ts";
import { evenClip } from "./flow_clip.ts";

Deno.test("evenClip() grows from nothing to the map, whose median is at rest", () => {
  // u is 0.5, 0.5, 1 and v 0, 1, 0: medians 0.5 and 0.
  const map = volume(Float32Array.from([0.5, 0, 9, 0.5, 1, 9, 1, 0, 9]), [1, 3, 3]);
  const clip = evenClip(map, 4);
  assert.deepEqual(clip.shape, [4, 1, 3, 2]);
  const frame = (t: number) => [...clip.data.subarray(6 * t, 6 * t + 6)];
  assert.deepEqual(frame(0), [0, 0, 0, 0.25, 0.125, 0]);
  assert.deepEqual(frame(3), [0, 0, 0, 1, 0.5, 0]);
});
