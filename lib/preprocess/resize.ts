/**
 * Changing the size of a plane.
 *
 * @module
 */
import { type Volume, volume } from "lib/core/volume.ts";

/** The share that each of a few neighbouring inputs has in one output. */
interface Mix {
  readonly first: number;
  readonly weights: readonly number[];
}

/**
 * Resizes a plane, each direction by itself: the mean over the area of a pixel where it shrinks (as
 * OpenCV's INTER_AREA), linear between pixel centres where it grows (as INTER_LINEAR).
 *
 * @param plane `[height, width]`
 * @throws RangeError when a size is not a positive whole number
 */
export function resize(plane: Volume, height: number, width: number): Volume {
  const [oldHeight = 0, oldWidth = 0] = plane.shape;
  if (![height, width, oldHeight, oldWidth].every((n) => Number.isInteger(n) && n > 0)) {
    throw new RangeError(`Cannot resize [${plane.shape.join(", ")}] to [${height}, ${width}]`);
  }
  const across = mixes(oldWidth, width);
  const down = mixes(oldHeight, height);
  const narrow = new Float32Array(oldHeight * width);
  for (let y = 0; y < oldHeight; y++) {
    across.forEach(({ first, weights }, x) => {
      let sum = 0;
      weights.forEach((weight, i) => sum += weight * plane.data[y * oldWidth + first + i]!);
      narrow[y * width + x] = sum;
    });
  }
  const result = new Float32Array(height * width);
  down.forEach(({ first, weights }, y) => {
    for (let x = 0; x < width; x++) {
      let sum = 0;
      weights.forEach((weight, i) => sum += weight * narrow[(first + i) * width + x]!);
      result[y * width + x] = sum;
    }
  });
  return volume(result, [height, width]);
}

function mixes(from: number, to: number): Mix[] {
  return Array.from(
    { length: to },
    (_, i) => to < from ? areaMix(i, from / to) : linear(i, from, to),
  );
}

/** The inputs under an output pixel that covers [i · step, (i + 1) · step]. */
function areaMix(i: number, step: number): Mix {
  const [start, end] = [i * step, (i + 1) * step];
  const first = Math.floor(start + 1e-9);
  const last = Math.ceil(end - 1e-9);
  const weights = Array.from(
    { length: last - first },
    (_, k) => (Math.min(end, first + k + 1) - Math.max(start, first + k)) / step,
  );
  return { first, weights };
}

function linear(i: number, from: number, to: number): Mix {
  const place = Math.min(from - 1, Math.max(0, (i + 0.5) * from / to - 0.5));
  const first = Math.min(Math.floor(place), Math.max(0, from - 2));
  const share = place - first;
  return from === 1 ? { first: 0, weights: [1] } : { first, weights: [1 - share, share] };
}
