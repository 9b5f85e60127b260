/**
 * Counting the patterns of STCLQP: all of a clip, to learn codebooks, and block by block, as words.
 *
 * @module
 */
import type { Volume } from "lib/core/volume.ts";
import { addBlocks } from "lib/features/lbp/block_sums.ts";
import { axesOf, blockCount, type Grid } from "lib/features/lbp/blocks.ts";
import { mappingOf } from "lib/features/lbp/mappings.ts";
import { runCount } from "lib/features/lbp/memory.ts";
import { codedShape } from "lib/features/lbp/planes.ts";
import type { Codebook } from "./codebook.ts";
import {
  loadClip,
  makePatterns,
  patternBits,
  patternSets,
  reachOf,
  type Rings,
} from "./patterns.ts";

/**
 * How often each pattern is found in clips, for each of the nine sets.
 *
 * @param clips each `[frames, height, width]`
 * @returns one array of 65536 counts a set
 */
export function countPatterns(clips: readonly Volume[], rings: Rings): Float64Array[] {
  const mapping = mappingOf("full", patternBits);
  const totals = patternSets.map(() => new Float64Array(mapping.bins));
  for (const clip of clips) {
    const shape = codedShape(clip, reachOf(rings));
    const axes = axesOf(shape, { across: 1, down: 1, along: 1, overlap: 0 });
    const loaded = loadClip(clip, rings, mapping.bins);
    patternSets.forEach((set, i) => {
      makePatterns(set, loaded);
      const counts = runCount(shape, { memory: loaded.memory, mapping, axes });
      const sums = totals[i]!;
      for (let code = 0; code < counts.length; code++) sums[code]! += counts[code]!;
    });
  }
  return totals;
}

/** What {@linkcode wordHistograms} counts, and where. */
export interface WordOptions {
  readonly rings: Rings;
  /** One a set. */
  readonly codebooks: readonly Codebook[];
  readonly grid: Grid;
}

/**
 * For each set the histograms of words, block by block, each divided by its sum.
 *
 * @param clip `[frames, height, width]`
 * @returns one array a set: `[block][word]`, blocks by times, then rows, then columns
 * @throws RangeError when the clip is too small, not finite, or a block would be empty
 */
export function wordHistograms(
  clip: Volume,
  { rings, codebooks, grid }: WordOptions,
): Float32Array[] {
  const shape = codedShape(clip, reachOf(rings));
  const axes = axesOf(shape, grid);
  const cells = axes.x.cells * axes.y.cells * axes.t.cells;
  const most = Math.max(...codebooks.map(({ bins }) => bins));
  const loaded = loadClip(clip, rings, cells * most);
  return patternSets.map((set, i) => {
    const mapping = codebooks[i]!;
    makePatterns(set, loaded);
    const counts = runCount(shape, { memory: loaded.memory, mapping, axes });
    const { bins } = mapping;
    const result = new Float32Array(blockCount(grid) * bins);
    addBlocks(counts, { bins, axes, result, start: 0, step: bins });
    return result;
  });
}
