/**
 * Eulerian video magnification: changes of intensity within a band of temporal frequencies, amplified
 * scale by scale, so that small motions become large ones.
 *
 * The method is that of H.-Y. Wu, M. Rubinstein, E. Shih, J. Guttag, F. Durand, W. Freeman, "Eulerian video
 * magnification for revealing subtle changes in the world", ACM Transactions on Graphics 31(4), 2012; the
 * paper's section 3.1 (4), equations 3.2 to 3.6.
 *
 * The loops are WebAssembly SIMD (`kernels/magnify.as.ts`), computed alike on every processor: equal
 * clips give equal bits. `magnify_plain.ts` is the same in plain TypeScript.
 *
 * @module
 */
import { type Volume, volume } from "lib/core/volume.ts";
import * as kernel from "./kernels/magnify.wasm";
import {
  bandWaves,
  type LevelSize,
  type MagnifyOptions,
  type MagnifyPlan,
  notFinite,
  planMagnification,
} from "./magnify_options.ts";

export type { MagnifyOptions } from "./magnify_options.ts";

/**
 * Magnifies a clip. Each frame becomes a Laplacian pyramid; each level but the finest (noise) and the
 * coarsest (light) is filtered over time, amplified as far as its wavelength bears, and added back.
 *
 * DEVIATION: the paper gives neither factor, band, levels nor cut-off wavelength; `alpha` and the band are
 * parameters, five levels and a cut-off of 16 pixels are what the field's code uses.
 *
 * @param clip `[frames, height, width]` of at least 16 pixels a side
 * @returns the same shape, neither clamped nor rounded: most of what flow is to see lies below one grey
 * level. With `alpha` 0, a band without any of the clip's frequencies, or one frame only, it is the clip.
 * @throws RangeError for another shape, a value that is not finite, and an option out of range, by name
 */
export function magnify(clip: Volume, options: MagnifyOptions): Volume {
  const plan = planMagnification(clip, options);
  const places = layOut(plan);
  reduceFrames(clip, plan, places);
  if (!changesAnything(plan)) return volume(clip.data.slice(), clip.shape);
  filterLevels(plan, places);
  return volume(addMotion(clip, plan, places), clip.shape);
}

function changesAnything({ frames, alphas, filter }: MagnifyPlan): boolean {
  const empty = filter.kind === "ideal" && filter.bins.length === 0;
  return frames > 1 && !empty && alphas.some((alpha) => alpha > 0);
}

/**
 * A level in the kernel's memory, in bytes. Its rows lie as [row][frame], so that the filters over time
 * find one row of all frames together.
 */
interface LevelPlace extends LevelSize {
  /** Row 0 of frame 0. */
  readonly at: number;
  /** From one frame to the next. */
  readonly pitch: number;
  /** From one row of a frame to the next. */
  readonly stride: number;
}

interface Places {
  /** Level 1 and coarser. */
  readonly levels: readonly LevelPlace[];
  /** One frame, and what it becomes. */
  readonly frame: number;
  readonly made: number;
  readonly scratch: number;
  /** Cosines and sines of the ideal filter, and weights. */
  readonly waves: number;
  readonly weights: number;
}

const page = 65536;
// The compiler's own data lies below; what it needs is far less.
const start = 4096;

/** Gives everything a place, and grows the memory to hold it. */
function layOut({ frames, levels, filter }: MagnifyPlan): Places {
  let end = start;
  const place = (bytes: number): number => {
    const at = end;
    // The kernel's vectors reach a little behind what they are for.
    end += Math.ceil(bytes / 64) * 64 + 64;
    return at;
  };
  const [{ width, height }] = levels as [LevelSize];
  const bins = filter.kind === "ideal" ? filter.bins.length : 0;
  const half = (frames >> 1) + 1;
  const places: Places = {
    levels: levels.slice(1).map(({ width, height }) => {
      const pitch = pitchOf(width);
      const stride = frames * pitch;
      return { width, height, at: place(stride * height), pitch, stride };
    }),
    frame: place(4 * width * height),
    made: place(4 * width * height),
    scratch: place(Math.max(8 * width + 256, 128 * (half + bins))),
    waves: place(8 * half * bins),
    weights: place(4 * bins),
  };
  const missing = Math.ceil((end - kernel.memory.buffer.byteLength) / page);
  if (missing > 0) kernel.memory.grow(missing);
  return places;
}

