/**
 * Spotting the apex where a sheet has none.
 *
 * @module
 */
import { sizeOf, type Volume, volume } from "lib/core/volume.ts";
import { resize } from "./resize.ts";

/** A spotted apex. */
export interface Apex {
  /** Its place in the clip. */
  readonly apex: number;
  /** How much each frame differs from the onset within the regions, smoothed. */
  readonly curve: readonly number[];
}

// Frames are compared at this size, or their own if that is smaller: noise averages out, and a head
// that drifts by a pixel or two still moves by less than the texture's scale.
const comparedSide = 48;

/**
 * The apex as the frame that differs most from the onset around brows and mouth, where expressions
 * happen. Of each difference to the onset, what a shift of the head by a fraction of a pixel or a change
 * of light explains is taken out first, by least squares over the frame. The curve of root mean square
 * residues is smoothed over a tenth of the clip, since noise alone makes single frames peak. Blinks weigh
 * little: the regions end above the eyes.
 *
 * DEVIATION: SMIC's sheet has no apex, and works on it take the middle frame or spot it. This follows
 * the region-wise search of S.-T. Liong, J. See, K. Wong, A. C. Le Ngo, Y.-H. Oh, R. C.-W. Phan,
 * "Automatic apex frame spotting in micro-expression database", ACPR 2015, with frame differences in
 * place of their features, and the maximum of the smoothed curve in place of their divide-and-conquer.
 *
 * @param clip `[frames, height, width]`, from onset to offset
 * @param points 68 points in pixels of its frames, those of the onset
 * @returns a place between the first and the last frame, where there is one; the middle, by
 * {@linkcode midpoint}, of a clip without any difference
 * @throws RangeError when the clip is empty or not finite, or the points are not 68 finite ones with
 * brows or mouth within the frame
 */
export function spotApex(clip: Volume, points: ArrayLike<number>): Apex {
  const [frames = 0, height = 0, width = 0] = clip.shape;
  if (clip.shape.length !== 3 || sizeOf(clip.shape) === 0) {
    throw new RangeError(`Cannot spot the apex of a clip of [${clip.shape.join(", ")}]`);
  }
  const scale = Math.min(1, comparedSide / Math.max(width, height));
  const size = [Math.ceil(scale * height), Math.ceil(scale * width)] as const;
  const planes = Array.from({ length: frames }, (_, frame) => {
    const plane = clip.data.subarray(frame * height * width, (frame + 1) * height * width);
    return resize(volume(plane, [height, width]), ...size).data;
  });
  const region = regionOf(points, size, [size[0] / height, size[1] / width]);
  const explained = orthonormal(motionAndLight(planes[0]!, size));
  const raw = planes.map((plane) => {
    const difference = Float64Array.from(plane, (value, i) => value - planes[0]![i]!);
    return residue(difference, explained, region);
  });
  const bad = raw.findIndex((value) => !Number.isFinite(value));
  if (bad !== -1) throw new RangeError(`Frame ${bad} of the clip is not finite`);
  const curve = smoothed(raw, Math.max(1, Math.round(frames / 20)));
  return { apex: peakOf(curve), curve };
}

/** The middle frame, where works without an apex take it: the earlier of two. */
export function midpoint(frames: number): number {
  return Math.max(0, Math.floor((frames - 1) / 2));
}

/** The highest place but for the ends: onset and offset, which an apex lies between. */
function peakOf(curve: readonly number[]): number {
  const inside = curve.slice(1, -1);
  if (inside.length === 0) return curve.length - 1;
  const highest = Math.max(...inside);
  return highest > 0 ? 1 + inside.indexOf(highest) : midpoint(curve.length);
}

/** By how much the onset changes with a small shift right or down, and with a gain or an offset of light. */
function motionAndLight(
  plane: Float32Array,
  [height, width]: readonly [number, number],
): Float64Array[] {
  const [across, down] = [new Float64Array(plane.length), new Float64Array(plane.length)];
  for (let i = 0; i < plane.length; i++) {
    const [x, y] = [i % width, Math.floor(i / width)];
    across[i] = plane[i + (x < width - 1 ? 1 : 0)]! - plane[i - (x > 0 ? 1 : 0)]!;
    down[i] = plane[i + (y < height - 1 ? width : 0)]! - plane[i - (y > 0 ? width : 0)]!;
  }
  return [new Float64Array(plane.length).fill(1), Float64Array.from(plane), across, down];
}

/** Unit vectors at right angles that span the same (Gram-Schmidt); dependent ones are left out. */
function orthonormal(vectors: readonly Float64Array[]): Float64Array[] {
  const result: Float64Array[] = [];
  for (const vector of vectors) {
    const rest = vector.slice();
    for (const unit of result) subtract(rest, unit, dot(rest, unit));
    const length = Math.sqrt(dot(rest, rest));
    // What is left of a constant image beside its mean is rounding.
    if (length > 1e-6 * Math.sqrt(vector.length)) result.push(rest.map((x) => x / length));
  }
  return result;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function subtract(from: Float64Array, unit: Float64Array, times: number): void {
  for (let i = 0; i < from.length; i++) from[i]! -= times * unit[i]!;
}

/** The root mean square, within a region, of what of a difference is not explained. */
function residue(
  difference: Float64Array,
  explained: readonly Float64Array[],
  region: Int32Array,
): number {
  for (const unit of explained) subtract(difference, unit, dot(difference, unit));
  const squares = region.reduce((sum, i) => sum + difference[i]! ** 2, 0);
  return Math.sqrt(squares / region.length);
}

/** The pixels around the left brow, the right brow and the mouth, each once. */
function regionOf(
  points: ArrayLike<number>,
  [height, width]: readonly [number, number],
  [down, across]: readonly [number, number],
): Int32Array {
  if (points.length !== 136 || !Array.from(points).every(Number.isFinite)) {
    throw new RangeError(`Expected 68 finite landmarks, got ${points.length / 2}`);
  }
  const within = (value: number, end: number) => Math.min(end, Math.max(0, Math.round(value)));
  const pixels = new Set<number>();
  for (const [from, to] of [[17, 22], [22, 27], [48, 68]] as const) {
    const count = to - from;
    const xs = Array.from({ length: count }, (_, i) => (points[2 * (from + i)]! + 0.5) * across);
    const ys = Array.from({ length: count }, (_, i) => (points[2 * (from + i) + 1]! + 0.5) * down);
    // Skin around a brow or a mouth moves with it.
    const spread = (Math.max(...ys) - Math.min(...ys)) / 3 + 2 * down;
    const [left, right] = [Math.min(...xs) - spread, Math.max(...xs) + spread];
    const [top, bottom] = [Math.min(...ys) - spread, Math.max(...ys) + spread];
    for (let y = within(top, height); y < within(bottom, height); y++) {
      for (let x = within(left, width); x < within(right, width); x++) pixels.add(y * width + x);
    }
  }
  if (pixels.size === 0) {
    throw new RangeError("The landmarks' brows and mouth are not in the frame");
  }
  return Int32Array.from(pixels);
}

/** Means over `radius` frames on each side, as far as there are. */
function smoothed(values: readonly number[], radius: number): number[] {
  return values.map((_, i) => {
    const around = values.slice(Math.max(0, i - radius), i + radius + 1);
    return around.reduce((sum, value) => sum + value, 0) / around.length;
  });
}
