/**
 * Key frames by spatio-temporal slices: the frames at which the rows through brows, eyes, nose and mouth
 * have moved on by equal amounts.
 *
 * @module
 */
import { type Volume, volume } from "lib/core/volume.ts";
import { equalShares } from "./equal_shares.ts";
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
 * @throws RangeError when there is no such row, or the clip is not of that shape
 */
export function slice(clip: Volume, row: number): Volume {
  const [frames = 0, height = 0, width = 0] = clip.shape;
  if (clip.shape.length !== 3) {
    throw new RangeError(`Cannot take slices of a clip of [${clip.shape.join(", ")}]`);
  }
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
 * @returns different rows in ascending order; one that lies outside is moved to the border
 * @throws RangeError when the points are not 68 finite ones
 */
export function sliceRows(points: ArrayLike<number>, height: number): number[] {
  if (points.length !== 136 || !Array.from(points).every(Number.isFinite)) {
    throw new RangeError(`Expected 68 finite landmarks, got ${points.length / 2}`);
  }
  const parts = [[17, 27], [36, 48], [31, 36], [48, 68]] as const;
  const rows = parts.map(([from, to]) => {
    let sum = 0;
    for (let i = from; i < to; i++) sum += points[2 * i + 1]!;
    return Math.min(height - 1, Math.max(0, Math.round(sum / (to - from))));
  });
  return [...new Set(rows)].sort((a, b) => a - b);
}

/**
 * How much each frame's slices differ from those of the frame before, as a mean absolute difference;
 * of the first, 0.
 *
 * @param clip `[frames, height, width]`
 * @param rows as from {@linkcode sliceRows}
 * @throws RangeError when there are no rows or no such row, or a value in one is not finite
 */
export function sliceChanges(clip: Volume, rows: readonly number[]): number[] {
  const [frames = 0, , width = 0] = clip.shape;
  if (rows.length === 0) throw new RangeError("There are no rows to take slices at");
  const changes = new Array<number>(frames).fill(0);
  for (const row of rows) {
    const { data } = slice(clip, row);
    for (let i = width; i < data.length; i++) {
      changes[Math.floor(i / width)]! += Math.abs(data[i]! - data[i - width]!);
    }
  }
  const bad = changes.findIndex((change) => !Number.isFinite(change));
  if (bad !== -1) throw new RangeError(`Row ${rows.join(" or ")} of frame ${bad} is not finite`);
  return changes.map((change) => change / (rows.length * width));
}

/** What {@linkcode keyFrames} is told. */
export interface KeyFrameOptions {
  /** As from {@linkcode sliceRows}. */
  readonly rows: readonly number[];
  /** How many frames, 2 or more. */
  readonly count: number;
  /** Places that are always chosen, such as the apex; the first and the last frame always are. */
  readonly keep?: readonly number[];
}

/**
 * Chooses key frames.
 *
 * DEVIATION: the paper measures "pixel proximity of adjacent slices" and matches the "nearest pixel",
 * which cannot be executed as it stands. Here a frame's change is the mean absolute difference of its
 * slices to those of the frame before; key frames are those nearest to equal shares of the summed
 * change, each once and in order. Where two are equally near, it is the earlier; where nothing changes,
 * equal shares of time count.
 *
 * @param clip `[frames, height, width]`, onset to offset
 * @returns `count` different places in ascending order, the first and the last frame and `keep` among
 * them
 * @throws RangeError when the clip has fewer frames than `count`, or `keep` has none of its frames or
 * more than there is room for
 */
export function keyFrames(clip: Volume, { rows, count, keep = [] }: KeyFrameOptions): number[] {
  const frames = clip.shape[0] ?? 0;
  requireCount(frames, count);
  let sum = 0;
  const sums = sliceChanges(clip, rows).map((change) => sum += change);
  return equalShares(sums, count, keep);
}

/**
 * Chooses frames at equal distances in time, by the same rules as {@linkcode keyFrames}.
 *
 * @param frames how many the clip has
 */
export function uniformFrames(
  frames: number,
  count: number,
  keep: readonly number[] = [],
): number[] {
  requireCount(frames, count);
  return equalShares(Array.from({ length: frames }, (_, i) => i), count, keep);
}

function requireCount(frames: number, count: number): void {
  if (!Number.isInteger(count) || count < 2 || count > frames) {
    throw new RangeError(`Cannot choose ${count} of ${frames} frames`);
  }
}

/** What {@linkcode selectFrames} is told. */
export interface SelectOptions extends Omit<KeyFrameOptions, "keep"> {
  readonly rule: KeyFrameRule;
  /** A place, or places, that are always chosen unless frames are interpolated. */
  readonly keep?: number | readonly number[];
}

/**
 * A clip of `count` frames by a rule; by temporal interpolation whenever it has fewer frames.
 *
 * @param clip `[frames, height, width]`
 * @throws RangeError when the clip is empty, `count` is below 2, or as {@linkcode keyFrames}
 */
export function selectFrames(clip: Volume, options: SelectOptions): KeyFrames {
  const { rule, rows, count } = options;
  const frames = clip.shape[0] ?? 0;
  if (!Number.isInteger(count) || count < 2) throw new RangeError(`Cannot choose ${count} frames`);
  if (rule === "interpolated" || frames < count) {
    const indices = Array.from({ length: count }, (_, i) => i * (frames - 1) / (count - 1));
    return { clip: tim(clip, count), indices, rule: "interpolated" };
  }
  const keep = [options.keep ?? []].flat();
  const indices = rule === "slices"
    ? keyFrames(clip, { rows, count, keep })
    : uniformFrames(frames, count, keep);
  return { clip: pick(clip, indices), indices, rule };
}

/**
 * The frames at some places, as a clip.
 *
 * @throws RangeError when there is no frame at one of them
 */
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
