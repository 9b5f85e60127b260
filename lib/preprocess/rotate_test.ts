import assert from "node:assert/strict";
import { volume } from "lib/core/volume.ts";
import { rotateFrames } from "./rotate.ts";

const image = (values: readonly number[], height: number, width: number) =>
  volume(new Float32Array(values), [1, height, width, 1]);

Deno.test("rotateFrames() by a quarter turn puts the right column on top", () => {
  const turned = rotateFrames(image([1, 2, 3, 4, 5, 6, 7, 8, 9], 3, 3), 90);
  assert.deepEqual([...turned.data], [3, 6, 9, 2, 5, 8, 1, 4, 7]);
  assert.deepEqual(turned.shape, [1, 3, 3, 1]);
});

Deno.test("rotateFrames() leaves an image as it is by nothing and by whole turns", () => {
  const given = image([1, 2, 3, 4, 5, 6], 2, 3);
  for (const degrees of [0, 360]) {
    assert.deepEqual([...rotateFrames(given, degrees).data], [...given.data]);
  }
});

Deno.test("rotateFrames() fills what comes from outside with 0, alike in all frames and channels", () => {
  const side = 21;
  const ones = volume(new Float32Array(2 * side * side * 2).fill(1), [2, side, side, 2]);
  const { data } = rotateFrames(ones, 8);
  const at = (frame: number, y: number, x: number, c: number) =>
    data[((frame * side + y) * side + x) * 2 + c];
  for (const [frame, c] of [[0, 0], [0, 1], [1, 0], [1, 1]] as const) {
    assert.equal(at(frame, 0, 0, c), 0);
    assert.equal(at(frame, 10, 10, c), 1);
  }
  const lost = data.filter((value) => value === 0).length / data.length;
  assert.ok(lost > 0.02 && lost < 0.12, `${lost} of the image is lost`);
});
