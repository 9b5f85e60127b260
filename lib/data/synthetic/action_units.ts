/**
 * How single muscles move the skin: action units of the Facial Action Coding System as Gaussian
 * pulls, placed by a face's own points.
 *
 * @module
 */
import { between, type Point } from "./geometry.ts";

/** A patch of skin that is pulled; the displacement fades out as a Gaussian. */
export interface Pull {
  readonly at: Point;
  /** Standard deviations of the patch. */
  readonly spread: Point;
  /** Displacement at its centre. */
  readonly by: Point;
}

/** Units that are modelled. */
export type ActionUnit = keyof typeof units;

/** A half of the face as the image shows it: the person's right is on the left. */
export type Half = -1 | 1;

/** The anchors of the right half of the image. */
interface Anchors {
  readonly innerBrow: Point;
  readonly midBrow: Point;
  readonly outerBrow: Point;
  readonly eye: Point;
  readonly upperLid: Point;
  readonly lowerLid: Point;
  readonly nostril: Point;
  readonly upperLip: Point;
  readonly lowerLip: Point;
  readonly corner: Point;
  readonly chin: Point;
}

/** Pulls of the right half of the image; on the other half x and the sideways pull are mirrored. */
const units = {
  1: (face: Anchors) => [
    pull(face.innerBrow, [0.15, 0.13], [-0.05, -1]),
    pull(above(face.innerBrow, 0.3), [0.2, 0.2], [0, -0.45]),
  ],
  2: (face: Anchors) => [
    pull(face.outerBrow, [0.18, 0.13], [0.08, -1]),
    pull(above(face.outerBrow, 0.28), [0.2, 0.18], [0, -0.4]),
  ],
  4: (face: Anchors) => [
    pull(face.innerBrow, [0.18, 0.13], [-0.5, 0.75]),
    pull(face.midBrow, [0.2, 0.12], [-0.2, 0.45]),
    pull([0.05, -0.12], [0.1, 0.14], [-0.1, 0.35]),
  ],
  5: (face: Anchors) => [pull(face.upperLid, [0.17, 0.07], [0, -0.8])],
  6: (face: Anchors) => [
    pull([face.eye[0] + 0.12, 0.45], [0.24, 0.16], [-0.05, -0.65]),
    pull(face.lowerLid, [0.18, 0.07], [0, -0.4]),
    pull([face.eye[0] + 0.3, 0.08], [0.12, 0.14], [-0.35, 0.05]),
  ],
  7: (face: Anchors) => [
    pull(face.lowerLid, [0.2, 0.07], [-0.05, -0.75]),
    pull(face.upperLid, [0.18, 0.06], [0, 0.35]),
  ],
  9: (face: Anchors) => [
    pull(above(face.nostril, 0.14), [0.11, 0.17], [0.05, -0.8]),
    pull([0.08, 0.12], [0.12, 0.14], [0, 0.3]),
    pull(face.upperLip, [0.16, 0.08], [0, -0.35]),
  ],
  10: (face: Anchors) => [
    pull(face.upperLip, [0.18, 0.09], [0.05, -0.85]),
    pull(between(face.nostril, face.corner, 0.45), [0.13, 0.14], [0.12, -0.5]),
  ],
  12: (face: Anchors) => [
    pull(face.corner, [0.17, 0.14], [0.6, -0.8]),
    pull([face.corner[0] + 0.16, 0.75], [0.2, 0.2], [0.2, -0.45]),
  ],
  14: (face: Anchors) => [
    pull(face.corner, [0.16, 0.13], [0.8, 0.05]),
    pull([face.corner[0] + 0.2, face.corner[1]], [0.12, 0.16], [-0.25, -0.1]),
  ],
  15: (face: Anchors) => [
    pull(face.corner, [0.16, 0.13], [0.1, 0.85]),
    pull([face.corner[0] - 0.02, face.corner[1] + 0.22], [0.15, 0.14], [0, 0.45]),
  ],
  17: (face: Anchors) => [
    pull([0.14, face.chin[1] - 0.3], [0.2, 0.16], [0, -0.8]),
    pull(face.lowerLip, [0.18, 0.09], [0, -0.5]),
  ],
  20: (face: Anchors) => [
    pull(face.corner, [0.18, 0.13], [0.85, 0.25]),
    pull(face.lowerLip, [0.15, 0.1], [0.3, 0.2]),
  ],
  24: (face: Anchors) => [
    pull(face.upperLip, [0.2, 0.07], [-0.1, 0.65]),
    pull(face.lowerLip, [0.2, 0.08], [-0.1, -0.6]),
    pull(face.corner, [0.12, 0.1], [-0.35, 0]),
  ],
  25: (face: Anchors) => [
    pull(face.lowerLip, [0.22, 0.1], [0, 0.8]),
    pull([0.12, face.chin[1] - 0.2], [0.25, 0.18], [0, 0.5]),
  ],
} as const satisfies Record<number, (face: Anchors) => Pull[]>;

/** The pulls of a unit on one half of a face. */
export function pullsOf(unit: ActionUnit, half: Half, points: readonly Point[]): Pull[] {
  return units[unit](anchorsOf(points, half)).map(({ at, spread, by }) => ({
    at: [half * at[0], at[1]],
    spread,
    by: [half * by[0], by[1]],
  }));
}

function pull(at: Point, spread: Point, by: Point): Pull {
  return { at, spread, by };
}

function above([x, y]: Point, by: number): Point {
  return [x, y - by];
}

/** The anchors of a half, mirrored to the right if it is the left one. */
function anchorsOf(points: readonly Point[], half: Half): Anchors {
  const at = (left: number, right: number): Point => {
    const [x, y] = points[half < 0 ? left : right]!;
    return [half * x, y];
  };
  const eye = between(at(36, 45), at(39, 42));
  return {
    innerBrow: between(at(20, 23), at(21, 22), 0.6),
    midBrow: at(19, 24),
    outerBrow: between(at(17, 26), at(18, 25), 0.7),
    eye,
    upperLid: between(at(37, 44), at(38, 43)),
    lowerLid: between(at(40, 47), at(41, 46)),
    nostril: at(31, 35),
    upperLip: at(50, 52),
    lowerLip: between(at(67, 65), at(58, 56)),
    corner: at(48, 54),
    chin: points[8]!,
  };
}
