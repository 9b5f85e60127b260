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
  if (!changesAnything(plan)) return volume(clip.data.slice(), clip.shape);
  const places = layOut(plan);
  decompose(clip, plan, places);
  filterLevels(plan, places);
  return volume(recompose(clip, plan, places), clip.shape);
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
  /** One plane that every frame uses in turn. */
  readonly plane: number;
  /** The planes of all frames, where the level is filtered; else 0. */
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
    const stored = alphas[k]! > 0 ? place(size * frames) : 0;
    return { width, height, pitch, size, plane: place(size), stored };
  });
  const missing = Math.ceil((end - kernel.memory.buffer.byteLength) / page);
  if (missing > 0) kernel.memory.grow(missing);
  return { levels: placed, scratch, matrices };
}

/** Bytes from row to row: the kernel wants eight numbers behind the last pixel, in whole vectors. */
function pitchOf(width: number): number {
  return 4 * ((width + 15) & ~7);
}

function numbers(at: number, count: number): Float32Array {
  return new Float32Array(kernel.memory.buffer, at, count);
}

function putPlane(data: Float32Array, { plane, pitch, width, height }: LevelPlace): void {
  const target = numbers(plane, pitch * height / 4);
  for (let y = 0; y < height; y++) {
    target.set(data.subarray(y * width, (y + 1) * width), y * pitch / 4);
  }
}

/** Stores the levels that are filtered, of every frame. */
function decompose(clip: Volume, { frames }: MagnifyPlan, { levels, scratch }: Places): void {
  const [finest] = levels;
  const size = finest!.width * finest!.height;
  for (let t = 0; t < frames; t++) {
    putPlane(clip.data.subarray(t * size, (t + 1) * size), finest!);
    for (let k = 1; k < levels.length; k++) {
      const [from, to] = [levels[k - 1]!, levels[k]!];
      const { plane, pitch, width, height } = from;
      kernel.reduce(plane, pitch, width, height, to.plane, to.pitch, scratch);
    }
    levels.forEach((level, k) => {
      if (level.stored === 0) return;
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
    if (stored === 0) return;
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
function recompose(clip: Volume, { frames }: MagnifyPlan, places: Places): Float32Array {
  const { levels, scratch } = places;
  const [finest] = levels;
  const { width, height, pitch, plane } = finest!;
  const size = width * height;
  const result = new Float32Array(clip.data.length);
  const filtered = levels.flatMap((level, k) => level.stored > 0 ? [k] : []);
  for (let t = 0; t < frames; t++) {
    const at = (k: number) => levels[k]!.stored + t * levels[k]!.size;
    for (let k = filtered.at(-1)! - 1; k >= filtered[0]!; k--) {
      const sum = { base: at(k), target: at(k), sign: 1, scratch } as const;
      addEnlarged(levels[k + 1]!, at(k + 1), levels[k]!, sum);
    }
    putPlane(clip.data.subarray(t * size, (t + 1) * size), finest!);
    const sum = { base: plane, target: plane, sign: 1, scratch } as const;
    addEnlarged(levels[1]!, at(1), finest!, sum);
    const made = numbers(plane, pitch * height / 4);
    for (let y = 0; y < height; y++) {
      const row = y * pitch / 4;
      result.set(made.subarray(row, row + width), t * size + y * width);
    }
  }
  return result;
}
