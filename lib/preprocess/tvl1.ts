/**
 * TV-L1 optical flow: the displacement that explains the second image by the first with little total
 * variation and an L1 data term, coarse to fine.
 *
 * The method is that of C. Zach, T. Pock, H. Bischof, "A duality based approach for realtime TV-L1
 * optical flow", DAGM 2007, and J. Sánchez, E. Meinhardt-Llopis, G. Facciolo, "TV-L1 optical flow
 * estimation", IPOL 3 (2013). The order of operations and every default are those of
 * `modules/optflow/src/tvl1flow.cpp` of opencv_contrib (3-clause BSD), so results can be compared with
 * OpenCV's `DualTVL1OpticalFlow`; where versions differ, with OpenCV 5: it does not round positions to
 * 1/32 pixel as OpenCV 4 does, which moves single pixels by up to 3.
 *
 * The loops are WebAssembly SIMD (`kernels/tvl1.as.ts`), computed alike on every processor: equal
 * images give equal bits. `tvl1_plain.ts` is the same in plain TypeScript.
 *
 * @module
 */
import type { Volume } from "lib/core/volume.ts";
import type { FlowField } from "./flow_field.ts";
import * as kernel from "./kernels/tvl1.wasm";
import {
  checkPlanes,
  type LevelSize,
  pyramidSizes,
  resolveOptions,
  type Tvl1Options,
  type Tvl1Result,
} from "./tvl1_options.ts";
import { tvl1PlainWithReport } from "./tvl1_plain.ts";

export {
  tvl1Defaults,
  type Tvl1Options,
  type Tvl1Report,
  type Tvl1Result,
} from "./tvl1_options.ts";

/**
 * The flow from one image to another, such as from the onset to the apex.
 *
 * @param from the reference, `[height, width]`, at least 16 pixels a side
 * @param to another plane of that size. Intensities of both are 0..1; they are multiplied by 255
 * inside, since `lambda` and OpenCV's defaults are meant for 0..255. (The trap: images of 0..255 would
 * be followed 255 times as closely. Such values are refused.)
 * @returns pixels right and down: what is at (x, y) in `from` is at (x + u, y + v) in `to`
 * @throws RangeError for planes of unequal shapes or below 16 pixels, NaN, intensities that are not
 * 0..1, and for a setting out of range, by name
 */
export function tvl1(from: Volume, to: Volume, options: Partial<Tvl1Options> = {}): FlowField {
  return tvl1WithReport(from, to, options).flow;
}

/** {@linkcode tvl1} with the number of pyramid levels, iterations and median filters it took. */
export function tvl1WithReport(
  from: Volume,
  to: Volume,
  options: Partial<Tvl1Options> = {},
): Tvl1Result {
  const size = checkPlanes(from, to);
  const settings = resolveOptions(options, size);
  if (settings.gamma !== 0) return tvl1PlainWithReport(from, to, options);
  const levels = pyramidSizes(size, settings);
  const memory = layOut(levels);
  fill(memory.levels[0]!.first, size, from.data, 255);
  fill(memory.levels[0]!.second, size, to.data, 255);
  reduceImages(memory, settings.scaleStep);
  startFlow(memory, settings);
  const work = { iterations: 0, medians: 0 };
  for (let s = levels.length - 1;; s--) {
    solveLevel(memory.levels[s]!, memory, { settings, work });
    if (s === 0) break;
    enlargeFlow(memory, s, settings.scaleStep);
  }
  const { flow1, flow2, levels: [finest] } = memory;
  const flow = { u: copyOut(flow1, finest!), v: copyOut(flow2, finest!), ...size };
  return { flow, report: { scales: levels.length, ...work } };
}

/** A pyramid level in the kernel's memory; addresses and distances are in bytes. */
interface Level extends LevelSize {
  /** From one row of a plane to the next. */
  readonly pitch: number;
  /** From one row of records to the next. */
  readonly stride: number;
  /** The first pixel of both images. */
  readonly first: number;
  readonly second: number;
}

interface Memory {
  readonly levels: readonly Level[];
  /** The records of the level that is being solved, with a free one before and behind. */
  readonly rows: number;
  /** The flow as two planes, between levels; of any level's pitch. */
  readonly flow1: number;
  readonly flow2: number;
  /** A second pair, to resize into. */
  readonly next1: number;
  readonly next2: number;
  /** The second image and its gradient, interleaved. */
  readonly interleaved: number;
  /** Scratch for resizing and for the median filter. */
  readonly work: number;
}

const recordBytes = 160;
const pageBytes = 65536;
// Rows whose distance is close to a multiple of this share cache sets and look alike to the processor's
// check for loads that wait for stores.
const aliasBytes = 4096;

function layOut(sizes: readonly LevelSize[]): Memory {
  let end = 64;
  const take = (bytes: number): number => {
    const start = end;
    end += Math.ceil(bytes / 64) * 64;
    return start;
  };
  const pitchOf = ({ width }: LevelSize): number => 16 * Math.ceil(width / 4) + 32;
  // Before the first pixel of a row there are 16 bytes free, and as many behind the last vector.
  const plane = (size: LevelSize): number => take(pitchOf(size) * size.height + 32) + 16;
  const levels = sizes.map((size): Level => ({
    ...size,
    pitch: pitchOf(size),
    stride: strideOf(size),
    first: plane(size),
    second: plane(size),
  }));
  const [finest] = levels as [Level];
  const memory = {
    levels,
    rows: take(finest.stride * finest.height + 2 * recordBytes) + recordBytes,
    flow1: plane(finest),
    flow2: plane(finest),
    next1: plane(finest),
    next2: plane(finest),
    interleaved: take((finest.width + 8) * (finest.height + 8) * 16 + 64),
    work: take((finest.pitch + 16) * (finest.height + 15) + 16 * finest.width + 64),
  };
  const missing = end - kernel.memory.buffer.byteLength;
  if (missing > 0) kernel.memory.grow(Math.ceil(missing / pageBytes));
  return memory;
}

