/**
 * How grey changes in a clip.
 *
 * @module
 */
import type { Volume } from "lib/core/volume.ts";

/**
 * Half the differences between the voxels on both sides, in x, y and t; at the border, the difference to
 * the one side that there is. An axis of length 1 has no change.
 *
 * @param clip `[frames, height, width]`
 * @returns three arrays of the clip's size
 */
export function gradients({ data, shape }: Volume): [Float32Array, Float32Array, Float32Array] {
  const [frames = 0, height = 0, width = 0] = shape;
  return [
    along(data, width, 1),
    along(data, height, width),
    along(data, frames, width * height),
  ];
}

/** The change along an axis of so many places, `step` apart. */
function along(data: Float32Array, places: number, step: number): Float32Array {
  const result = new Float32Array(data.length);
  if (places < 2) return result;
  const block = places * step;
  for (let start = 0; start < data.length; start += block) {
    const last = start + block - step;
    for (let i = start; i < start + step; i++) result[i] = data[i + step]! - data[i]!;
    for (let i = start + step; i < last; i++) result[i] = 0.5 * (data[i + step]! - data[i - step]!);
    for (let i = last; i < last + step; i++) result[i] = data[i]! - data[i - step]!;
  }
  return result;
}
