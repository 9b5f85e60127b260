/**
 * The memory of the kernel of binary patterns: where a clip, its codes and their counts lie, and moving
 * them in and out.
 *
 * @module
 */
import type { Volume } from "lib/core/volume.ts";
import type { Axes } from "./blocks.ts";
import * as kernel from "./kernels/lbp.wasm";
import type { Mapping } from "./mappings.ts";
import { borderOf, codedShape, type Radii, type Sample } from "./planes.ts";

/** Patterns of the voxels of a clip that have all neighbours. */
export interface Codes {
  readonly data: Uint16Array;
  /** `[frames, height, width]`: the clip's less the radii, rounded up, on each side. */
  readonly shape: readonly [number, number, number];
}

/** The addresses of one call, in bytes. Every call lays them out anew. */
export interface Memory {
  readonly clip: number;
  /** Further arrays of the clip's size. */
  readonly extra: readonly number[];
  readonly samples: number;
  readonly codes: number;
  /** From one row of codes to the next. */
  readonly pitch: number;
  /** Tables of the bins and of the cells. */
  readonly bins: number;
  readonly columns: number;
  readonly rows: number;
  readonly times: number;
  readonly counts: number;
}

/** What {@linkcode layOut} makes room for. */
export interface Room {
  /** Numbers in the histograms of one plane. */
  readonly counts: number;
  /** Arrays of the clip's size beside it. */
  readonly extra?: number;
}

const page = 65536;
// The compiler's own data lies below; what it needs is far less.
const base = 1024;
const sampleBytes = 40;

/** Gives everything a place, and grows the memory to hold it. */
export function layOut(clip: Volume, around: Radii, { counts, extra = 0 }: Room): Memory {
  const [frames, height, width] = codedShape(clip, around);
  let end = base;
  const place = (bytes: number): number => {
    const at = end;
    // Rows are worked on in vectors, which reach a little behind the last one.
    end += Math.ceil(bytes / 64) * 64 + 64;
    return at;
  };
  const pitch = 16 * Math.ceil(width / 8);
  const memory: Memory = {
    clip: place(4 * clip.data.length),
    extra: Array.from({ length: extra }, () => place(4 * clip.data.length)),
    samples: place(16 * sampleBytes),
    codes: place(pitch * height * frames),
    pitch,
    bins: place(2 * 65536),
    columns: place(4 * width),
    rows: place(4 * height),
    times: place(4 * frames),
    counts: place(4 * counts),
  };
  const missing = Math.ceil((end - kernel.memory.buffer.byteLength) / page);
  if (missing > 0) kernel.memory.grow(missing);
  return memory;
}

/** Numbers in memory, as a view that is good until memory grows. */
export function floatsAt(at: number, length: number): Float32Array {
  return new Float32Array(kernel.memory.buffer, at, length);
}

/**
 * Copies a clip in.
 *
 * @throws RangeError for a value that is not finite
 */
export function writeClip({ data }: Volume, at: number): void {
  // One value that is not finite makes the sum so.
  let sum = 0;
  for (let i = 0; i < data.length; i++) sum += data[i]!;
  if (!Number.isFinite(sum)) throw new RangeError("The clip has values that are not finite");
  floatsAt(at, data.length).set(data);
}

/** Where {@linkcode writeSamples} puts its records. */
export interface SampleRecords {
  readonly at: number;
  /** What the kernel compares with, one a sample, where it does. */
  readonly thresholds?: readonly number[];
}

/** Writes where the samples are taken in a clip of this shape. */
export function writeSamples(
  samples: readonly Sample[],
  { shape }: Volume,
  { at, thresholds = [] }: SampleRecords,
): void {
  const view = new DataView(kernel.memory.buffer);
  samples.forEach((taps, p) => {
    const record = at + p * sampleBytes;
    view.setInt32(record, taps.length, true);
    for (let i = 0; i < 4; i++) {
      const tap = taps[i];
      view.setInt32(record + 4 + 4 * i, tap === undefined ? 0 : bytesTo(tap, shape), true);
      view.setFloat32(record + 20 + 4 * i, tap?.weight ?? 0, true);
    }
    view.setFloat32(record + 36, thresholds[p] ?? 0, true);
  });
}

function bytesTo(
  { x, y, t }: { readonly x: number; readonly y: number; readonly t: number },
  [, rows = 0, columns = 0]: readonly number[],
): number {
  return 4 * ((t * rows + y) * columns + x);
}

/**
 * The voxels that have codes, as the kernel takes them.
 *
 * @param at the address of the clip, or of another array of its size
 */
export function codedPlace(
  clip: Volume,
  around: Radii,
  at: number,
): [first: number, pitch: number, plane: number, width: number, height: number, frames: number] {
  const [, rows = 0, columns = 0] = clip.shape;
  const [frames, height, width] = codedShape(clip, around);
  const first = at + bytesTo(borderOf(around), clip.shape);
  return [first, 4 * columns, 4 * rows * columns, width, height, frames];
}

/** Copies the codes out. */
export function readCodes([frames, height, width]: Codes["shape"], memory: Memory): Codes {
  const all = new Uint16Array(kernel.memory.buffer);
  const data = new Uint16Array(frames * height * width);
  for (let row = 0; row < frames * height; row++) {
    const start = (memory.codes + row * memory.pitch) / 2;
    data.set(all.subarray(start, start + width), row * width);
  }
  return { data, shape: [frames, height, width] };
}

/** Whose bins are to be counted where. */
export interface CountRun {
  readonly memory: Memory;
  readonly mapping: Mapping;
  readonly axes: Axes;
}

/**
 * Counts the codes in memory.
 *
 * @param shape of the codes
 * @returns `[t][y][x][bin]` of the cells, a view that the next call changes
 */
export function runCount(
  [frames, height, width]: Codes["shape"],
  { memory, mapping: { bins, table }, axes: { x, y, t } }: CountRun,
): Int32Array {
  const numbers = (at: number, length: number) => new Int32Array(kernel.memory.buffer, at, length);
  new Uint16Array(kernel.memory.buffer, memory.bins, table.length).set(table);
  numbers(memory.columns, width).set(x.cellOf.map((cell) => 4 * bins * cell));
  numbers(memory.rows, height).set(y.cellOf.map((cell) => 4 * bins * x.cells * cell));
  numbers(memory.times, frames).set(t.cellOf.map((cell) => 4 * bins * x.cells * y.cells * cell));
  const counts = numbers(memory.counts, bins * x.cells * y.cells * t.cells).fill(0);
  // deno-fmt-ignore: from where, how much, tables, to where
  kernel.count(
    memory.codes, memory.pitch, width, height, frames,
    memory.bins, memory.columns, memory.rows, memory.times, memory.counts,
  );
  return counts;
}
