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
  bandMatrices,
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
  decompose(clip, plan, places);
  if (!changesAnything(plan)) return volume(clip.data.slice(), clip.shape);
  filterLevels(plan, places);
  return volume(recompose(plan, places), clip.shape);
}

function changesAnything({ frames, alphas, filter }: MagnifyPlan): boolean {
  const empty = filter.kind === "ideal" && filter.bins.length === 0;
  return frames > 1 && !empty && alphas.some((alpha) => alpha > 0);
}

/** A level in the kernel's memory; addresses, pitch and size are in bytes. */
interface LevelPlace extends LevelSize {
  readonly pitch: number;
  /** Of a plane; a multiple of 64. */
  readonly size: number;
  /** One plane that every frame uses in turn; of the finest level the first frame's. */
  readonly plane: number;
  /** The planes of all frames: of the finest level, the clip itself, and of those that are filtered; else 0. */
  readonly stored: number;
}

interface Places {
  readonly levels: readonly LevelPlace[];
  readonly scratch: number;
  readonly matrices: number;
}

const page = 65536;
// The compiler's own data lies below; what it needs is far less.
const start = 4096;

/** Gives everything a place, and grows the memory to hold it. */
function layOut({ frames, levels, alphas, filter }: MagnifyPlan): Places {
  let end = start;
  const place = (bytes: number): number => {
    const at = end;
    end += Math.ceil(bytes / 64) * 64;
    return at;
  };
  const widest = pitchOf(levels[0]!.width);
  const rows = filter.kind === "ideal" ? 2 * filter.bins.length : 0;
  // A row with room beyond both borders, or the parts of 16 pixels.
  const scratch = place(Math.max(2 * widest + 256, 64 * rows));
  const matrices = place(8 * rows * frames);
  const placed = levels.map(({ width, height }, k) => {
    const pitch = pitchOf(width);
    const size = Math.ceil(pitch * height / 64) * 64;
    const stored = k === 0 || alphas[k]! > 0 ? place(size * frames) : 0;
    return { width, height, pitch, size, plane: k === 0 ? stored : place(size), stored };
  });
  const missing = Math.ceil((end - kernel.memory.buffer.byteLength) / page);
  if (missing > 0) kernel.memory.grow(missing);
  return { levels: placed, scratch, matrices };
}

/**
 * Bytes from row to row. The kernel works on whole vectors of 4 pixels and their 8 in the finer level, so
 * other widths need room behind the last pixel.
 */
function pitchOf(width: number): number {
  return 4 * (width % 8 === 0 ? width : (width + 15) & ~7);
}

function numbers(at: number, count: number): Float32Array {
  return new Float32Array(kernel.memory.buffer, at, count);
}

/** Copies an image into the kernel's memory. */
function putPlane(data: Float32Array, at: number, { pitch, width, height }: LevelPlace): void {
  const target = numbers(at, pitch * height / 4);
  if (pitch === 4 * width) return target.set(data);
  for (let y = 0; y < height; y++) {
    target.set(data.subarray(y * width, (y + 1) * width), y * pitch / 4);
  }
}

/** Copies an image out of it. */
function takePlane(data: Float32Array, at: number, { pitch, width, height }: LevelPlace): void {
  const source = numbers(at, pitch * height / 4);
  if (pitch === 4 * width) return data.set(source);
  for (let y = 0; y < height; y++) {
    const row = y * pitch / 4;
    data.set(source.subarray(row, row + width), y * width);
  }
}

/**
 * Stores the clip and the levels that are filtered, of every frame.
 *
 * @throws RangeError for a value that is not finite
 */
function decompose(clip: Volume, { frames }: MagnifyPlan, { levels, scratch }: Places): void {
  const [finest] = levels;
  const size = finest!.width * finest!.height;
  for (let t = 0; t < frames; t++) {
    const frame = finest!.stored + t * finest!.size;
    putPlane(clip.data.subarray(t * size, (t + 1) * size), frame, finest!);
    const { width, height, pitch } = finest!;
    if (!kernel.finite(frame, pitch, width, height)) throw notFinite(clip, t * size);
    for (let k = 1; k < levels.length; k++) {
      const [from, to] = [levels[k - 1]!, levels[k]!];
      const { pitch, width, height } = from;
      const plane = k === 1 ? frame : from.plane;
      kernel.reduce(plane, pitch, width, height, to.plane, to.pitch, scratch);
    }
    levels.forEach((level, k) => {
      if (k === 0 || level.stored === 0) return;
      addEnlarged(levels[k + 1]!, levels[k + 1]!.plane, level, {
        base: level.plane,
        target: level.stored + t * level.size,
        sign: -1,
        scratch,
      });
    });
  }
}

interface Sum {
  readonly base: number;
  readonly target: number;
  readonly sign: 1 | -1;
  readonly scratch: number;
}

/** target = base + sign · the coarser plane enlarged. */
function addEnlarged(
  coarser: LevelPlace,
  plane: number,
  { width, height, pitch }: LevelPlace,
  { base, target, sign, scratch }: Sum,
): void {
  kernel.enlarge(plane, coarser.pitch, width, height, base, target, pitch, sign, scratch);
}

function filterLevels({ frames, alphas, filter }: MagnifyPlan, places: Places): void {
  const { levels, scratch, matrices } = places;
  levels.forEach(({ stored, size }, k) => {
    const alpha = alphas[k]!;
    if (k === 0 || stored === 0) return;
    if (filter.kind === "iir") {
      kernel.difference(stored, size, frames, filter.r1, filter.r2, alpha);
      return;
    }
    const { rows, analysis, synthesis } = bandMatrices(filter.bins, frames);
    numbers(matrices, rows * frames).set(analysis);
    const second = matrices + 4 * rows * frames;
    numbers(second, rows * frames).set(synthesis.map((value) => alpha * value));
    kernel.band(stored, size, frames, matrices, second, rows, scratch);
  });
}

/** The clip plus what the levels add up to, from the coarsest filtered one to the finest. */
function recompose({ frames }: MagnifyPlan, { levels, scratch }: Places): Float32Array {
  const [finest] = levels;
  const size = finest!.width * finest!.height;
  const result = new Float32Array(frames * size);
  const coarsest = levels.findLastIndex(({ stored }) => stored > 0);
  for (let t = 0; t < frames; t++) {
    const at = (k: number) => levels[k]!.stored + t * levels[k]!.size;
    for (let k = coarsest - 1; k >= 0; k--) {
      const sum = { base: at(k), target: at(k), sign: 1, scratch } as const;
      addEnlarged(levels[k + 1]!, at(k + 1), levels[k]!, sum);
    }
    takePlane(result.subarray(t * size, (t + 1) * size), at(0), finest!);
  }
  return result;
}
