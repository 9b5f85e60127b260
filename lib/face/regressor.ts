/**
 * Landmarks by an ensemble of regression trees, as dlib's `shape_predictor` computes them.
 *
 * V. Kazemi, J. Sullivan, _One millisecond face alignment with an ensemble of regression trees_,
 * CVPR 2014. The order of operations and every rounding to single precision follow dlib's
 * `image_processing/shape_predictor.h`, so that the points agree with dlib's to the pixel; here they
 * keep their fractions.
 *
 * @module
 */
import type { Frame } from "lib/preprocess/frame.ts";
import type { Box } from "./box.ts";
import { readIntensities } from "./pixels.ts";

/** The sizes of a regressor; every tree has `2 ** depth` leaves. */
export interface RegressorSizes {
  /** Landmarks. */
  readonly points: number;
  /** Stages; the pixels are looked up anew in each. */
  readonly cascades: number;
  /** Trees of one stage. */
  readonly trees: number;
  /** Questions from the root of a tree to a leaf. */
  readonly depth: number;
  /** Pixels that one stage looks up. */
  readonly pixels: number;
}

/** A trained regressor, in the flat arrays that prediction walks through. */
export interface Regressor {
  readonly sizes: RegressorSizes;
  /** Mean shape, x and y in turn, in units of the face's box: `points * 2`. */
  readonly initial: Float32Array;
  /** Thresholds of the questions: `cascades * trees * (2 ** depth - 1)`, root first. */
  readonly thresholds: Float32Array;
  /** What a leaf adds to the shape: `cascades * trees * 2 ** depth * points * 2`. */
  readonly leaves: Float32Array;
  /** A pixel's offset from its landmark, x and y in turn: `cascades * pixels * 2`. */
  readonly deltas: Float32Array;
  /** The two pixels whose difference a question is about: two for each threshold. */
  readonly pairs: Uint16Array;
  /** The landmark that a pixel goes with: `cascades * pixels`. */
  readonly anchors: Uint16Array;
}

/** How many numbers each array of a regressor has. */
export function regressorLengths(sizes: RegressorSizes): {
  readonly [Name in Exclude<keyof Regressor, "sizes">]: number;
} {
  const { points, cascades, trees, depth, pixels } = sizes;
  const questions = cascades * trees * (2 ** depth - 1);
  return {
    initial: points * 2,
    thresholds: questions,
    leaves: cascades * trees * 2 ** depth * points * 2,
    deltas: cascades * pixels * 2,
    pairs: questions * 2,
    anchors: cascades * pixels,
  };
}

/**
 * Finds the landmarks of the face in a box.
 *
 * The box means what dlib's does: the mean shape's unit square reaches from the middle of its first
 * pixel to the middle of its last, so `{x: 179, y: 83, width: 88, height: 88}` is dlib's
 * `rectangle(179, 83, 266, 170)`. Rounded to the nearest pixel (`Math.floor(v + .5)`) the points are
 * dlib's. Pixels outside the frame count as black, as in dlib.
 *
 * @returns x and y in turn, in pixels of the frame: `points * 2`
 */
export function predict(regressor: Regressor, frame: Frame, box: Box): Float32Array<ArrayBuffer> {
  const { sizes: { points, cascades, pixels }, initial } = regressor;
  const shape = initial.slice();
  const centred = centre(initial);
  const places = new Int32Array(pixels);
  const samples = new Float32Array(pixels);
  const chosen = new Int32Array(regressor.sizes.trees);
  for (let cascade = 0; cascade < cascades; cascade++) {
    const turn = similarity(centred, shape);
    placePixels({ regressor, frame, box, places }, { cascade, shape, turn });
    readIntensities(frame, places, samples);
    chooseLeaves(regressor, { cascade, samples, chosen });
    addLeaves(shape, regressor.leaves, chosen);
  }
  const found = new Float32Array(points * 2);
  for (let i = 0; i < found.length; i += 2) {
    found[i] = belowTie(box.x + (box.width - 1) * shape[i]!);
    found[i + 1] = belowTie(box.y + (box.height - 1) * shape[i + 1]!);
  }
  return found;
}

/**
 * A number in single precision that is rounded to the same integer as it was in double precision:
 * 690.4999999 must not become 690.5.
 */
function belowTie(value: number): number {
  const single = Math.fround(value);
  const moved = Math.floor(single + 0.5) > Math.floor(value + 0.5);
  return moved ? single - Math.abs(single) * 2 ** -23 : single;
}

/** A shape moved so that its mean is 0, in double precision, and its sum of squares. */
interface Centred {
  readonly values: Float64Array;
  readonly squares: number;
}

