/**
 * The memory of the TV-L1 kernels: where images, pyramids and flows lie, and moving them in and
 * out.
 *
 * @module
 */
import * as kernel from "./kernels/tvl1.wasm";
import type { LevelSize } from "./tvl1_options.ts";

/** A pyramid level in the kernel's memory; addresses and distances are in bytes. */
export interface Level extends LevelSize {
  /** From one row of a plane to the next. */
  readonly pitch: number;
  /** From one row of records to the next. */
  readonly stride: number;
  /** The first pixel of both images. */
  readonly first: number;
  readonly second: number;
}

/**
 * The addresses of one call. Every call lays them out anew; nothing is kept from one to the next.
 */
export interface Memory {
  readonly levels: readonly Level[];
  /** The records of the level that is being solved, with a free one before and behind. */
  readonly rows: number;
  /** The flow as two planes between levels; they have the pitch of that level. */
  readonly flow1: number;
  readonly flow2: number;
  /** Another two, to resize into. */
  readonly next1: number;
  readonly next2: number;
  /** The second image and its gradient, interleaved. */
  readonly interleaved: number;
  /** Scratch of resizing and of the median filter. */
  readonly work: number;
}

/** Four pixels' unknowns, as `kernels/tvl1/records.as.ts` defines them. */
const recordBytes = 160;
const pageBytes = 65536;

/**
 * Finds a place for everything and grows the memory to hold it: about 90 bytes a pixel.
 *
 * @param sizes of the pyramid, finest first
 * @throws RangeError when there is not enough memory
 */
export function layOut(sizes: readonly LevelSize[]): Memory {
  let end = 64;
  const take = (bytes: number): number => {
    const start = end;
    end += Math.ceil(bytes / 64) * 64;
    return start;
  };
  // Whole vectors, and 16 bytes free before the first and behind the last.
  const pitchOf = ({ width }: LevelSize): number => 16 * Math.ceil(width / 4) + 32;
  const plane = (size: LevelSize): number => take(pitchOf(size) * size.height + 32) + 16;
  const levels = sizes.map((size): Level => ({
    ...size,
    pitch: pitchOf(size),
    stride: recordBytes * Math.ceil(size.width / 4),
    first: plane(size),
    second: plane(size),
  }));
  const finest = levels[0]!;
  const memory: Memory = {
    levels,
    rows: take(finest.stride * finest.height + 2 * recordBytes) + recordBytes,
    flow1: plane(finest),
    flow2: plane(finest),
    next1: plane(finest),
    next2: plane(finest),
    interleaved: take((finest.width + 8) * (finest.height + 8) * 16 + 64),
    work: take((finest.pitch + 16) * (finest.height + 16)),
  };
  const missing = end - kernel.memory.buffer.byteLength;
  if (missing > 0) kernel.memory.grow(Math.ceil(missing / pageBytes));
  return memory;
}

/** Copies an image, times a factor, into a plane of the memory. */
export function copyIn(
  data: Float32Array,
  [address, { width, height, pitch }]: readonly [address: number, level: Level],
  factor = 1,
): void {
  const all = new Float32Array(kernel.memory.buffer);
  for (let y = 0, i = 0; y < height; y++) {
    const row = (address + y * pitch) / 4;
    for (let x = 0; x < width; x++) all[row + x] = data[i++]! * factor;
  }
}

/** Copies a plane of the memory out. */
export function copyOut(address: number, { width, height, pitch }: Level): Float32Array {
  const all = new Float32Array(kernel.memory.buffer);
  const data = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    const row = (address + y * pitch) / 4;
    data.set(all.subarray(row, row + width), y * width);
  }
  return data;
}

/** How positions and values are mapped: target x takes `gain` · source((x + ½) · scaleX - ½). */
export interface Resizing {
  readonly scaleX: number;
  readonly scaleY: number;
  readonly gain: number;
  /** Scratch memory. */
  readonly work: number;
}

/** Resizes a plane of one level to a plane of another. */
export function resizePlane(
  [source, from]: readonly [address: number, level: Level],
  [target, to]: readonly [address: number, level: Level],
  { scaleX, scaleY, gain, work }: Resizing,
): void {
  // deno-fmt-ignore: source, target, how
  kernel.resize(
    source, from.width, from.height, from.pitch,
    target, to.width, to.height, to.pitch,
    scaleX, scaleY, gain, work,
  );
}

/** Clears a level's records and puts a flow into them. */
export function writeFlow(level: Level, rows: number, flow: readonly [number, number]): void {
  kernel.writeFlow(rows, level.stride, level.width, level.height, ...flow, level.pitch);
}
