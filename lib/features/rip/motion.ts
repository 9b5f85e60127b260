/**
 * The subtle motion in a clip: what is left of its frames without what they have in common.
 *
 * @module
 */
import { type Volume, volume } from "lib/core/volume.ts";
import { robustPca } from "../rpca.ts";

/** How a clip is taken apart. */
export interface MotionOptions {
  /** `sparse`: the sparse part by robust PCA. `difference`: each frame less the first one. */
  readonly motion: "sparse" | "difference";
  /** Weight of the sparse part: times 1 / √(the larger side of the matrix), positive. */
  readonly sparseness: number;
}

/** A clip taken apart; both parts are `[frames, height, width]`. */
export interface ClipParts {
  /** What frames have in common: the face, and how it is lit. */
  readonly common: Volume;
  readonly motion: Volume;
}

/**
 * Takes a clip apart. `sparse` is the revisited projections' (Huang et al., 2019): robust PCA of the matrix
 * whose rows are frames. `difference` is that of their predecessor, STLBP-IP (2015).
 *
 * @param clip `[frames, height, width]`
 * @throws RangeError for another shape, and values that are not finite
 */
export function clipParts(
  { data, shape }: Volume,
  { motion: kind, sparseness }: MotionOptions,
): ClipParts {
  const [frames = 0, height = 0, width = 0] = shape;
  if (shape.length !== 3) {
    throw new RangeError(`Expected a clip [frames, height, width], got [${shape.join(", ")}]`);
  }
  if (kind === "difference") {
    const size = height * width;
    const common = data.map((_, i) => data[i % size]!);
    const motion = data.map((value, i) => value - common[i]!);
    return { common: volume(common, shape), motion: volume(motion, shape) };
  }
  const { lowRank, sparse } = robustPca(data, frames, {
    lambda: sparseness / Math.sqrt(Math.max(frames, height * width)),
  });
  return {
    common: volume(Float32Array.from(lowRank), shape),
    motion: volume(Float32Array.from(sparse), shape),
  };
}