function strideOf({ width }: LevelSize): number {
  const bytes = recordBytes * Math.ceil(width / 4);
  const beyond = bytes % aliasBytes;
  return beyond < 2 * recordBytes || beyond > aliasBytes - 2 * recordBytes
    ? bytes + 4 * recordBytes
    : bytes;
}

/** Copies an image into a plane of the kernel's memory. */
function fill(address: number, size: LevelSize, data: Float32Array, factor: number): void {
  const all = new Float32Array(kernel.memory.buffer);
  const pitch = 4 * Math.ceil(size.width / 4) + 8;
  for (let y = 0, i = 0; y < size.height; y++) {
    const row = address / 4 + y * pitch;
    for (let x = 0; x < size.width; x++) all[row + x] = data[i++]! * factor;
  }
}

/** Copies a plane of the kernel's memory out. */
function copyOut(address: number, { width, height, pitch }: Level): Float32Array {
  const all = new Float32Array(kernel.memory.buffer);
  const data = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    const row = (address + y * pitch) / 4;
    data.set(all.subarray(row, row + width), y * width);
  }
  return data;
}

/** How {@linkcode resizeBetween} maps positions and values. */
interface Resize {
  readonly scaleX: number;
  readonly scaleY: number;
  readonly gain: number;
}

function resizeBetween(
  [source, from]: readonly [address: number, level: Level],
  [target, to]: readonly [address: number, level: Level],
  { scaleX, scaleY, gain, work }: Resize & { readonly work: number },
): void {
  kernel.resize(
    source,
    from.width,
    from.height,
    from.pitch,
    target,
    to.width,
    to.height,
    to.pitch,
    scaleX,
    scaleY,
    gain,
    work,
  );
}

/** Fills the coarser levels of both images. */
function reduceImages({ levels, work }: Memory, scaleStep: number): void {
  const how = { scaleX: 1 / scaleStep, scaleY: 1 / scaleStep, gain: 1, work };
  for (const [s, level] of levels.slice(1).entries()) {
    const finer = levels[s]!;
    resizeBetween([finer.first, finer], [level.first, level], how);
    resizeBetween([finer.second, finer], [level.second, level], how);
  }
}

/** Puts the initial flow, or 0, into the records of the coarsest level. */
function startFlow(memory: Memory, { initial, scaleStep }: Tvl1Options): void {
  const { levels } = memory;
  const coarsest = levels.at(-1)!;
  let { flow1, flow2, next1, next2 } = memory;
  if (initial === undefined) {
    const zeros = new Float32Array(coarsest.width * coarsest.height);
    fill(flow1, coarsest, zeros, 1);
    fill(flow2, coarsest, zeros, 1);
  } else {
    fill(flow1, levels[0]!, initial.u, 1);
    fill(flow2, levels[0]!, initial.v, 1);
    const how = {
      scaleX: 1 / scaleStep,
      scaleY: 1 / scaleStep,
      gain: scaleStep,
      work: memory.work,
    };
    for (const [s, level] of levels.slice(1).entries()) {
      resizeBetween([flow1, levels[s]!], [next1, level], how);
      resizeBetween([flow2, levels[s]!], [next2, level], how);
      [flow1, flow2, next1, next2] = [next1, next2, flow1, flow2];
    }
  }
  writeFlow(coarsest, memory.rows, flow1, flow2);
}

function writeFlow(level: Level, rows: number, flow1: number, flow2: number): void {
  kernel.writeFlow(rows, level.stride, level.width, level.height, flow1, flow2, level.pitch);
}

/** Takes the flow of level `s` to the next finer one. */
function enlargeFlow(memory: Memory, s: number, scaleStep: number): void {
  const { flow1, flow2, next1, next2, rows, work, levels } = memory;
  const coarse = levels[s]!, fine = levels[s - 1]!;
  const how = {
    scaleX: coarse.width / fine.width,
    scaleY: coarse.height / fine.height,
    gain: 1 / scaleStep,
    work,
  };
  resizeBetween([flow1, coarse], [next1, fine], how);
  resizeBetween([flow2, coarse], [next2, fine], how);
  writeFlow(fine, rows, next1, next2);
}

interface Task {
  readonly settings: Tvl1Options;
  readonly work: { iterations: number; medians: number };
}

/** Solves one pyramid level in its records and leaves the flow in the planes too. */
function solveLevel(level: Level, memory: Memory, { settings, work }: Task): void {
  const { width, height, pitch, stride, first, second } = level;
  const { rows, interleaved } = memory;
  const { tau, theta, epsilon, innerIterations } = settings;
  const stop = epsilon ** 2 * width * height;
  kernel.interleave(second, pitch, width, height, interleaved);
  for (let warp = 0; warp < settings.warps; warp++) {
    kernel.warp(rows, stride, width, height, first, pitch, interleaved);
    let error = Infinity;
    for (let outer = 0; outer < settings.outerIterations && error > stop; outer++) {
      if (settings.medianFiltering > 1) {
        const median = settings.medianFiltering === 3 ? kernel.median3 : kernel.median5;
        median(rows, stride, width, height, memory.work);
        median(rows + 16, stride, width, height, memory.work);
        work.medians++;
      }
      work.iterations += kernel.iterate(
        rows,
        stride,
        width,
        height,
        settings.lambda * theta,
        tau,
        theta,
        innerIterations,
        stop,
      );
      error = kernel.lastError();
    }
  }
  kernel.readFlow(rows, stride, width, height, memory.flow1, memory.flow2, pitch);
}
