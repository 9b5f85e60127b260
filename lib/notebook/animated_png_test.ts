import assert from "node:assert/strict";
import { decode, decodeApng } from "fast-png";
import { volume } from "lib/core/volume.ts";
import { encodeAnimatedPng } from "./animated_png.ts";

const clip = volume(Float32Array.from([0, 1, 0.5, -2, 3, 0.2, 1, 1, 0, 0.25, 0.5, 0.75]), [
  2,
  2,
  3,
]);

Deno.test("encodeAnimatedPng() holds every frame, clipped to 0..255", () => {
  const animation = decodeApng(encodeAnimatedPng(clip, 12.5), { checkCrc: true });
  assert.deepEqual(
    [animation.width, animation.height, animation.channels, animation.numberOfFrames],
    [3, 2, 1, 2],
  );
  assert.equal(animation.numberOfPlays, 0);
  assert.deepEqual(animation.frames.map(({ data }) => [...data]), [
    [0, 255, 128, 0, 255, 51],
    [255, 255, 0, 64, 128, 191],
  ]);
});

Deno.test("encodeAnimatedPng() shows each frame for 1 / fps seconds", () => {
  for (const fps of [0.01, 0.5, 1, 12, 23.98, 200, 1000]) {
    const { frames } = decodeApng(encodeAnimatedPng(clip, fps));
    for (const { delayNumber, delayDenominator } of frames) {
      assert.ok(Math.abs(delayDenominator / delayNumber - fps) <= 0.011, `${fps}`);
    }
  }
});

Deno.test("encodeAnimatedPng() is a picture of the first frame to other programs", () => {
  const still = decode(encodeAnimatedPng(clip, 25), { checkCrc: true });
  assert.deepEqual([...still.data], [0, 255, 128, 0, 255, 51]);
});

Deno.test("encodeAnimatedPng() refuses what it cannot show", () => {
  assert.throws(() => encodeAnimatedPng(volume(new Float32Array(), [0, 2, 2]), 25), /\[0, 2, 2\]/);
  assert.throws(() => encodeAnimatedPng(volume(new Float32Array(4), [2, 2]), 25), /\[2, 2\]/);
  for (const fps of [0, -1, NaN, Infinity]) {
    assert.throws(() => encodeAnimatedPng(clip, fps), /0\.01 to 1000 frames a second/);
  }
});
