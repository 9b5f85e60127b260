/**
 * Spatiotemporal binary patterns of integral projections (STLBP-RIP).
 *
 * @module
 */
import type { Volume } from "lib/core/volume.ts";
import { lineHistogram, maskPatterns, timeHistogram, timePatterns } from "./line_codes.ts";
import { clipParts, type MotionOptions } from "./motion.ts";
import { projectBlocks } from "./projections.ts";

/** What {@linkcode ripDescriptor} projects, and counts. */
export interface RipOptions extends MotionOptions {
  /** Blocks a side. */
  readonly blocks: number;
  /** Length of the mask of the patterns along a projection, odd. */
  readonly mask: number;
  /** Radius of the patterns in time, along a projection. */
  readonly radius: number;
  /** Radius of the patterns in time, in frames. */
  readonly radiusT: number;
}

/** The number of values that describe a block. */
export function blockLength({ mask }: Pick<RipOptions, "mask">): number {
  return 2 * (maskPatterns(mask) + timePatterns);
}

/**
 * The descriptor of a clip (X. Huang, S.-J. Wang, X. Liu, G. Zhao, X. Feng, M. Pietikäinen, "Discriminative
 * spatiotemporal local binary pattern with revisited integral projection for spontaneous facial
 * micro-expression recognition", IEEE Transactions on Affective Computing 10(1):32-47, 2019): the clip's
 * subtle motion is projected on both axes, block by block; for each block come the histograms of patterns
 * along its projections on the horizontal and the vertical axis, over all frames, and of patterns in
 * these projections stacked over time. Each of the four adds up to 1.
 *
 * DEVIATION: settings of the article that are not known here are parameters; a group of features, of which the
 * discriminative ones are selected, is all that describes a block.
 *
 * @param clip `[frames, height, width]`
 * @returns `[block][value]`, blocks row by row
 * @throws RangeError when the clip has another shape, is too small for blocks, mask and radii, or not finite
 */
export function ripDescriptor(clip: Volume, options: RipOptions): Float32Array {
  const { motion } = clipParts(clip, options);
  const { mask, radius: space, radiusT: time } = options;
  const described = projectBlocks(motion, options.blocks).flatMap(({ columns, rows }) => [
    lineHistogram(columns, mask),
    lineHistogram(rows, mask),
    timeHistogram(columns, { space, time }),
    timeHistogram(rows, { space, time }),
  ]);
  const result = new Float32Array(options.blocks ** 2 * blockLength(options));
  let to = 0;
  for (const histogram of described) {
    result.set(histogram, to);
    to += histogram.length;
  }
  return result;
}
