import assert from "node:assert/strict";
import { volume } from "lib/core/volume.ts";
import { loadClipSet } from "lib/data/mod.ts";
import { cropClip, frameOf, sideBySide } from "./clip_parts.ts";

const clip = (values: readonly number[], shape: readonly number[]) =>
  volume(Float32Array.from(values), shape);

Deno.test("sideBySide() lays clips next to each other, frame by frame", () => {
  const a = clip([1, 2, 3, 4, 5, 6, 7, 8], [2, 2, 2]);
  const b = clip([10, 20, 30, 40, 50, 60, 70, 80], [2, 2, 2]);
  const both = sideBySide([a, b]);
  assert.deepEqual(both.shape, [2, 2, 4]);
  assert.deepEqual([...both.data], [1, 2, 10, 20, 3, 4, 30, 40, 5, 6, 50, 60, 7, 8, 70, 80]);
  assert.throws(() => sideBySide([a, clip([1, 2], [1, 1, 2])]), /\[1, 1, 2\] beside .*\[2, 2, 2\]/);
});

Deno.test("frameOf() is a frame within what can be shown", () => {
  const two = clip([0.1, 0.2, -1, 2], [2, 1, 2]);
  assert.deepEqual([...frameOf(two, 1).data], [0, 1]);
  assert.deepEqual(frameOf(two, 0).shape, [1, 2]);
  assert.throws(() => frameOf(two, 2), /has 2 frames and no frame 2/);
});

Deno.test("cropClip() cuts every frame of a drawn clip from onset to offset", async () => {
  const set = await loadClipSet("synthetic-casme2");
  const first = set.clips[0]!;
  const { data, shape } = await cropClip(first, 64);
  assert.deepEqual(shape, [first.offset - first.onset + 1, 64, 64]);
  const mean = data.reduce((sum, value) => sum + value, 0) / data.length;
  assert.ok(mean > 0.1 && mean < 0.9, `${mean}`);
});