/** Bytes of a row's columns, in the blocks of 16 that the filters over time take. */
function lengthOf(width: number): number {
  return Math.ceil(width / 16) * 64;
}

/** An odd number of cache lines: with an even one, a row's frames would push each other out. */
function pitchOf(width: number): number {
  return lengthOf(width) + (lengthOf(width) / 64 % 2 === 0 ? 64 : 0);
}

function numbers(at: number, count: number): Float32Array {
  return new Float32Array(kernel.memory.buffer, at, count);
}

/**
 * Stores the Gaussian pyramid of every frame, but for the finest level, which is the frame.
 *
 * @throws RangeError for a value that is not finite
 */
function reduceFrames(
  clip: Volume,
  { frames, levels: [finest] }: MagnifyPlan,
  places: Places,
): void {
  const { levels, frame, scratch } = places;
  const { width, height } = finest!;
  const size = width * height;
  const target = numbers(frame, size);
  for (let t = 0; t < frames; t++) {
    target.set(clip.data.subarray(t * size, (t + 1) * size));
    let [from, pitch, columns, rows] = [frame, 4 * width, width, height];
    for (const level of levels) {
      const to = level.at + t * level.pitch;
      kernel.down(from, pitch, columns, rows, to, level.stride, scratch);
      [from, pitch, columns, rows] = [to, level.stride, level.width, level.height];
    }
    // Whatever is not finite anywhere in a frame makes a pixel of its coarsest level not finite.
    const coarsest = levels.at(-1);
    const isFinite = coarsest ? isFiniteLevel(coarsest, t) : target.every(Number.isFinite);
    if (!isFinite) throw notFinite(clip, t * size);
  }
}

function isFiniteLevel({ at, pitch, stride, width, height }: LevelPlace, t: number): boolean {
  for (let y = 0; y < height; y++) {
    if (!numbers(at + y * stride + t * pitch, width).every(Number.isFinite)) return false;
  }
  return true;
}

/**
 * Filters the levels over time. What is to be added to a frame is the sum of α[k] (G[k] - up(G[k + 1]))
 * over the levels k, each enlarged to the frame's size, of the filtered Gaussian pyramid G. Sorted by G,
 * level k counts α[k] - α[k - 1] times, and no Laplacian pyramid has to be made.
 */
function filterLevels({ frames, alphas, filter }: MagnifyPlan, places: Places): void {
  const { levels, scratch, waves, weights } = places;
  levels.forEach(({ at, pitch, width, height }, i) => {
    const gain = alphas[i + 1]! - alphas[i]!;
    const length = lengthOf(width);
    if (filter.kind === "iir") {
      kernel.difference(at, height, frames, pitch, length, filter.r1, filter.r2, gain);
      return;
    }
    const { bins } = filter;
    const table = bandWaves(bins, frames);
    numbers(waves, table.waves.length).set(table.waves);
    numbers(weights, bins.length).set(table.weights.map((weight) => gain * weight));
    const constant = bins[0] === 0 ? 1 : 0;
    // deno-fmt-ignore: where, how
    kernel.ideal(
      at, height, frames, pitch, length,
      constant, bins.length, waves, weights, scratch,
    );
  });
}

/** The clip plus what its filtered levels add up to, from the coarsest to the finest. */
function addMotion(
  clip: Volume,
  { frames, levels: [finest] }: MagnifyPlan,
  places: Places,
): Float32Array {
  const { levels, frame, made, scratch } = places;
  const { width, height } = finest!;
  const [size, pitch] = [width * height, 4 * width];
  const result = new Float32Array(clip.data.length);
  const [source, target] = [numbers(frame, size), numbers(made, size)];
  for (let t = 0; t < frames; t++) {
    const at = (level: LevelPlace) => level.at + t * level.pitch;
    for (let k = levels.length - 1; k > 0; k--) {
      const [coarse, fine] = [levels[k]!, levels[k - 1]!];
      // deno-fmt-ignore: from where, onto what, to where
      kernel.up(
        at(coarse), coarse.stride, at(fine), fine.stride,
        at(fine), fine.stride, fine.width, fine.height, scratch,
      );
    }
    source.set(clip.data.subarray(t * size, (t + 1) * size));
    const [first] = levels as [LevelPlace];
    // deno-fmt-ignore: from where, onto what, to where
    kernel.up(at(first), first.stride, frame, pitch, made, pitch, width, height, scratch);
    result.set(target, t * size);
  }
  return result;
}
