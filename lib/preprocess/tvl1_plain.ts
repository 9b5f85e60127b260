/**
 * TV-L1 flow in plain TypeScript: the twin of `tvl1.ts`, one loop for each formula. It is what
 * tests compare the WebAssembly kernels with, and it computes what these leave out (`gamma`).
 *
 * Order of operations: `modules/optflow/src/tvl1flow.cpp` of opencv_contrib (3-clause BSD), which
 * follows C. Zach, T. Pock, H. Bischof, "A duality based approach for realtime TV-L1 optical flow",
 * DAGM 2007, and J. Sánchez, E. Meinhardt-Llopis, G. Facciolo, "TV-L1 optical flow estimation",
 * IPOL 3 (2013).
 *
 * @module
 */
import type { Volume } from "lib/core/volume.ts";
import type { FlowField } from "./flow_field.ts";
import {
  checkPlanes,
  type LevelSize,
  pyramidSizes,
  resolveOptions,
  type Tvl1Options,
  type Tvl1Result,
} from "./tvl1_options.ts";
import {
  centredGradient,
  divergence,
  dualStep,
  medianFilter,
  type Plane,
  resizePlane,
  sampleCubic,
} from "./tvl1_steps.ts";

/** TV-L1 flow with the arguments, result and errors of `tvl1()` of `tvl1.ts`. */
export function tvl1Plain(
  from: Volume,
  to: Volume,
  options: Partial<Tvl1Options> = {},
): FlowField {
  return tvl1PlainWithReport(from, to, options).flow;
}

/** {@linkcode tvl1Plain} with the number of iterations. */
export function tvl1PlainWithReport(
  from: Volume,
  to: Volume,
  options: Partial<Tvl1Options> = {},
): Tvl1Result {
  const size = checkPlanes(from, to);
  const settings = resolveOptions(options, size);
  const sizes = pyramidSizes(size, settings);
  const first = pyramid(scaledPlane(from.data, 255, size), sizes, settings.scaleStep);
  const second = pyramid(scaledPlane(to.data, 255, size), sizes, settings.scaleStep);
  const work = { iterations: 0, medians: 0 };
  let unknowns = start(settings, sizes);
  for (let s = sizes.length - 1;; s--) {
    solveLevel({ first: first[s]!, second: second[s]! }, unknowns, { settings, work });
    if (s === 0) break;
    unknowns = unknowns.map(({ plane, weight }) => ({
      plane: enlarge(plane, sizes[s - 1]!, weight === 0 ? 1 / settings.scaleStep : 1),
      weight,
    }));
  }
  const [u, v] = unknowns.map(({ plane }) => plane.data) as [Float32Array, Float32Array];
  return { flow: { u, v, ...size }, report: { scales: sizes.length, ...work } };
}

/**
 * Something that is solved for: a component of the flow, or, with a weight, the brightness change.
 */
interface Unknown {
  readonly plane: Plane;
  /** gamma for the brightness change; 0 for a component of the flow. */
  readonly weight: number;
}

function scaledPlane(data: Float32Array, factor: number, size: LevelSize): Plane {
  return { data: data.map((value) => value * factor), ...size };
}

function emptyPlane({ width, height }: LevelSize): Plane {
  return { data: new Float32Array(width * height), width, height };
}

function pyramid(finest: Plane, sizes: readonly LevelSize[], step: number, gain = 1): Plane[] {
  const planes = [finest];
  for (const size of sizes.slice(1)) {
    planes.push(resizePlane(planes.at(-1)!, size, { scaleX: 1 / step, scaleY: 1 / step, gain }));
  }
  return planes;
}

function enlarge(plane: Plane, size: LevelSize, gain: number): Plane {
  const scaleX = plane.width / size.width, scaleY = plane.height / size.height;
  return resizePlane(plane, size, { scaleX, scaleY, gain });
}

/** The unknowns at the coarsest level. */
function start({ initial, gamma, scaleStep }: Tvl1Options, sizes: readonly LevelSize[]): Unknown[] {
  const coarsest = sizes.at(-1)!;
  const component = (data?: Float32Array): Plane => {
    if (data === undefined) return emptyPlane(coarsest);
    return pyramid(scaledPlane(data, 1, sizes[0]!), sizes, scaleStep, scaleStep).at(-1)!;
  };
  const flow = [component(initial?.u), component(initial?.v)];
  return [
    ...flow.map((plane) => ({ plane, weight: 0 })),
    ...(gamma === 0 ? [] : [{ plane: emptyPlane(coarsest), weight: Math.fround(gamma) }]),
  ];
}

