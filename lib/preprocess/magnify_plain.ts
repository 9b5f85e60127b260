/**
 * Eulerian magnification in plain TypeScript: what the kernel of `magnify.ts` must agree with.
 *
 * @module
 */
import { type Volume, volume } from "lib/core/volume.ts";
import {
  bandMatrices,
  type LevelSize,
  type MagnifyOptions,
  type MagnifyPlan,
  notFinite,
  planMagnification,
} from "./magnify_options.ts";

type Plane = Float32Array<ArrayBuffer>;

/** {@linkcode magnify}, slowly. */
export function magnifyPlain(clip: Volume, options: MagnifyOptions): Volume {
  const plan = planMagnification(clip, options);
  if (!clip.data.every(Number.isFinite)) throw notFinite(clip, 0);
  const { frames, levels, alphas } = plan;
  const size = levels[0]!.width * levels[0]!.height;
  const pyramids = Array.from(
    { length: frames },
    (_, t) => laplacian(clip.data.subarray(t * size, (t + 1) * size), levels),
  );
  alphas.forEach((alpha, k) => {
    const planes = pyramids.map((pyramid) => pyramid[k]!);
    if (alpha === 0) planes.forEach((plane) => plane.fill(0));
    else filterInTime(planes, plan.filter, alpha);
  });
  const data = new Float32Array(clip.data.length);
  pyramids.forEach((pyramid, t) => {
    const change = collapse(pyramid, levels);
    for (let i = 0; i < size; i++) data[t * size + i] = clip.data[t * size + i]! + change[i]!;
  });
  return volume(data, clip.shape);
}

/** What each level of the pyramid adds to the next coarser one. */
function laplacian(frame: Float32Array, levels: readonly LevelSize[]): Plane[] {
  const gaussian: Plane[] = [new Float32Array(frame)];
  for (let k = 1; k < levels.length; k++) gaussian.push(reduced(gaussian[k - 1]!, levels[k - 1]!));
  return gaussian.map((plane, k) => {
    const coarser = gaussian[k + 1];
    if (coarser === undefined) return plane;
    const blurred = enlarged(coarser, levels[k + 1]!, levels[k]!);
    return plane.map((value, i) => value - blurred[i]!);
  });
}

function collapse(pyramid: readonly Plane[], levels: readonly LevelSize[]): Plane {
  return pyramid.reduceRight((coarser, plane, k) => {
    const added = enlarged(coarser, levels[k + 1]!, levels[k]!);
    return plane.map((value, i) => value + added[i]!);
  });
}

const kernel = [1, 4, 6, 4, 1];

/** A place beyond the border, mirrored at the border pixel. */
function mirrored(i: number, length: number): number {
  return i < 0 ? -i : i >= length ? 2 * length - 2 - i : i;
}

/** Blurs and keeps every second pixel. */
function reduced(plane: Plane, { width, height }: LevelSize): Plane {
  const [newWidth, newHeight] = [(width + 1) >> 1, (height + 1) >> 1];
  const result = new Float32Array(newWidth * newHeight);
  for (let y = 0; y < newHeight; y++) {
    for (let x = 0; x < newWidth; x++) {
      let sum = 0;
      for (let j = -2; j <= 2; j++) {
        const row = mirrored(2 * y + j, height) * width;
        for (let i = -2; i <= 2; i++) {
          sum += kernel[j + 2]! * kernel[i + 2]! * plane[row + mirrored(2 * x + i, width)]!;
        }
      }
      result[y * newWidth + x] = sum / 256;
    }
  }
  return result;
}

/** Puts zeros between pixels and blurs with four times the weight. */
function enlarged(plane: Plane, small: LevelSize, { width, height }: LevelSize): Plane {
  const result = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let sum = 0;
      for (let j = -2; j <= 2; j++) {
        const row = mirrored(y + j, height);
        if (row % 2 !== 0) continue;
        for (let i = -2; i <= 2; i++) {
          const column = mirrored(x + i, width);
          if (column % 2 !== 0) continue;
          const value = plane[(row >> 1) * small.width + (column >> 1)]!;
          sum += kernel[j + 2]! * kernel[i + 2]! * value;
        }
      }
      result[y * width + x] = sum / 64;
    }
  }
  return result;
}

/** Replaces planes over time by their band, `alpha` times. */
function filterInTime(
  planes: readonly Plane[],
  filter: MagnifyPlan["filter"],
  alpha: number,
): void {
  const frames = planes.length;
  if (filter.kind === "ideal") {
    const { rows, analysis, synthesis } = bandMatrices(filter.bins, frames);
    for (let i = 0; i < planes[0]!.length; i++) {
      const parts = Array.from(
        { length: rows },
        (_, row) =>
          planes.reduce((sum, plane, t) => sum + analysis[row * frames + t]! * plane[i]!, 0),
      );
      planes.forEach((plane, t) => {
        plane[i] = alpha *
          parts.reduce((sum, part, row) => sum + synthesis[t * rows + row]! * part, 0);
      });
    }
    return;
  }
  for (let i = 0; i < planes[0]!.length; i++) {
    let fast = planes[0]![i]!;
    let slow = fast;
    for (const plane of planes) {
      fast += filter.r1 * (plane[i]! - fast);
      slow += filter.r2 * (plane[i]! - slow);
      plane[i] = alpha * (fast - slow);
    }
  }
}
