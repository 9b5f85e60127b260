import assert from "node:assert/strict";
import { volume } from "lib/core/volume.ts";
import {
  type KeyFrameOptions,
  keyFrames,
  pick,
  selectFrames,
  slice,
  sliceChanges,
  sliceRows,
  uniformFrames,
} from "./key_frames.ts";
import { clipOf, golden, planeOf } from "./stages_testing.ts";
import { tim } from "./tim.ts";

/** A clip whose brightness takes these levels. */
const clipOfLevels = (levels: readonly number[]) =>
  clipOf(levels.map((level) => planeOf(4, 5, () => level)));

Deno.test("slice() stacks one row of every frame", () => {
  const clip = clipOf([0, 1].map((t) => planeOf(3, 4, (x, y) => 100 * t + 10 * y + x)));
  assert.deepEqual(slice(clip, 2).shape, [2, 4]);
  assert.deepEqual([...slice(clip, 2).data], [20, 21, 22, 23, 120, 121, 122, 123]);
  assert.throws(() => slice(clip, 3), /Frames of 3 rows have no row 3/);
  assert.throws(() => slice(planeOf(2, 2, () => 0), 0), /slices of a clip of \[2, 2\]/);
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

Deno.test("keyFrames() are those that NumPy finds", () => {
  const { shape, clip, results } = golden.keyFrames;
  for (const { rows, count, chosen } of results) {
    assert.deepEqual(keyFrames(volume(Float32Array.from(clip), shape), { rows, count }), chosen);
  }
});

Deno.test("keyFrames() sees its rows only", () => {
  // The first row moves early, the last one late.
  const clip = clipOf(
    Array.from(
      { length: 11 },
      (_, t) => planeOf(3, 4, (_, y) => y === 0 ? Math.min(t, 3) : y === 2 ? Math.max(t, 7) : 0),
    ),
  );
  assert.deepEqual(keyFrames(clip, { rows: [0], count: 4 }), [0, 1, 2, 10]);
  assert.deepEqual(keyFrames(clip, { rows: [2], count: 4 }), [0, 8, 9, 10]);
  assert.deepEqual(keyFrames(clip, { rows: [0, 2], count: 4 }), [0, 2, 8, 10]);
  assert.deepEqual(keyFrames(clip, { rows: [0], count: 5, keep: [6] }), [0, 1, 2, 6, 10]);
});

Deno.test("keyFrames() names what is wrong", () => {
  const clip = clipOfLevels([1, 2, 3]);
  const run = (options: KeyFrameOptions) => () => keyFrames(clip, options);
  assert.throws(run({ rows: [], count: 2 }), /There are no rows/);
  assert.throws(run({ rows: [4], count: 2 }), /Frames of 4 rows have no row 4/);
  assert.throws(run({ rows: [1], count: 1 }), /Cannot choose 1 of 3 frames/);
  assert.throws(run({ rows: [1], count: 2.5 }), /Cannot choose 2.5 of 3 frames/);
  assert.throws(run({ rows: [1], count: 2, keep: [3] }), /Cannot keep frame 3 of 3/);
  assert.throws(run({ rows: [1], count: 2, keep: [1] }), /Cannot keep 3 of 2 frames/);
  const holed = clipOfLevels([1, NaN, 3]);
  assert.throws(() => keyFrames(holed, { rows: [1], count: 2 }), /Row 1 of frame 1 is not finite/);
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
  assert.deepEqual(more.clip, tim(clip, 19));
});

Deno.test("selectFrames() gives the frames at the places it names, by each rule", () => {
  const levels = [0, 0, 0, 0, 1, 2, 3, 4, 4, 4];
  const clip = clipOfLevels(levels);
  for (const rule of ["slices", "uniform"] as const) {
    const chosen = selectFrames(clip, { rule, rows: [1], count: 4, keep: [5, 9] });
    assert.equal(chosen.rule, rule);
    assert.ok(chosen.indices.includes(5));
    assert.deepEqual(chosen.clip, clipOfLevels(chosen.indices.map((i) => levels[i]!)));
  }
  const uniform = { rule: "uniform", rows: [], count: 4 } as const;
  assert.deepEqual(selectFrames(clip, uniform).indices, [0, 3, 6, 9]);
});

Deno.test("selectFrames() of one frame repeats it, and of none or to one refuses", () => {
  const options = { rule: "slices", rows: [1], count: 3 } as const;
  const { clip, rule, indices } = selectFrames(clipOfLevels([0.5]), options);
  assert.deepEqual([rule, indices], ["interpolated", [0, 0, 0]]);
  assert.deepEqual(clip, clipOfLevels([0.5, 0.5, 0.5]));
  const empty = volume(new Float32Array(0), [0, 4, 5]);
  assert.throws(() => selectFrames(empty, options), /an empty clip/);
  assert.throws(() => selectFrames(clip, { ...options, count: 1 }), /Cannot choose 1 frames/);
});

Deno.test("pick() takes frames in any order, and names one that is not there", () => {
  const clip = clipOfLevels([1, 2, 3]);
  assert.deepEqual(pick(clip, [2, 0, 0]), clipOfLevels([3, 1, 1]));
  assert.throws(() => pick(clip, [3]), /The clip has 3 frames and no frame 3/);
});

Deno.test("sliceRows() go through brows, eyes, nose and mouth, inside the picture", () => {
  const points = new Float32Array(136);
  for (let i = 0; i < 68; i++) {
    points[2 * i + 1] = i < 27 ? 30 : i < 31 ? 45 : i < 36 ? 60 : i < 48 ? 40 : 81;
  }
  assert.deepEqual(sliceRows(points, 100), [30, 40, 60, 81]);
  assert.deepEqual(sliceRows(points, 70), [30, 40, 60, 69]);
  assert.deepEqual(sliceRows(points, 50), [30, 40, 49]);
  assert.throws(() => sliceRows(points.map(() => NaN), 70), /Expected 68 finite landmarks/);
  assert.throws(() => sliceRows([1, 2], 70), /Expected 68 finite landmarks, got 1/);
});
