/**
 * Key frames by spatio-temporal slices: the frames at which the rows through brows, eyes, nose and mouth
 * have moved on by equal amounts.
 *
 * @module
 */
import { type Volume, volume } from "lib/core/volume.ts";
import { tim } from "./tim.ts";

/** The rule by which frames are chosen. */
export type KeyFrameRule = "slices" | "uniform" | "interpolated";

/** The chosen frames. */
export interface KeyFrames {
  /** `[count, height, width]`. */
  readonly clip: Volume;
  /** Their places in the given clip; between two frames where they were interpolated. */
  readonly indices: readonly number[];
  /** The rule that was used: `interpolated` whenever there were too few frames. */
  readonly rule: KeyFrameRule;
}

/**
 * The slice of a row over time (equation 3.1: one row of pixels of each frame, in frame order).
 *
 * @param clip `[frames, height, width]`
 * @returns `[frames, width]`
 * @throws RangeError when there is no such row
 */
export function slice(clip: Volume, row: number): Volume {
  const [frames = 0, height = 0, width = 0] = clip.shape;
  if (!Number.isInteger(row) || row < 0 || row >= height) {
    throw new RangeError(`Frames of ${height} rows have no row ${row}`);
  }
  const data = new Float32Array(frames * width);
  for (let frame = 0; frame < frames; frame++) {
    const start = (frame * height + row) * width;
    data.set(clip.data.subarray(start, start + width), frame * width);
  }
  return volume(data, [frames, width]);
}

/**
 * The rows that slices are taken at: through brows, eyes, base of the nose and mouth.
 *
 * @param points 68 points in pixels of the clip's frames
 * @param height of its frames
 */
export function sliceRows(points: ArrayLike<number>, height: number): number[] {
  const parts = [[17, 27], [36, 48], [31, 36], [48, 68]] as const;
  const rows = parts.map(([from, to]) => {
    let sum = 0;
    for (let i = from; i < to; i++) sum += points[2 * i + 1]!;
    return Math.min(height - 1, Math.max(0, Math.round(sum / (to - from))));
  });
  return [...new Set(rows)].sort((a, b) => a - b);
}

/** How much each frame's slices differ from those of the frame before, and the first's from nothing: 0. */
export function sliceChanges(clip: Volume, rows: readonly number[]): number[] {
  const [frames = 0, , width = 0] = clip.shape;
  const changes = new Array<number>(frames).fill(0);
  for (const row of rows) {
    const { data } = slice(clip, row);
    for (let i = width; i < data.length; i++) {
      changes[Math.floor(i / width)]! += Math.abs(data[i]! - data[i - width]!);
    }
  }
  return changes.map((change) => change / (rows.length * width));
}

/**
 * Chooses key frames.
 *
 * DEVIATION: the paper measures "pixel proximity of adjacent slices" and matches the "nearest pixel",
 * which cannot be executed as it stands. Here a frame's change is the mean absolute difference of its
 * slices to those of the frame before; key frames are those nearest to equal shares of the summed
 * change, each once and in order, the first and the last frame always among them.
 *
 * @param clip `[frames, height, width]`
 * @param rows as from {@linkcode sliceRows}
 * @returns `count` different places in ascending order
 * @throws RangeError when the clip has fewer frames than `count`, or `count` is below 2
 */
export function keyFrames(clip: Volume, rows: readonly number[], count: number): number[] {
  const frames = clip.shape[0] ?? 0;
  if (!Number.isInteger(count) || count < 2 || count > frames) {
    throw new RangeError(`Cannot choose ${count} of ${frames} frames`);
  }
  const sums: number[] = [];
  for (const change of sliceChanges(clip, rows)) sums.push((sums.at(-1) ?? 0) + change);
  const total = sums.at(-1)!;
  if (total === 0) return uniformFrames(frames, count);
  const chosen: number[] = [];
  for (let i = 0; i < count; i++) {
    const goal = total * i / (count - 1);
    // Room is left for those before and after, so that no frame is chosen twice.
    const [first, last] = [(chosen.at(-1) ?? -1) + 1, frames - count + i];
    let best = first;
    for (let frame = first; frame <= last; frame++) {
      if (Math.abs(sums[frame]! - goal) < Math.abs(sums[best]! - goal)) best = frame;
    }
    chosen.push(i === count - 1 ? frames - 1 : best);
  }
  return chosen;
}

/** `count` places at equal distances among `frames`, rounded to the nearest, the first and last included. */
export function uniformFrames(frames: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => Math.round(i * (frames - 1) / (count - 1)));
}

/** What {@linkcode selectFrames} is told. */
export interface KeyFrameOptions {
  readonly rule: KeyFrameRule;
  /** As from {@linkcode sliceRows}. */
  readonly rows: readonly number[];
  readonly count: number;
  /** A place that is always chosen, such as the apex: it takes that of the nearest chosen frame. */
  readonly keep?: number;
}

/** A clip of `count` frames by a rule; by temporal interpolation whenever there are fewer frames. */
export function selectFrames(clip: Volume, options: KeyFrameOptions): KeyFrames {
  const { rule, rows, count, keep } = options;
  const frames = clip.shape[0] ?? 0;
  if (rule === "interpolated" || frames < count) {
    const indices = Array.from({ length: count }, (_, i) => i * (frames - 1) / (count - 1));
    return { clip: tim(clip, count), indices, rule: "interpolated" };
  }
  const chosen = rule === "slices" ? keyFrames(clip, rows, count) : uniformFrames(frames, count);
  const indices = keep === undefined ? chosen : including(chosen, keep);
  return { clip: pick(clip, indices), indices, rule };
}

/** The places with the one nearest to `keep`, but neither the first nor the last, moved there. */
function including(places: readonly number[], keep: number): number[] {
  const inner = places.slice(1, -1);
  if (places.includes(keep) || inner.length === 0) return [...places];
  const distances = inner.map((place) => Math.abs(place - keep));
  const nearest = distances.indexOf(Math.min(...distances));
  return [places[0]!, ...inner.with(nearest, keep), places.at(-1)!].sort((a, b) => a - b);
}

/** The frames at some places, as a clip. */
export function pick(clip: Volume, places: readonly number[]): Volume {
  const [frames = 0, ...rest] = clip.shape;
  const size = clip.data.length / frames;
  const data = new Float32Array(places.length * size);
  places.forEach((place, i) => {
    if (!Number.isInteger(place) || place < 0 || place >= frames) {
      throw new RangeError(`The clip has ${frames} frames and no frame ${place}`);
    }
    data.set(clip.data.subarray(place * size, (place + 1) * size), i * size);
  });
  return volume(data, [places.length, ...rest]);
}
