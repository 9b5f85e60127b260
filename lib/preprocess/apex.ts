/**
 * Spotting the apex where a sheet has none.
 *
 * @module
 */
import type { Volume } from "lib/core/volume.ts";

/** A spotted apex. */
export interface Apex {
  /** Its place in the clip. */
  readonly apex: number;
  /** How much each frame differs from the onset within the regions, smoothed. */
  readonly curve: readonly number[];
}

/**
 * The apex as the frame that differs most from the onset around brows, eyes and mouth, where
 * expressions happen. The curve of mean absolute differences is smoothed over a tenth of the clip, since
 * sensor noise alone makes single frames peak; blinks weigh little because the eyes' own region is left
 * out but for the brows above.
 *
 * DEVIATION: SMIC's sheet has no apex, and works on it take the middle frame or spot it. This follows
 * the region-wise search of S.-T. Liong, J. See, K. Wong, R. C.-W. Phan, "Automatic apex frame spotting
 * in micro-expression database", ACPR 2015, with frame differences in place of their features, and the
 * maximum of the smoothed curve in place of their divide-and-conquer.
 *
 * @param clip `[frames, height, width]`, from onset to offset, brightness matched to the onset's
 * @param points 68 points in pixels of its frames
 * @throws RangeError when the clip is empty
 */
export function spotApex(clip: Volume, points: ArrayLike<number>): Apex {
  const [frames = 0, height = 0, width = 0] = clip.shape;
  if (frames < 1) throw new RangeError("Cannot spot the apex of an empty clip");
  const regions = [[17, 22], [22, 27], [48, 68]].map(([from, to]) =>
    regionAround(points, [from!, to!], [width, height])
  );
  const raw = Array.from({ length: frames }, (_, frame) => {
    let [sum, pixels] = [0, 0];
    for (const { left, top, right, bottom } of regions) {
      for (let y = top; y < bottom; y++) {
        for (let x = left; x < right; x++) {
          const i = y * width + x;
          sum += Math.abs(clip.data[frame * height * width + i]! - clip.data[i]!);
          pixels++;
        }
      }
    }
    return pixels === 0 ? 0 : sum / pixels;
  });
  const curve = smoothed(raw, Math.max(1, Math.round(frames / 20)));
  // The first and the last frame are onset and offset, which an apex lies between.
  const inside = curve.slice(1, -1);
  const apex = inside.length === 0 ? frames - 1 : 1 + inside.indexOf(Math.max(...inside));
  return { apex, curve };
}

interface Region {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** The box around some points, widened by a third of its height on each side. */
function regionAround(
  points: ArrayLike<number>,
  [from, to]: readonly [number, number],
  [width, height]: readonly [number, number],
): Region {
  const xs = Array.from({ length: to - from }, (_, i) => points[2 * (from + i)]!);
  const ys = Array.from({ length: to - from }, (_, i) => points[2 * (from + i) + 1]!);
  const spread = (Math.max(...ys) - Math.min(...ys)) / 3 + 2;
  const within = (value: number, end: number) => Math.min(end, Math.max(0, Math.round(value)));
  return {
    left: within(Math.min(...xs) - spread, width),
    right: within(Math.max(...xs) + spread, width),
    top: within(Math.min(...ys) - spread, height),
    bottom: within(Math.max(...ys) + spread, height),
  };
}

/** Means over `radius` frames on each side, as far as there are. */
function smoothed(values: readonly number[], radius: number): number[] {
  return values.map((_, i) => {
    const around = values.slice(Math.max(0, i - radius), i + radius + 1);
    return around.reduce((sum, value) => sum + value, 0) / around.length;
  });
}
