/**
 * TV-L1 optical flow: the displacement that explains the second image by the first with little
 * total variation and an L1 data term, coarse to fine.
 *
 * The method is that of C. Zach, T. Pock, H. Bischof, "A duality based approach for realtime TV-L1
 * optical flow", DAGM 2007, and J. Sánchez, E. Meinhardt-Llopis, G. Facciolo, "TV-L1 optical flow
 * estimation", IPOL 3 (2013). The order of operations and every default are those of
 * `modules/optflow/src/tvl1flow.cpp` of opencv_contrib (3-clause BSD), so results can be compared
 * with OpenCV's `DualTVL1OpticalFlow`; where versions differ, with OpenCV 5: it does not round
 * positions to 1/32 pixel as OpenCV 4 does, which moves single pixels by up to 3.
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
  copyIn,
  copyOut,
  layOut,
  type Level,
  type Memory,
  resizePlane,
  writeFlow,
} from "./tvl1_memory.ts";
import {
  checkPlanes,
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
 * inside, since `lambda` and OpenCV's defaults are meant for 0..255. (The trap: images of 0..255
 * would be followed 255 times as closely. Such values are refused.)
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
  const memory = layOut(pyramidSizes(size, settings));
  const { levels, flow1, flow2 } = memory;
  const finest = levels[0]!;
  copyIn(from.data, [finest.first, finest], 255);
  copyIn(to.data, [finest.second, finest], 255);
  reduceImages(memory, settings.scaleStep);
  startFlow(memory, settings);
  const work = { iterations: 0, medians: 0 };
  for (let s = levels.length - 1; s >= 0; s--) {
    solveLevel(levels[s]!, memory, { settings, work });
    if (s > 0) enlargeFlow(memory, { from: levels[s]!, to: levels[s - 1]! }, settings.scaleStep);
  }
  const flow = { u: copyOut(flow1, finest), v: copyOut(flow2, finest), ...size };
  return { flow, report: { scales: levels.length, ...work } };
}

/** Fills the coarser levels of both images. */
function reduceImages({ levels, work }: Memory, scaleStep: number): void {
  const how = { scaleX: 1 / scaleStep, scaleY: 1 / scaleStep, gain: 1, work };
  for (const [s, level] of levels.slice(1).entries()) {
    const finer = levels[s]!;
    resizePlane([finer.first, finer], [level.first, level], how);
    resizePlane([finer.second, finer], [level.second, level], how);
  }
}

/** Puts the initial flow, or 0, into the records of the coarsest level. */
function startFlow(memory: Memory, { initial, scaleStep }: Tvl1Options): void {
  const { levels, work } = memory;
  const finest = levels[0]!, coarsest = levels.at(-1)!;
  let flow = [memory.flow1, memory.flow2] as const;
  let next = [memory.next1, memory.next2] as const;
  if (initial === undefined) {
    const zeros = new Float32Array(coarsest.width * coarsest.height);
    for (const address of flow) copyIn(zeros, [address, coarsest]);
  } else {
    copyIn(initial.u, [flow[0], finest]);
    copyIn(initial.v, [flow[1], finest]);
    const how = { scaleX: 1 / scaleStep, scaleY: 1 / scaleStep, gain: scaleStep, work };
    for (const [s, level] of levels.slice(1).entries()) {
      for (const i of [0, 1] as const) resizePlane([flow[i], levels[s]!], [next[i], level], how);
      [flow, next] = [next, flow];
    }
  }
  writeFlow(coarsest, memory.rows, flow);
}

/** Takes the flow of a level to the next finer one's records. */
function enlargeFlow(
  memory: Memory,
  { from: coarse, to: fine }: { readonly from: Level; readonly to: Level },
  scaleStep: number,
): void {
  const { flow1, flow2, next1, next2, rows, work } = memory;
  const how = {
    scaleX: coarse.width / fine.width,
    scaleY: coarse.height / fine.height,
    gain: 1 / scaleStep,
    work,
  };
  resizePlane([flow1, coarse], [next1, fine], how);
  resizePlane([flow2, coarse], [next2, fine], how);
  writeFlow(fine, rows, [next1, next2]);
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
      // deno-fmt-ignore: where, how
      work.iterations += kernel.iterate(
        rows, stride, width, height,
        settings.lambda * theta, tau, theta, innerIterations, stop,
      );
      error = kernel.lastError();
    }
  }
  kernel.readFlow(rows, stride, width, height, memory.flow1, memory.flow2, pitch);
}
