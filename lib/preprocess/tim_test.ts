import assert from "node:assert/strict";
import { volume } from "lib/core/volume.ts";
import { assertClose, clipOf, golden, planeOf } from "./stages_testing.ts";
import { tim } from "./tim.ts";

Deno.test("tim() gives what the published algorithm gives by singular value decomposition", () => {
  for (const { shape, clip, results } of golden.tim) {
    for (const { frames, result } of results) {
      assertClose(tim(volume(Float32Array.from(clip), shape), frames).data, result, 1e-6);
    }
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

Deno.test("tim() reads a slow motion off smoothly", () => {
  // Half a cosine is one of the curve's own coordinates: it is met exactly, between frames too.
  const level = (t: number) => 0.5 + 0.4 * Math.cos(Math.PI * t);
  const clip = clipOf([...Array(9).keys()].map((i) => planeOf(1, 1, () => level((i + 0.5) / 9))));
  const expected = Array.from({ length: 33 }, (_, i) => level((i / 4 + 0.5) / 9));
  assertClose(tim(clip, 33).data, expected, 1e-6);
});

Deno.test("tim() keeps NaN to its pixel", () => {
  const clip = clipOf([0, 1, 2].map((t) => planeOf(1, 3, (x) => t === 1 && x === 2 ? NaN : x)));
  const { data } = tim(clip, 4);
  assertClose(data.slice(0, 3), [0, 1, 2], 0);
  assertClose(data.slice(3, 5), [0, 1], 1e-6);
  assert.ok(Number.isNaN(data[5]) && Number.isNaN(data[8]));
});

Deno.test("tim() mixes: it is linear, and constant pixels stay", () => {
  const [a, b] = [1, 2].map((seed) =>
    clipOf([...Array(6).keys()].map((i) => planeOf(2, 3, (x, y) => Math.sin(seed * i + x + 3 * y))))
  );
  const sum = volume(a!.data.map((value, i) => 2 * value - b!.data[i]! + 5), a!.shape);
  const [fromA, fromB] = [tim(a!, 17).data, tim(b!, 17).data];
  assertClose(tim(sum, 17).data, fromA.map((value, i) => 2 * value - fromB[i]! + 5), 1e-5);
});

Deno.test("tim() serves clips on which a decomposition fails", () => {
  const still = clipOf(Array(5).fill(planeOf(2, 2, () => 0.25)));
  assertClose(tim(still, 8).data, new Float32Array(32).fill(0.25), 1e-6);
  const pairs = clipOf([0, 0, 1, 1].map((level) => planeOf(1, 2, () => level)));
  assert.deepEqual([...tim(pairs, 4).data], [0, 0, 0, 0, 1, 1, 1, 1]);
  assert.ok(tim(pairs, 50).data.every((value) => value > -0.2 && value < 1.2));
  const one = clipOf([planeOf(2, 2, (x) => x)]);
  assert.deepEqual(tim(one, 3), clipOf(Array(3).fill(planeOf(2, 2, (x) => x))));
  assert.throws(() => tim(volume(new Float32Array(0), [0, 2, 2]), 3), /an empty clip/);
  assert.throws(() => tim(one, 0), /Cannot interpolate to 0 frames/);
  assert.throws(() => tim(one, 2.5), /Cannot interpolate to 2.5 frames/);
  assert.deepEqual(tim(pairs, 1).data, pairs.data.slice(0, 2));
});
