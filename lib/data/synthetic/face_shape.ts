/**
 * Where the 68 points of a drawn face are.
 *
 * Lengths are in units of the distance between the eyes' centres, with the origin in the middle
 * between them, x to the right and y down.
 *
 * @module
 */
import type { Rng } from "lib/core/rng.ts";
import { centroid, mirrored, type Point } from "./geometry.ts";

/**
 * One half of a face, by the point's number: the mean shape that dlib's 68-point model starts from
 * (`shape_predictor_68_face_landmarks.dat`, CC0), made symmetric, with the mouth closed.
 */
const meanHalf: ReadonlyMap<number, Point> = new Map<number, Point>([
  [0, [-1.145, 0.016]],
  [1, [-1.137, 0.319]],
  [2, [-1.105, 0.621]],
  [3, [-1.042, 0.917]],
  [4, [-0.924, 1.192]],
  [5, [-0.743, 1.43]],
  [6, [-0.521, 1.629]],
  [7, [-0.277, 1.775]],
  [8, [0, 1.822]],
  [17, [-0.927, -0.205]],
  [18, [-0.785, -0.333]],
  [19, [-0.584, -0.371]],
  [20, [-0.377, -0.342]],
  [21, [-0.183, -0.261]],
  [27, [0, -0.024]],
  [28, [0, 0.172]],
  [29, [0, 0.365]],
  [30, [0, 0.564]],
  [31, [-0.232, 0.699]],
  [32, [-0.121, 0.74]],
  [33, [0, 0.775]],
  [36, [-0.696, 0.001]],
  [37, [-0.572, -0.07]],
  [38, [-0.424, -0.068]],
  [39, [-0.294, 0.03]],
  [40, [-0.433, 0.055]],
  [41, [-0.581, 0.053]],
  [48, [-0.445, 1.082]],
  [49, [-0.281, 1.013]],
  [50, [-0.116, 0.978]],
  [51, [0, 1.005]],
  [57, [0, 1.265]],
  [58, [-0.125, 1.252]],
  [59, [-0.287, 1.191]],
  [60, [-0.377, 1.087]],
  [61, [-0.117, 1.084]],
  [62, [0, 1.095]],
  [66, [0, 1.112]],
  [67, [-0.119, 1.102]],
]);

/** The other half's number of a point of {@linkcode meanHalf}. */
function opposite(index: number): number {
  if (index <= 16) return 16 - index;
  if (index <= 26) return 43 - index;
  if (index <= 30) return index;
  if (index <= 35) return 66 - index;
  if (index <= 39) return 81 - index;
  if (index <= 41) return 87 - index;
  if (index <= 54) return 102 - index;
  if (index <= 59) return 114 - index;
  return index <= 64 ? 124 - index : 132 - index;
}

/** What makes one face's geometry differ from another's; 1 or 0 is the mean. */
interface Proportions {
  readonly width: number;
  readonly length: number;
  readonly jaw: number;
  readonly eyeOpening: number;
  readonly eyeWidth: number;
  readonly eyeTilt: number;
  readonly browHeight: number;
  readonly noseLength: number;
  readonly noseWidth: number;
  readonly mouthWidth: number;
  readonly lips: number;
  readonly lean: number;
}

/** Draws the geometry of a person: 68 points in the order of dlib's model. */
export function faceShape(stream: Rng): Point[] {
  const within = (low: number, high: number) => low + (high - low) * stream.next();
  const proportions: Proportions = {
    width: within(0.95, 1.06),
    length: within(0.95, 1.05),
    jaw: within(-0.05, 0.05),
    eyeOpening: within(1, 1.3),
    eyeWidth: within(0.95, 1.06),
    eyeTilt: within(-0.06, 0.06),
    browHeight: within(-0.05, 0.04),
    noseLength: within(0.95, 1.05),
    noseWidth: within(0.92, 1.12),
    mouthWidth: within(0.93, 1.08),
    lips: within(0.85, 1.2),
    lean: within(-0.012, 0.012),
  };
  const points: Point[] = new Array(68);
  for (const [index, point] of meanHalf) {
    const moved = placed(index, point, proportions);
    points[index] = moved;
    points[opposite(index)] = mirrored(moved);
  }
  // No face is symmetric: one half sits a little higher.
  return points.map(([x, y]) => [x, y + proportions.lean * Math.max(-1, Math.min(1, 4 * x))]);
}

const eyeCentre = centroid([36, 37, 38, 39, 40, 41].map((index) => meanHalf.get(index)!));
const parting = 1.1;

function placed(index: number, [x, y]: Point, face: Proportions): Point {
  const mouthDown = (face.noseLength - 1) * 0.7 + (face.length - 1) * 0.9;
  if (index <= 16) {
    const share = Math.min(1, Math.max(0, y / 1.82));
    const square = 1 + face.jaw * Math.sin(Math.PI * share);
    return [x * face.width * square, y * (y > 0 ? face.length : 1)];
  }
  if (index <= 26) return [x * (0.5 + 0.5 * face.width), y - face.browHeight];
  if (index <= 35) return [x * face.noseWidth, y * face.noseLength];
  if (index <= 47) {
    const [dx, dy] = [x - eyeCentre[0], y - eyeCentre[1]];
    return [
      eyeCentre[0] + dx * face.eyeWidth,
      eyeCentre[1] + dy * face.eyeOpening + dx * face.eyeTilt,
    ];
  }
  return [x * face.mouthWidth, parting + (y - parting) * face.lips + mouthDown];
}
