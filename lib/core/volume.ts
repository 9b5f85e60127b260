/**
 * Images, flow maps and clips as plain arrays.
 *
 * @module
 */

/**
 * A dense array in row-major order. Images are `[height, width, channels]`, clips
 * `[frames, height, width, channels]`; intensities are 0..1.
 */
export interface Volume {
  readonly data: Float32Array;
  readonly shape: readonly number[];
}

/** The number of elements of a shape. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, side) => product * side, 1);
}

/**
 * Makes a volume and checks that shape and data agree.
 *
 * @throws RangeError when the number of elements differs
 */
export function volume(data: Float32Array, shape: readonly number[]): Volume {
  if (data.length !== sizeOf(shape)) {
    throw new RangeError(`Cannot shape ${data.length} numbers as [${shape.join(", ")}]`);
  }
  return { data, shape };
}