function centre(shape: Float32Array): Centred {
  const values = new Float64Array(shape);
  const count = shape.length / 2;
  let [x, y, squares] = [0, 0, 0];
  for (let i = 0; i < values.length; i += 2) {
    x += values[i]!;
    y += values[i + 1]!;
  }
  x /= count;
  y /= count;
  for (let i = 0; i < values.length; i += 2) {
    const [dx, dy] = [values[i]! - x, values[i + 1]! - y];
    values[i] = dx;
    values[i + 1] = dy;
    squares += dx * dx + dy * dy;
  }
  return { values, squares };
}

/** Cosine and sine of a rotation, both times a scale. */
type Turn = readonly [cosine: number, sine: number];

/**
 * The rotation and scale that bring `from` nearest to `shape` (least squares; in the plane the
 * solution is closed, dlib reaches the same by a singular value decomposition).
 */
function similarity(from: Centred, shape: Float32Array): Turn {
  if (from.squares === 0) return [1, 0];
  const to = centre(shape).values;
  let [cosine, sine] = [0, 0];
  for (let i = 0; i < to.length; i += 2) {
    const [fx, fy, tx, ty] = [from.values[i]!, from.values[i + 1]!, to[i]!, to[i + 1]!];
    cosine += fx * tx + fy * ty;
    sine += fx * ty - fy * tx;
  }
  return [Math.fround(cosine / from.squares), Math.fround(sine / from.squares)];
}

interface Placing {
  readonly regressor: Regressor;
  readonly frame: Frame;
  readonly box: Box;
  readonly places: Int32Array;
}

interface Stage {
  readonly cascade: number;
  readonly shape: Float32Array;
  readonly turn: Turn;
}

/** Fills `places` with the pixels that one stage asks about; -1 for one outside the frame. */
function placePixels(
  { regressor: { deltas, anchors }, frame: { width, height }, box, places }: Placing,
  { cascade, shape, turn: [cosine, sine] }: Stage,
): void {
  const { fround, floor } = Math;
  const { x: left, y: top } = box;
  const [right, down] = [box.width - 1, box.height - 1];
  const first = cascade * places.length;
  for (let i = 0; i < places.length; i++) {
    const dx = deltas[2 * (first + i)]!;
    const dy = deltas[2 * (first + i) + 1]!;
    const anchor = 2 * anchors[first + i]!;
    const u = fround(fround(fround(cosine * dx) - fround(sine * dy)) + shape[anchor]!);
    const v = fround(fround(fround(sine * dx) + fround(cosine * dy)) + shape[anchor + 1]!);
    const x = floor(left + right * u + 0.5);
    const y = floor(top + down * v + 0.5);
    places[i] = x >= 0 && y >= 0 && x < width && y < height ? y * width + x : -1;
  }
}

interface Choosing {
  readonly cascade: number;
  readonly samples: Float32Array;
  readonly chosen: Int32Array;
}

/**
 * Walks down each tree of a stage; `chosen` gets where its leaf begins. The way is computed rather
 * than branched on: which way a tree goes cannot be predicted, and a wrong guess costs more.
 */
function chooseLeaves(
  { sizes: { trees, depth, points }, pairs, thresholds }: Regressor,
  { cascade, samples, chosen }: Choosing,
): void {
  // By a shift, since the engine computes on with doubles after a power.
  const questions = (1 << depth) - 1;
  for (let tree = 0; tree < trees; tree++) {
    const first = (cascade * trees + tree) * questions;
    let node = 0;
    for (let level = 0; level < depth; level++) {
      const pair = 2 * (first + node);
      const difference = samples[pairs[pair]!]! - samples[pairs[pair + 1]!]!;
      node = 2 * node + 2 - Number(difference > thresholds[first + node]!);
    }
    const leaf = (cascade * trees + tree) * (questions + 1) + node - questions;
    chosen[tree] = leaf * points * 2;
  }
}

/**
 * Adds the leaves to the shape, each number in the order of the trees and rounded to single
 * precision after each addition, as dlib does. Four sums at a time stay in registers.
 */
function addLeaves(shape: Float32Array, leaves: Float32Array, chosen: Int32Array): void {
  const { fround } = Math;
  const count = chosen.length;
  let i = 0;
  for (; i + 4 <= shape.length; i += 4) {
    let a = fround(shape[i]!);
    let b = fround(shape[i + 1]!);
    let c = fround(shape[i + 2]!);
    let d = fround(shape[i + 3]!);
    for (let tree = 0; tree < count; tree++) {
      const at = chosen[tree]! + i;
      a = fround(a + leaves[at]!);
      b = fround(b + leaves[at + 1]!);
      c = fround(c + leaves[at + 2]!);
      d = fround(d + leaves[at + 3]!);
    }
    shape[i] = a;
    shape[i + 1] = b;
    shape[i + 2] = c;
    shape[i + 3] = d;
  }
  for (; i < shape.length; i++) {
    let a = fround(shape[i]!);
    for (let tree = 0; tree < count; tree++) a = fround(a + leaves[chosen[tree]! + i]!);
    shape[i] = a;
  }
}
