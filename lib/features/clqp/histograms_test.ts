import assert from "node:assert/strict";
import { rng } from "lib/core/rng.ts";
import { type Volume, volume } from "lib/core/volume.ts";
import { learnCodebook } from "./codebook.ts";
import { countPatterns, totalCounts, wordHistograms } from "./histograms.ts";
import { patternSets, patternsOf, type Rings } from "./patterns.ts";

const rings: Rings = { inner: { x: 1, y: 1, t: 1 }, outer: { x: 2, y: 2, t: 2 } };

function noise(seed: number): Volume {
  const stream = rng(seed, "noise");
  return volume(Float32Array.from({ length: 6 * 18 * 17 }, () => stream.next()), [6, 18, 17]);
}

Deno.test("countPatterns() and totalCounts() count the patterns of all clips, set by set", () => {
  const clips = [noise(1), noise(2)];
  const found = clips.map((clip) => countPatterns(clip, rings));
  patternSets.forEach((set, i) => {
    const expected = new Float64Array(65536);
    for (const clip of clips) {
      patternsOf(clip, set, rings).data.forEach((code) => expected[code]!++);
    }
    assert.deepEqual(totalCounts(found, i), expected);
    assert.ok(found[0]![i]!.counts.every((count) => count > 0));
  });
});

Deno.test("wordHistograms() has the shares of the words in each block", () => {
  const clip = noise(3);
  const found = [countPatterns(clip, rings)];
  const codebooks = patternSets.map((_, i) =>
    learnCodebook(totalCounts(found, i), { words: 5 + i, rounds: 3, rng: rng(1, i) })
  );
  const grid = { across: 2, down: 1, along: 1, overlap: 0 };
  const histograms = wordHistograms(clip, { rings, codebooks, grid });
  patternSets.forEach((set, i) => {
    const { table, bins } = codebooks[i]!;
    const { data, shape: [, , width] } = patternsOf(clip, set, rings);
    const expected = new Float32Array(2 * bins);
    // 13 columns: blocks of 7 and 6.
    data.forEach((code, at) => expected[(at % width < 7 ? 0 : bins) + table[code]!]!++);
    const sizes = [7, 6].map((columns) => data.length / width * columns);
    assert.deepEqual(histograms[i], expected.map((n, j) => n / sizes[j < bins ? 0 : 1]!));
  });
});
