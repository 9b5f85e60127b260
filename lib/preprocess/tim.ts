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
 * frames. The y_k at t = i/n are cosines, orthogonal to each other and to constants, so the map found
 * is a projection: every new frame is a mix of the given ones with shares that depend on n alone. That
 * is the same result wherever the decomposition exists, in a fraction of its time, and it also serves
 * clips with equal or linearly dependent frames, where it does not exist.
 *
 * Values may leave the range of the given ones a little, as any smooth curve through points does. A
 * pixel that is NaN in one frame is NaN in every frame that is mixed.
 *
 * @param clip `[frames, …]`
 * @param frames how many to make
 * @returns `[frames, …]`; the first and the last are the clip's; a clip of one frame is repeated; a
 * single new frame is the first
 * @throws RangeError when the clip is empty or `frames` is not a positive whole number
 */
export function tim(clip: Volume, frames: number): Volume {
  const [count = 0, ...rest] = clip.shape;
  if (count < 1 || clip.data.length === 0) throw new RangeError("Cannot interpolate an empty clip");
  if (!Number.isInteger(frames) || frames < 1) {
    throw new RangeError(`Cannot interpolate to ${frames} frames`);
  }
  const size = clip.data.length / count;
  const planes = Array.from(
    { length: count },
    (_, i) => clip.data.subarray(i * size, (i + 1) * size),
  );
  const result = new Float32Array(frames * size);
  for (let i = 0; i < frames; i++) {
    const place = frames === 1 ? 0 : i * (count - 1) / (frames - 1);
    const plane = Number.isInteger(place) ? planes[place]! : mixed(planes, place);
    result.set(plane, i * size);
  }
  return volume(result, [frames, ...rest]);
}

/** The frame at a place between others, in frames from the first. */
function mixed(planes: readonly Float32Array[], place: number): Float64Array {
  const shares = sharesAt(place, planes.length);
  const result = new Float64Array(planes[0]!.length);
  // Four at a time, since reading and writing the sums takes longer than adding.
  const empty = new Float32Array(result.length);
  for (let i = 0; i < planes.length; i += 4) {
    const share = (k: number) => shares[i + k] ?? 0;
    const [a, b, c, d] = [share(0), share(1), share(2), share(3)];
    const p = planes[i]!;
    const q = planes[i + 1] ?? empty, r = planes[i + 2] ?? empty, s = planes[i + 3] ?? empty;
    for (let k = 0; k < result.length; k++) {
      result[k]! += a * p[k]! + b * q[k]! + c * r[k]! + d * s[k]!;
    }
  }
  return result;
}

/**
 * The share of each given frame: 1/n + 2/n Σ_k y_k(place) y_k(frame). The sum over k of products of
 * cosines is half of D(difference) + D(sum of the places), with the Dirichlet kernel
 * D(x) = Σ_{k=1}^{n-1} cos kx = sin((n - ½)x) / (2 sin(x/2)) - ½.
 */
function sharesAt(place: number, count: number): Float64Array {
  const kernel = (x: number) => Math.sin((count - 0.5) * x) / (2 * Math.sin(x / 2)) - 0.5;
  return Float64Array.from({ length: count }, (_, frame) => {
    const apart = kernel(Math.PI * (place - frame) / count);
    const together = kernel(Math.PI * (place + frame + 1) / count);
    return (1 + apart + together) / count;
  });
}
