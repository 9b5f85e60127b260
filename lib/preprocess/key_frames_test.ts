import assert from "node:assert/strict";
import {
  keyFrames,
  selectFrames,
  slice,
  sliceChanges,
  sliceRows,
  uniformFrames,
} from "./key_frames.ts";
import { clipOf, planeOf } from "./stages_testing.ts";

/** A clip whose brightness takes these levels. */
const clipOfLevels = (levels: readonly number[]) =>
  clipOf(levels.map((level) => planeOf(4, 5, () => level)));

Deno.test("slice() stacks one row of every frame", () => {
  const clip = clipOf([0, 1].map((t) => planeOf(3, 4, (x, y) => 100 * t + 10 * y + x)));
  assert.deepEqual(slice(clip, 2).shape, [2, 4]);
  assert.deepEqual([...slice(clip, 2).data], [20, 21, 22, 23, 120, 121, 122, 123]);
  assert.throws(() => slice(clip, 3), /Frames of 3 rows have no row 3/);
});

Deno.test("sliceChanges() is the mean absolute change of the rows' pixels", () => {
  const clip = clipOf([planeOf(2, 2, () => 0), planeOf(2, 2, (x, y) => y === 0 ? 1 : 4 * x)]);
  assert.deepEqual(sliceChanges(clip, [0]), [0, 1]);
  assert.deepEqual(sliceChanges(clip, [0, 1]), [0, 1.5]);
});

Deno.test("keyFrames() goes by equal amounts of change, not of time", () => {
  // Still, then fast, then still: 0 0 0 0 1 2 3 4 4 4.
  const clip = clipOfLevels([0, 0, 0, 0, 1, 2, 3, 4, 4, 4]);
  assert.deepEqual(keyFrames(clip, { rows: [1], count: 5 }), [0, 4, 5, 6, 9]);
  assert.deepEqual(keyFrames(clip, { rows: [1], count: 2 }), [0, 9]);
  assert.deepEqual(keyFrames(clip, { rows: [1], count: 10 }), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

Deno.test("keyFrames() of any clip are different, in order, and hold both ends", () => {
  for (let count = 2; count <= 12; count++) {
    const levels = Array.from({ length: 12 }, (_, i) => ((i * 7919) % 13) ** 2);
    const chosen = keyFrames(clipOfLevels(levels), { rows: [0, 3], count: count });
    assert.equal(new Set(chosen).size, count);
    assert.deepEqual(chosen, chosen.toSorted((a, b) => a - b));
    assert.deepEqual([chosen[0], chosen.at(-1)], [0, 11]);
  }
});

Deno.test("keyFrames() of a clip in which nothing changes are at equal distances", () => {
  assert.deepEqual(keyFrames(clipOfLevels(Array(9).fill(0.5)), { rows: [1], count: 5 }), [
    0,
    2,
    4,
    6,
    8,
  ]);
  assert.deepEqual(uniformFrames(10, 4), [0, 3, 6, 9]);
  assert.throws(
    () => keyFrames(clipOfLevels([1, 2]), { rows: [1], count: 3 }),
    /Cannot choose 3 of 2 frames/,
  );
});

Deno.test("selectFrames() keeps the apex, and interpolates when frames are too few", () => {
  const clip = clipOfLevels([0, 0, 0, 0, 1, 2, 3, 4, 4, 4]);
  const options = { rule: "slices", rows: [1], count: 5 } as const;
  assert.deepEqual(selectFrames(clip, options).indices, [0, 4, 5, 6, 9]);
  assert.deepEqual(selectFrames(clip, { ...options, keep: 7 }).indices, [0, 4, 6, 7, 9]);
  assert.deepEqual(selectFrames(clip, { ...options, keep: 0 }).indices, [0, 4, 5, 6, 9]);
  const more = selectFrames(clip, { ...options, count: 19 });
  assert.equal(more.rule, "interpolated");
  assert.deepEqual(more.clip.shape, [19, 4, 5]);
  assert.deepEqual(more.indices.slice(0, 3), [0, 0.5, 1]);
});

Deno.test("sliceRows() go through brows, eyes, nose and mouth, inside the picture", () => {
  const points = new Float32Array(136);
  for (let i = 0; i < 68; i++) points[2 * i + 1] = i < 27 ? 30 : i < 36 ? 60 : i < 48 ? 40 : 81;
  assert.deepEqual(sliceRows(points, 100), [30, 40, 60, 81]);
  assert.deepEqual(sliceRows(points, 70), [30, 40, 60, 69]);
});
