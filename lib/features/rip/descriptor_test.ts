import assert from "node:assert/strict";
import { rng } from "lib/core/rng.ts";
import { volume } from "lib/core/volume.ts";
import { blockLength, ripDescriptor } from "./descriptor.ts";
import { clipParts } from "./motion.ts";
import { projectBlocks } from "./projections.ts";

const options = {
  motion: "sparse",
  sparseness: 1,
  blocks: 2,
  mask: 5,
  radius: 1,
  radiusT: 1,
} as const;

/** A still texture with a spot that lights up in a few frames. */
function spot(): { readonly clip: ReturnType<typeof volume>; readonly still: Float32Array } {
  const [frames, side] = [10, 24];
  const stream = rng(2);
  const still = Float32Array.from({ length: side * side }, () => stream.next());
  const data = Float32Array.from({ length: frames * side * side }, (_, i) => {
    const [t, y, x] = [Math.floor(i / 576), Math.floor(i / side) % side, i % side];
    const lit = [4, 5].includes(t) && Math.hypot(x - 6, y - 18) < 2;
    return still[i % 576]! + (lit ? 0.4 : 0);
  });
  return { clip: volume(data, [frames, side, side]), still };
}

Deno.test("clipParts() finds what moves where it moves, and the rest in common", () => {
  const { clip, still } = spot();
  const { common, motion } = clipParts(clip, options);
  motion.data.forEach((value, i) => {
    const moved = Math.abs(clip.data[i]! - still[i % 576]!) > 0.1;
    assert.ok(Math.abs(value - (moved ? 0.4 : 0)) < 1e-4, `${i}: ${value}`);
    assert.ok(Math.abs(common.data[i]! - still[i % 576]!) < 1e-4);
  });
  const plain = clipParts(clip, { ...options, motion: "difference" });
  assert.ok(
    plain.motion.data.every((v, i) => Math.abs(v - clip.data[i]! + still[i % 576]!) < 1e-6),
  );
  assert.throws(() => clipParts(volume(clip.data, [240, 24]), options), RangeError);
});

Deno.test("projectBlocks() gives the means worked out by hand, block by block", () => {
  // Two frames of 2×4 pixels.
  const clip = volume(Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8, 10, 20, 30, 40, 50, 60, 70, 80), [
    2,
    2,
    4,
  ]);
  const [whole] = projectBlocks(clip, 1);
  assert.deepEqual([...whole!.rows.values], [2.5, 6.5, 25, 65]);
  assert.deepEqual([...whole!.columns.values], [3, 4, 5, 6, 30, 40, 50, 60]);
  const blocks = projectBlocks(clip, 2);
  assert.deepEqual(blocks.map(({ rows }) => [...rows.values]), [
    [1.5, 15],
    [3.5, 35],
    [5.5, 55],
    [7.5, 75],
  ]);
  assert.deepEqual([...blocks[3]!.columns.values], [7, 8, 70, 80]);
  assert.throws(() => projectBlocks(clip, 3), RangeError);
});

Deno.test("ripDescriptor() has four histograms a block, and only moving blocks are not flat", () => {
  const { clip } = spot();
  const descriptor = ripDescriptor(clip, options);
  const length = blockLength(options);
  assert.equal(length, 2 * (16 + 59));
  assert.equal(descriptor.length, 4 * length);
  for (let block = 0; block < 4; block++) {
    const parts = [[0, 16], [16, 32], [32, 91], [91, 150]] as const;
    for (const [start, end] of parts) {
      const part = descriptor.subarray(block * length + start, block * length + end);
      assert.ok(Math.abs(part.reduce((a, b) => a + b) - 1) < 1e-6);
      // Where nothing moves, no neighbour is less: one bin has all. The spot is lower left.
      assert.equal(part.includes(1), block !== 2, `${block}`);
    }
  }
});

Deno.test("ripDescriptor() does not depend on what was described before, nor on brightness", () => {
  const { clip } = spot();
  const first = ripDescriptor(clip, options);
  ripDescriptor(volume(clip.data.slice(0, 4 * 576), [4, 24, 24]), options);
  assert.deepEqual(ripDescriptor(clip, options), first);
  const half = volume(clip.data.map((value) => value / 2), clip.shape);
  assert.deepEqual(ripDescriptor(half, options), first);
});
