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
import { type Codebook, patternsIn } from "./codebook.ts";
import {
  loadClip,
  makePatterns,
  patternBits,
  patternSets,
  reachOf,
  type Rings,
} from "./patterns.ts";

/** The patterns that were found in a clip, ascending, and how often. */
export interface PatternCounts {
  readonly patterns: Uint16Array;
  readonly counts: Uint32Array;
}

/**
 * How often each pattern is found in a clip, for each of the nine sets.
 *
 * @param clip `[frames, height, width]`
 * @throws RangeError when the clip is not finite or too small for the rings
 */
export function countPatterns(clip: Volume, rings: Rings): PatternCounts[] {
  const mapping = mappingOf("full", patternBits);
  const shape = codedShape(clip, reachOf(rings));
  const axes = axesOf(shape, { across: 1, down: 1, along: 1, overlap: 0 });
  const loaded = loadClip(clip, rings, mapping.bins);
  return patternSets.map((set) => {
    makePatterns(set, loaded);
    const all = runCount(shape, { memory: loaded.memory, mapping, axes });
    const patterns = patternsIn(all);
    return { patterns, counts: Uint32Array.from(patterns, (pattern) => all[pattern]!) };
  });
}

/**
 * The counts of one set over several clips.
 *
 * @param clips what {@linkcode countPatterns} found in each
 * @param set its number in {@linkcode patternSets}
 * @returns one number for each of the 65536 patterns
 */
export function totalCounts(
  clips: readonly (readonly PatternCounts[])[],
  set: number,
): Float64Array {
  const totals = new Float64Array(2 ** patternBits);
  for (const clip of clips) {
    const { patterns, counts } = clip[set]!;
    for (let i = 0; i < patterns.length; i++) totals[patterns[i]!]! += counts[i]!;
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
