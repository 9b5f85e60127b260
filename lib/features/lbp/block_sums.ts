/**
 * Histograms of blocks from those of their cells.
 *
 * @module
 */
import type { Axes } from "./blocks.ts";

/** Where histograms of blocks go. */
export interface BlockSums {
  readonly bins: number;
  readonly axes: Axes;
  readonly result: Float32Array;
  /** Where the first block's histogram goes, and how far on the next one's. */
  readonly start: number;
  readonly step: number;
}

/**
 * Sums the cells of each block, and divides by the number of voxels.
 *
 * @param counts `[t][y][x][bin]` of the cells
 */
export function addBlocks(
  counts: Int32Array,
  { bins, axes, result, start, step }: BlockSums,
): void {
  const { x, y, t } = axes;
  const sums = new Int32Array(bins);
  let to = start;
  for (const [t0, t1] of t.blocks) {
    for (const [y0, y1] of y.blocks) {
      for (const [x0, x1] of x.blocks) {
        sums.fill(0);
        for (let k = t0; k < t1; k++) {
          for (let j = y0; j < y1; j++) {
            const from = ((k * y.cells + j) * x.cells + x0) * bins;
            const end = from + (x1 - x0) * bins;
            for (let i = from, bin = 0; i < end; i++) {
              sums[bin]! += counts[i]!;
              if (++bin === bins) bin = 0;
            }
          }
        }
        const total = sums.reduce((a, b) => a + b);
        for (let bin = 0; bin < bins; bin++) result[to + bin] = sums[bin]! / total;
        to += step;
      }
    }
  }
}
