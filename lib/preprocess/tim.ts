/**
 * Temporal interpolation: a clip of any number of frames from a clip of another.
 *
 * @module
 */
import { type Volume, volume } from "lib/core/volume.ts";

/**
 * The temporal interpolation model (Z. Zhou, G. Zhao, M. Pietikäinen, "Towards a practical lipreading
 * system", CVPR 2011; T. Pfister et al., ICCV 2011): frames lie on a curve whose coordinates are
 * y_k(t) = sin(πkt + π(n - k)/(2n)), k = 1..n-1, and new frames are read off it at equal steps from
 * t = 1/n to 1.
 *
 * The published algorithm finds the map from curve to images by a singular value decomposition of the
 * frames. The y_k at t = i/n are cosines, orthogonal to each other and to constants, so that map is a
 * projection: every new frame is a fixed mix of the given ones. That is the same result where the
 * decomposition exists, and it also serves clips with equal frames, where it does not.
 *
 * @param clip `[frames, …]`
 * @param frames how many to make
 * @returns `[frames, …]`; the first and the last are the clip's; a clip of one frame is repeated
 * @throws RangeError when the clip is empty or `frames` is not a positive whole number
 */
export function tim(clip: Volume, frames: number): Volume {
  const [count = 0, ...rest] = clip.shape;
  if (count < 1 || clip.data.length === 0) throw new RangeError("Cannot interpolate an empty clip");
  if (!Number.isInteger(frames) || frames < 1) {
    throw new RangeError(`Cannot interpolate to ${frames} frames`);
  }
  const size = clip.data.length / count;
  const data = new Float32Array(frames * size);
  mixes(count, frames).forEach((mix, to) => {
    const result = new Float64Array(size);
    mix.forEach((weight, from) => {
      if (weight === 0) return;
      const start = from * size;
      for (let i = 0; i < size; i++) result[i]! += weight * clip.data[start + i]!;
    });
    data.set(result, to * size);
  });
  return volume(data, [frames, ...rest]);
}

/** For each new frame the share of each given one. */
function mixes(count: number, frames: number): number[][] {
  return Array.from({ length: frames }, (_, i) => {
    const share = frames === 1 ? 0 : i / (frames - 1);
    // In given frames, from 0: a whole place is that frame itself.
    const place = share * (count - 1);
    return Array.from({ length: count }, (_, j) => {
      if (Number.isInteger(place)) return j === place ? 1 : 0;
      let sum = 1;
      for (let k = 1; k < count; k++) sum += 2 * curve(k, place, count) * curve(k, j, count);
      return sum / count;
    });
  });
}

/** y_k at t = (place + 1)/n, but for a sign that cancels. */
function curve(k: number, place: number, count: number): number {
  return Math.cos(Math.PI * k * (place + 0.5) / count);
}
