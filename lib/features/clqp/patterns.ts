/**
 * The patterns of STCLQP (X. Huang, G. Zhao, X. Hong, W. Zheng, M. Pietikäinen, "Spontaneous facial
 * micro-expression analysis using spatiotemporal completed local quantized patterns", Neurocomputing 175,
 * 2016): for each voxel and each of the three planes, what its neighbours are to it in three respects.
 *
 * The loops are WebAssembly SIMD (`lib/features/lbp/kernels/lbp.as.ts`); `patterns_plain.ts` is the same in
 * plain TypeScript.
 *
 * @module
 */
import type { Volume } from "lib/core/volume.ts";
import * as kernel from "lib/features/lbp/kernels/lbp.wasm";
import {
  codedPlace,
  type Codes,
  floatsAt,
  layOut,
  type Memory,
  readCodes,
  type Room,
  writeClip,
  writeSamples,
} from "lib/features/lbp/memory.ts";
import { codedShape, type Plane, planes, type Radii, samplesOf } from "lib/features/lbp/planes.ts";
import { gradients } from "./gradients.ts";

/**
 * - `sign`: whether the neighbour is not darker;
 * - `magnitude`: whether its absolute difference is at least the mean one;
 * - `orientation`: whether grey changes there in the same direction, to 90°.
 */
export const components = ["sign", "magnitude", "orientation"] as const;

/** One of {@linkcode components}. */
export type Component = typeof components[number];

/** A component in a plane: each of the nine has patterns, and a codebook, of its own. */
export interface PatternSet {
  readonly component: Component;
  readonly plane: Plane;
}

/** The nine sets: components in order, planes in order within each. */
export const patternSets: readonly PatternSet[] = components.flatMap((component) =>
  planes.map((plane) => ({ component, plane }))
);

/** Neighbours on each ring. */
export const ringNeighbours = 8;

/** The bits of a pattern: the inner ring's, then the outer ring's. */
export const patternBits = 2 * ringNeighbours;

/** The radii of the two rings; the outer one's are not smaller. */
export interface Rings {
  readonly inner: Radii["radii"];
  readonly outer: Radii["radii"];
}

/**
 * The radii that the border depends on.
 *
 * @throws RangeError when the inner ring reaches further than the outer one
 */
export function reachOf({ inner, outer }: Rings): Radii {
  for (const axis of ["x", "y", "t"] as const) {
    if (inner[axis] > outer[axis]) {
      throw new RangeError(
        `The inner ring reaches further than the outer one in ${axis}: ${inner[axis]} > ${
          outer[axis]
        }`,
      );
    }
  }
  return { radii: outer };
}

/** The samples of the inner and of the outer ring. */
export function ringSamples(plane: Plane, { inner, outer }: Rings) {
  const neighbours = { xy: ringNeighbours, xt: ringNeighbours, yt: ringNeighbours };
  return [inner, outer].map((radii) => samplesOf(plane, { radii, neighbours }));
}

/** A clip in the kernel's memory. */
export interface LoadedClip {
  readonly clip: Volume;
  readonly rings: Rings;
  readonly memory: Memory;
}

/**
 * Copies a clip and its gradients into the kernel's memory.
 *
 * @param clip `[frames, height, width]`
 * @param counts how many numbers the histograms have that will be counted
 * @throws RangeError when the clip is not finite or too small for the rings
 */
export function loadClip(clip: Volume, rings: Rings, counts: number): LoadedClip {
  const room: Room = { counts, extra: planes.length };
  const memory = layOut(clip, reachOf(rings), room);
  writeClip(clip, memory.clip);
  gradients(clip).forEach((values, axis) => {
    floatsAt(memory.extra[axis]!, values.length).set(values);
  });
  return { clip, rings, memory };
}

/**
 * Makes the patterns of one set in the kernel's memory, where the last ones were.
 *
 * DEVIATION: the article names an orientation-based difference of pixels; how it is coded was not at hand.
 * Here a bit says whether the gradient at the neighbour, in the plane, is within 90° of the centre's.
 *
 * DEVIATION: a pattern has two rings of eight neighbours; which geometries the article found best was not
 * at hand. The mean difference, which magnitudes are compared with, is taken over the clip, for each plane
 * and ring, as completed local binary patterns take it over the image: nothing of it is learned.
 */
export function makePatterns({ component, plane }: PatternSet, loaded: LoadedClip): void {
  const { clip, rings, memory } = loaded;
  const place = (at: number) => codedPlace(clip, reachOf(rings), at);
  const parts = ringSamples(plane, rings);
  const samples = parts.flat();
  const target = [memory.samples, samples.length, memory.codes, memory.pitch] as const;
  switch (component) {
    case "sign":
      writeSamples(samples, clip, { at: memory.samples });
      return kernel.codes(...place(memory.clip), ...target);
    case "magnitude": {
      const thresholds = parts.flatMap((ring) => {
        writeSamples(ring, clip, { at: memory.samples });
        const mean = kernel.meanDifference(...place(memory.clip), memory.samples, ring.length);
        return ring.map(() => mean);
      });
      writeSamples(samples, clip, { at: memory.samples, thresholds });
      return kernel.magnitudeCodes(...place(memory.clip), ...target);
    }
    case "orientation": {
      const [x, y, t] = memory.extra as [number, number, number];
      const [across, along] = { xy: [x, y], xt: [x, t], yt: [y, t] }[plane] as [number, number];
      writeSamples(samples, clip, { at: memory.samples });
      const [first, ...rest] = place(across);
      return kernel.orientationCodes(first, along - across, ...rest, ...target);
    }
  }
}

/**
 * The patterns of each voxel in one set: bit p for neighbour p of the inner ring, bit 8 + p for that of the
 * outer one.
 *
 * @param clip `[frames, height, width]`
 * @throws RangeError as {@linkcode loadClip}
 */
export function patternsOf(clip: Volume, set: PatternSet, rings: Rings): Codes {
  const loaded = loadClip(clip, rings, 0);
  makePatterns(set, loaded);
  return readCodes(codedShape(clip, reachOf(rings)), loaded.memory);
}
