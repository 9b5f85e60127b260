import assert from "node:assert/strict";
import { volume } from "lib/core/volume.ts";
import { matchClip, matchGain } from "./gain.ts";
import { assertClose, clipOf, planeOf } from "./stages_testing.ts";

const image = planeOf(6, 7, (x, y) => 0.3 + 0.02 * x + 0.03 * y);
const brighter = planeOf(6, 7, (x, y) => 0.05 + 1.2 * (0.3 + 0.02 * x + 0.03 * y));

Deno.test("matchGain() undoes a gain and an offset", () => {
  const matched = matchGain(brighter, image);
  assertClose(matched.image.data, image.data, 1e-6);
  assertClose([matched.gain, matched.offset], [1 / 1.2, -0.05 / 1.2], 1e-5);
});

Deno.test("matchGain() gives a constant image the mean only", () => {
  const grey = planeOf(6, 7, () => 0.5);
  const mean = 0.3 + 0.02 * 3 + 0.03 * 2.5;
  assertClose(matchGain(grey, image).image.data, planeOf(6, 7, () => mean).data, 1e-6);
  assertClose(matchGain(image, grey).image.data, image.data.map((x) => x - mean + 0.5), 1e-6);
});

Deno.test("matchClip() leaves the reference alone and matches the others to it", () => {
  const { clip, gains } = matchClip(clipOf([image, brighter, image]), 0);
  assert.deepEqual(clip.data.slice(0, 42), image.data);
  assertClose(clip.data, [...image.data, ...image.data, ...image.data], 1e-6);
  assertClose(gains, [1, 1 / 1.2, 1], 1e-5);
});

Deno.test("matchClip() leaves what moves: it is one gain and one offset a frame", () => {
  const moved = planeOf(6, 7, (x, y) => 0.3 + 0.02 * (6 - x) + 0.03 * y);
  const { clip, gains } = matchClip(clipOf([image, moved]), 0);
  assertClose(clip.data.slice(42), moved.data, 1e-6);
  assertClose(gains, [1, 1], 1e-5);
});

Deno.test("matchClip() of one frame, and of constant frames", () => {
  assert.deepEqual(matchClip(clipOf([image]), 0), { clip: clipOf([image]), gains: [1] });
  const flat = clipOf([0.2, 0.6].map((level) => planeOf(3, 3, () => level)));
  const { clip, gains } = matchClip(flat, 1);
  assertClose(clip.data, new Float32Array(18).fill(0.6), 1e-6);
  assert.deepEqual(gains, [1, 1]);
});

Deno.test("matchGain() and matchClip() name what is wrong", () => {
  const holed = planeOf(2, 2, (x) => x === 0 ? NaN : 1);
  assert.throws(() => matchGain(holed, image), /The image has the value NaN at 0/);
  assert.throws(() => matchGain(image, holed), /The reference has the value NaN at 0/);
  assert.throws(() => matchGain(volume(new Float32Array(0), [0, 0]), image), /The image is empty/);
  assert.throws(() => matchClip(clipOf([image]), 1), /1 frames and no frame 1/);
  assert.throws(
    () => matchClip(clipOf([image, planeOf(6, 7, () => NaN)]), 0),
    /The clip has the value/,
  );
});
