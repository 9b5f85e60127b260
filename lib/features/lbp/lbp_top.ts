/**
 * LBP-TOP: histograms of local binary patterns on three orthogonal planes (G. Zhao, M. Pietikäinen,
 * "Dynamic texture recognition using local binary patterns with an application to facial expressions",
 * IEEE TPAMI 29(6):915-928, 2007).
 *
 * The loops are WebAssembly SIMD (`kernels/lbp.as.ts`), computed alike on every processor;
 * `lbp_top_plain.ts` is the same in plain TypeScript.
 *
 * @module
 */
import type { Volume } from "lib/core/volume.ts";
import { axesOf, blockCount, type Grid } from "./blocks.ts";
import { addBlocks } from "./block_sums.ts";
import { type CodeSet, mappingOf } from "./mappings.ts";
import * as kernel from "./kernels/lbp.wasm";
import {
  codedPlace,
  type Codes,
  layOut,
  type Memory,
  readCodes,
  runCount,
  writeClip,
  writeSamples,
} from "./memory.ts";
import { codedShape, type Neighbourhood, type Plane, planes, samplesOf } from "./planes.ts";

export type { Codes } from "./memory.ts";

/** What {@linkcode lbpTop} counts, and where. */
export interface LbpTopOptions extends Neighbourhood {
  readonly codes: CodeSet;
  readonly grid: Grid;
}

/**
 * The code of each voxel in one plane: bit p is set where neighbour p, sampled bilinearly, is not darker
 * than the centre. The bits are those of {@linkcode samplesOf}.
 *
 * In the planes xy and xt, equal radii and a slice as image (rows y or t, columns x), these are the codes
 * of scikit-image's `local_binary_pattern` with the method `default`; in yt they are those of the slice
 * whose columns are y from the bottom up. What differs:
 * - Voxels at the border, whose samples scikit-image takes to be 0, have no code here.
 * - Here a sample is the weighted sum of the differences to the centre, there the difference of the
 *   weighted sum. So a flat neighbourhood has all bits set here; there rounding decides, bit by bit.
 * - Single precision here, double there. It matters where a sample equals the centre to seven digits.
 *
 * @param clip `[frames, height, width]`
 * @throws RangeError when the clip has another shape, is too small for the radii or not finite, or an
 * option is out of range
 */
export function lbpCodes(clip: Volume, plane: Plane, around: Neighbourhood): Codes {
  const shape = codedShape(clip, around);
  const memory = layOut(clip, around, { counts: 0 });
  writeClip(clip, memory.clip);
  runCodes(clip, plane, { memory, around });
  return readCodes(shape, memory);
}

/** The length of the descriptor. */
export function lbpTopLength({ neighbours, codes, grid }: LbpTopOptions): number {
  const bins = planes.map((plane) => mappingOf(codes, neighbours[plane]).bins);
  return blockCount(grid) * bins.reduce((a, b) => a + b);
}

/**
 * The descriptor of a clip: for each block (times, then rows, then columns of the grid) and each plane
 * (xy, xt, yt) the histogram of codes, divided by its sum. The grid divides the voxels that have codes.
 *
 * @param clip `[frames, height, width]`, any unit: only order matters, and ratios of differences where
 * neighbours lie between voxels
 * @returns {@linkcode lbpTopLength} values
 * @throws RangeError as {@linkcode lbpCodes}, or when a block would be empty
 */
export function lbpTop(clip: Volume, options: LbpTopOptions): Float32Array {
  const shape = codedShape(clip, options);
  const axes = axesOf(shape, options.grid);
  const mappings = planes.map((plane) => mappingOf(options.codes, options.neighbours[plane]));
  const cells = axes.x.cells * axes.y.cells * axes.t.cells;
  const most = Math.max(...mappings.map(({ bins }) => bins));
  const memory = layOut(clip, options, { counts: cells * most });
  writeClip(clip, memory.clip);
  const result = new Float32Array(lbpTopLength(options));
  const step = mappings.reduce((sum, { bins }) => sum + bins, 0);
  let start = 0;
  planes.forEach((plane, i) => {
    const { bins } = mappings[i]!;
    runCodes(clip, plane, { memory, around: options });
    const counts = runCount(shape, { memory, mapping: mappings[i]!, axes });
    addBlocks(counts, { bins, axes, result, start, step });
    start += bins;
  });
  return result;
}

interface CodeRun {
  readonly memory: Memory;
  readonly around: Neighbourhood;
}

/** Makes the codes of the clip in memory. */
function runCodes(clip: Volume, plane: Plane, { memory, around }: CodeRun): void {
  const samples = samplesOf(plane, around);
  writeSamples(samples, clip, { at: memory.samples });
  const place = codedPlace(clip, around, memory.clip);
  kernel.codes(...place, memory.samples, samples.length, memory.codes, memory.pitch);
}