interface Images {
  readonly first: Plane;
  readonly second: Plane;
}

interface Task {
  readonly settings: Tvl1Options;
  readonly work: { iterations: number; medians: number };
}

/** Improves the unknowns of one pyramid level in place. */
function solveLevel({ first, second }: Images, unknowns: readonly Unknown[], task: Task): void {
  const { settings, work } = task;
  const stop = settings.epsilon ** 2 * first.data.length;
  const duals = unknowns.map(() => ({ x: emptyPlane(first).data, y: emptyPlane(first).data }));
  const gradient = centredGradient(second);
  const [u, v] = unknowns.map(({ plane }) => plane) as [Plane, Plane];
  for (let warp = 0; warp < settings.warps; warp++) {
    const warped = warpImages({ first, second, ...gradient }, u, v);
    let error = Infinity;
    for (let outer = 0; outer < settings.outerIterations && error > stop; outer++) {
      if (settings.medianFiltering > 1) {
        for (const plane of [u, v]) plane.data.set(medianFilter(plane, settings.medianFiltering));
        work.medians++;
      }
      for (let inner = 0; inner < settings.innerIterations && error > stop; inner++) {
        error = primalStep(warped, unknowns, { duals, settings });
        unknowns.forEach(({ plane }, i) =>
          dualStep(plane, duals[i]!, Math.fround(settings.tau / settings.theta))
        );
        work.iterations++;
      }
    }
  }
}

/** What a warp leaves for the inner iterations. */
interface Warped {
  readonly gx: Float32Array;
  readonly gy: Float32Array;
  /** |gradient|². */
  readonly square: Float32Array;
  /** I1(x + u) - ∇I1(x + u) u - I0(x). */
  readonly rho: Float32Array;
}

function warpImages(
  images: Images & { readonly dx: Plane; readonly dy: Plane },
  u: Plane,
  v: Plane,
): Warped {
  const grey = sampleCubic(images.second, u, v);
  const gx = sampleCubic(images.dx, u, v), gy = sampleCubic(images.dy, u, v);
  return {
    gx,
    gy,
    square: gx.map((x, i) => x * x + gy[i]! * gy[i]!),
    rho: grey.map((value, i) =>
      value - gx[i]! * u.data[i]! - gy[i]! * v.data[i]! - images.first.data[i]!
    ),
  };
}

// Below this |gradient|² a pixel says nothing: OpenCV's limit, FLT_EPSILON.
const smallestSquare = 2 ** -23;

/**
 * Thresholding and the primal step.
 *
 * @returns the sum of squared changes
 */
function primalStep(
  { gx, gy, square, rho }: Warped,
  unknowns: readonly Unknown[],
  { duals, settings }: {
    readonly duals: readonly { readonly x: Float32Array; readonly y: Float32Array }[];
    readonly settings: Tvl1Options;
  },
): number {
  const theta = Math.fround(settings.theta);
  const limit = Math.fround(settings.lambda * settings.theta);
  const [u, v, light] = unknowns.map(({ plane }) => plane.data) as
    & [Float32Array, Float32Array]
    & Float32Array[];
  const weight = unknowns[2]?.weight ?? 0;
  const threshold = new Float64Array(rho.length);
  for (let i = 0; i < rho.length; i++) {
    const residual = rho[i]! + gx[i]! * u[i]! + gy[i]! * v[i]! + weight * (light?.[i] ?? 0);
    if (residual < -limit * square[i]!) threshold[i] = limit;
    else if (residual > limit * square[i]!) threshold[i] = -limit;
    else if (square[i]! > smallestSquare) threshold[i] = -residual / square[i]!;
  }
  let error = 0;
  unknowns.forEach(({ plane }, k) => {
    const direction = [gx, gy][k];
    const slope = divergence(duals[k]!, plane);
    for (let i = 0; i < rho.length; i++) {
      const old = plane.data[i]!;
      plane.data[i] = old + threshold[i]! * (direction?.[i] ?? weight) + theta * slope[i]!;
      error += (plane.data[i]! - old) ** 2;
    }
  });
  return error;
}
