/**
 * Bi-WOOF: bi-weighted oriented optical flow (Liong, See, Wong and Phan, "Less is more:
 * micro-expression recognition from video using apex frame", 2018, section 3.3).
 *
 * @module
 */
import type { Volume } from "lib/core/volume.ts";

/** Flow from the onset to the apex frame, with its strain; three planes `[height, width]`. */
export interface StrainedFlow {
  readonly width: number;
  readonly height: number;
  /** Horizontal displacement, right is positive; any unit, the same for `v`. */
  readonly u: Float32Array;
  /** Vertical displacement, down is positive. */
  readonly v: Float32Array;
  /** Optical strain magnitude, not negative; any unit. */
  readonly strain: Float32Array;
}

/**
 * The planes of a field as the pipeline gives it.
 *
 * @param field `[height, width, 3]`: u, v and strain
 * @throws RangeError for another shape
 */
export function strainedFlow({ data, shape }: Volume): StrainedFlow {
  const [height = 0, width = 0, channels] = shape;
  if (shape.length !== 3 || channels !== 3) {
    throw new RangeError(`A flow field must be [height, width, 3], got [${shape.join(", ")}]`);
  }
  const plane = (channel: number) =>
    Float32Array.from({ length: height * width }, (_, i) => data[3 * i + channel]!);
  return { width, height, u: plane(0), v: plane(1), strain: plane(2) };
}

/** The grid and the histograms of the descriptor. */
export interface BiWoofOptions {
  /** Blocks a side. */
  readonly blocks: number;
  /** Orientation bins: equal parts of [−180°, 180°), hard assignment. */
  readonly bins: number;
}

/**
 * The descriptor of a flow field: for each block, row by row, the histogram of flow orientation in
 * which each pixel counts by its flow magnitude (the local weight), divided by its sum and multiplied
 * by the mean strain of the block (the global weight); the whole is divided by its Euclidean norm.
 * A block without flow, and a field without strain, give zeros.
 *
 * Blocks do not overlap; where the side does not divide evenly, edges are rounded, so blocks differ by
 * one pixel at most. The strain is averaged, not summed, so that they still weigh the same.
 *
 * @returns blocks² · bins values
 * @throws RangeError when a plane does not have width × height values, a side has fewer pixels than
 * blocks, or an option is not a positive integer
 */
export function biWoof(flow: StrainedFlow, { blocks, bins }: BiWoofOptions): Float64Array {
  checkShape(flow, { blocks, bins });
  const { width, height } = flow;
  const edge = (side: number, k: number) => Math.round(k * side / blocks);
  const descriptor = new Float64Array(blocks * blocks * bins);
  for (let row = 0; row < blocks; row++) {
    for (let column = 0; column < blocks; column++) {
      const histogram = blockHistogram(flow, bins, {
        top: edge(height, row),
        bottom: edge(height, row + 1),
        left: edge(width, column),
        right: edge(width, column + 1),
      });
      descriptor.set(histogram, (row * blocks + column) * bins);
    }
  }
  return normalised(descriptor);
}

/** Pixel limits; bottom and right are exclusive. */
interface Block {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

function blockHistogram(flow: StrainedFlow, bins: number, block: Block): Float64Array {
  const { u, v, strain, width } = flow;
  const histogram = new Float64Array(bins);
  let magnitudes = 0;
  let strains = 0;
  for (let y = block.top; y < block.bottom; y++) {
    for (let x = block.left; x < block.right; x++) {
      const i = y * width + x;
      // Math.hypot is ten times slower, and guards against overflow, which flow does not reach.
      const magnitude = Math.sqrt(u[i]! ** 2 + v[i]! ** 2);
      histogram[orientationBin(u[i]!, v[i]!, bins)]! += magnitude;
      magnitudes += magnitude;
      strains += strain[i]!;
    }
  }
  if (magnitudes === 0) return histogram;
  const pixels = (block.bottom - block.top) * (block.right - block.left);
  return histogram.map((weight) => weight / magnitudes * strains / pixels);
}

function orientationBin(u: number, v: number, bins: number): number {
  const turn = Math.atan2(v, u) / (2 * Math.PI) + 0.5;
  // 180° is −180°.
  return Math.floor(turn * bins) % bins;
}

function normalised(values: Float64Array): Float64Array {
  const norm = Math.hypot(...values);
  return norm === 0 ? values : values.map((value) => value / norm);
}

function checkShape(flow: StrainedFlow, { blocks, bins }: BiWoofOptions): void {
  const { width, height, u, v, strain } = flow;
  if ([u, v, strain].some((plane) => plane.length !== width * height)) {
    throw new RangeError(`Flow planes must have ${width}×${height} values`);
  }
  if (![blocks, bins].every((n) => Number.isInteger(n) && n > 0)) {
    throw new RangeError(`Blocks and bins must be positive integers, got ${blocks} and ${bins}`);
  }
  if (blocks > Math.min(width, height)) {
    throw new RangeError(`A field of ${width}×${height} pixels has no ${blocks}×${blocks} blocks`);
  }
}
