/**
 * What TV-L1 flow can be told, what it reports, and the checks that its two implementations share.
 *
 * @module
 */
import type { Volume } from "lib/core/volume.ts";
import type { FlowField } from "./flow_field.ts";

/** Settings of TV-L1 flow, by the names of OpenCV's `DualTVL1OpticalFlow`. */
export interface Tvl1Options {
  /** Time step of the dual iteration. */
  readonly tau: number;
  /** Weight of the data term: larger follows the images more closely, smaller is smoother. */
  readonly lambda: number;
  /** How tightly the flow is coupled to its auxiliary copy. */
  readonly theta: number;
  /** Pyramid levels at most; levels below 16 pixels a side are left out. */
  readonly nscales: number;
  /** Warps of the second image a level. */
  readonly warps: number;
  /**
   * A warp ends when the mean squared change of the flow is at most epsilon²; 0 never ends early.
   */
  readonly epsilon: number;
  /** Iterations between two median filters, at most. */
  readonly innerIterations: number;
  /** Median filters a warp, at most. */
  readonly outerIterations: number;
  /** Size of a pyramid level relative to the finer one. */
  readonly scaleStep: number;
  /**
   * Weight of an additive change of brightness, estimated beside the flow; 0 for none. Other values
   * are computed without WebAssembly, about ten times as slowly.
   */
  readonly gamma: number;
  /** Side of the median filter's window; 1 filters nothing. */
  readonly medianFiltering: 1 | 3 | 5;
  /** A flow to start from (OpenCV's `useInitialFlow`), instead of 0. */
  readonly initial?: FlowField;
}

/** OpenCV's defaults. */
export const tvl1Defaults: Tvl1Options = {
  tau: 0.25,
  lambda: 0.15,
  theta: 0.3,
  nscales: 5,
  warps: 5,
  epsilon: 0.01,
  innerIterations: 30,
  outerIterations: 10,
  scaleStep: 0.8,
  gamma: 0,
  medianFiltering: 5,
};

/** How much work a flow took. */
export interface Tvl1Report {
  /** Pyramid levels. */
  readonly scales: number;
  /** Inner iterations, summed over levels and warps. */
  readonly iterations: number;
  /** Median filters of both components, summed likewise. */
  readonly medians: number;
}

/** A flow and what it took. */
export interface Tvl1Result {
  readonly flow: FlowField;
  readonly report: Tvl1Report;
}

/** Width and height of a pyramid level. */
export interface LevelSize {
  readonly width: number;
  readonly height: number;
}

/**
 * The smallest side that OpenCV still adds a pyramid level for, and the smallest image taken here.
 */
export const smallestSide = 16;

// Magnified clips leave 0..1 by a little; images of 0..255 leave it by far.
const largestIntensity = 16;

const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 1;
const isPositive = (value: number): boolean => Number.isFinite(value) && value > 0;
const isNotNegative = (value: number): boolean => Number.isFinite(value) && value >= 0;

type Numeric = Exclude<keyof Tvl1Options, "initial">;
const rules: Readonly<Record<Numeric, readonly [(value: number) => boolean, string]>> = {
  tau: [isPositive, "a number above 0"],
  lambda: [isPositive, "a number above 0"],
  theta: [isPositive, "a number above 0"],
  nscales: [isCount, "an integer of at least 1"],
  warps: [isCount, "an integer of at least 1"],
  epsilon: [isNotNegative, "a number of at least 0"],
  innerIterations: [isCount, "an integer of at least 1"],
  outerIterations: [isCount, "an integer of at least 1"],
  scaleStep: [(value) => value > 0 && value < 1, "between 0 and 1, both excluded"],
  gamma: [isNotNegative, "a number of at least 0"],
  medianFiltering: [(value) => [1, 3, 5].includes(value), "1, 3 or 5"],
};

/**
 * Fills in the defaults and checks every field.
 *
 * @param size of the images, which an initial flow must have too
 * @throws RangeError naming the first field that is wrong, and what it may be
 */
export function resolveOptions(options: Partial<Tvl1Options>, size: LevelSize): Tvl1Options {
  const resolved = { ...tvl1Defaults, ...options };
  for (const [field, [holds, what]] of Object.entries(rules)) {
    const value = resolved[field as Numeric];
    if (!holds(value)) throw new RangeError(`TV-L1: ${field} must be ${what}, got ${value}`);
  }
  if (resolved.initial !== undefined) checkInitial(resolved.initial, size);
  return resolved;
}

function checkInitial({ u, v, width, height }: FlowField, size: LevelSize): void {
  const pixels = size.width * size.height;
  if (
    width !== size.width || height !== size.height || u.length !== pixels || v.length !== pixels
  ) {
    throw new RangeError(
      `TV-L1: initial must be a flow of ${size.width}×${size.height}, as the images are; ` +
        `got ${width}×${height} with ${u.length} and ${v.length} values`,
    );
  }
  if (!u.every(Number.isFinite) || !v.every(Number.isFinite)) {
    throw new RangeError("TV-L1: initial must be finite, but has NaN or Infinity");
  }
}

/**
 * Checks that two planes can be compared.
 *
 * @throws RangeError for planes of unequal or other shapes, below 16 pixels a side, with values that
 * are not finite, or that look like 0..255 instead of 0..1
 */
export function checkPlanes(from: Volume, to: Volume): LevelSize {
  const [height = 0, width = 0] = from.shape;
  const shapes = `[${from.shape.join(", ")}] and [${to.shape.join(", ")}]`;
  if (
    from.shape.length !== 2 || to.shape.length !== 2 ||
    to.shape[0] !== height || to.shape[1] !== width
  ) {
    throw new RangeError(`TV-L1 takes two planes [height, width] of one size, got ${shapes}`);
  }
  if (Math.min(width, height) < smallestSide) {
    throw new RangeError(`TV-L1 takes planes of at least 16×16 pixels, got ${width}×${height}`);
  }
  for (const [name, { data }] of [["first", from], ["second", to]] as const) {
    // Written so that NaN fails.
    const bad = data.findIndex((value) => !(Math.abs(value) <= largestIntensity));
    if (bad < 0) continue;
    const place = `(${bad % width}, ${Math.floor(bad / width)})`;
    throw new RangeError(
      `TV-L1 takes intensities of about 0..1 (it multiplies them by 255 itself), ` +
        `got ${data[bad]} at ${place} of the ${name} plane`,
    );
  }
  return { width, height };
}

/** The sizes of the pyramid, finest first: each is the one before times `scaleStep`, rounded. */
export function pyramidSizes(
  size: LevelSize,
  { nscales, scaleStep }: Pick<Tvl1Options, "nscales" | "scaleStep">,
): LevelSize[] {
  const sizes = [size];
  while (sizes.length < nscales) {
    const { width, height } = sizes.at(-1)!;
    const next = {
      width: roundHalfToEven(width * scaleStep),
      height: roundHalfToEven(height * scaleStep),
    };
    if (next.width < smallestSide || next.height < smallestSide) break;
    sizes.push(next);
  }
  return sizes;
}

/** As OpenCV rounds sizes. */
function roundHalfToEven(value: number): number {
  const floor = Math.floor(value);
  return value - floor === 0.5 ? floor + floor % 2 : Math.round(value);
}
