/**
 * Changing the size of an image.
 *
 * @module
 */
import { type Volume, volume } from "lib/core/volume.ts";

/**
 * Resizes an image, each direction by itself: the mean over the area of a pixel where it shrinks (as
 * OpenCV's INTER_AREA), linear between pixel centres where it grows (as INTER_LINEAR). Channels are
 * resized alike and values are only mixed, never scaled: a flow stays in pixels of the larger image.
 *
 * @param image `[height, width]` or `[height, width, channels]`
 * @returns the same with the new sides; NaN spreads to all pixels that it has a share in
 * @throws RangeError when a side is not a positive whole number
 */
export function resize(image: Volume, height: number, width: number): Volume {
  const [oldHeight = 0, oldWidth = 0, channels = 1, ...more] = image.shape;
  const sides = [height, width, oldHeight, oldWidth, channels];
  if (more.length > 0 || !sides.every((side) => Number.isInteger(side) && side > 0)) {
    throw new RangeError(`Cannot resize [${image.shape.join(", ")}] to [${height}, ${width}]`);
  }
  const narrow = resizeAxis(image.data, [oldHeight, oldWidth, channels], width);
  const result = resizeAxis(narrow, [1, oldHeight, width * channels], height);
  return volume(result, [height, width, ...image.shape.slice(2)]);
}

/** Resizes the middle one of three axes. */
function resizeAxis(
  data: Float32Array,
  [before, from, after]: readonly [number, number, number],
  to: number,
): Float32Array {
  if (from === to) return data.slice();
  const result = new Float32Array(before * to * after);
  const mix = new Float64Array(after);
  const shares = Array.from({ length: to }, (_, i) => sharesOf(i, from, to));
  for (let line = 0; line < before; line++) {
    for (const [i, { first, weights }] of shares.entries()) {
      mix.fill(0);
      for (let k = 0; k < weights.length; k++) {
        const [start, weight] = [(line * from + first + k) * after, weights[k]!];
        for (let p = 0; p < after; p++) mix[p]! += weight * data[start + p]!;
      }
      result.set(mix, (line * to + i) * after);
    }
  }
  return result;
}

/** The shares that a few neighbouring inputs have in one output. */
interface Shares {
  readonly first: number;
  readonly weights: readonly number[];
}

function sharesOf(i: number, from: number, to: number): Shares {
  return to < from ? areaShares(i, from / to) : linearShares(i, from, to);
}

/** The inputs under an output pixel that covers [i · step, (i + 1) · step]. */
function areaShares(i: number, step: number): Shares {
  const [start, end] = [i * step, (i + 1) * step];
  // An end a rounding error beyond a pixel's border must not reach for the next pixel.
  const first = Math.floor(start + 1e-9);
  const last = Math.ceil(end - 1e-9);
  const weights = Array.from(
    { length: last - first },
    (_, k) => (Math.min(end, first + k + 1) - Math.max(start, first + k)) / step,
  );
  return { first, weights };
}

function linearShares(i: number, from: number, to: number): Shares {
  if (from === 1) return { first: 0, weights: [1] };
  const place = Math.min(from - 1, Math.max(0, (i + 0.5) * from / to - 0.5));
  const first = Math.min(Math.floor(place), from - 2);
  return { first, weights: [1 - (place - first), place - first] };
}
