/**
 * The face of a frame and its 68 landmarks, in the order of the iBUG 300-W markup that dlib uses.
 *
 * @example
 * ```ts ignore
 * import { availableRoute, openFaceFinder } from "lib/face/face.ts";
 * const finder = await openFaceFinder(await availableRoute());
 * const face = await finder.find(frame);
 * finder.close();
 * ```
 *
 * @module
 */
import { SetupError } from "lib/core/errors.ts";
import type { Frame } from "lib/preprocess/frame.ts";
import { type Box, squareAround } from "./box.ts";
import { netsLibrary, openDetector } from "./detector.ts";
import { findModelFile, type LandmarkModel, openModel } from "./model.ts";
import { predict } from "./regressor.ts";

/**
 * What finds the landmarks: dlib's regression trees, or, where their file is absent, the 68-point
 * network of face-api. The face's box comes from face-api's detectors on both.
 */
export type LandmarkRoute = "dlib" | "face-api";

/** A face with its landmarks. */
export interface Face {
  /** As the detector drew it. */
  readonly box: Box;
  /** How sure the detector is, .5 to 1. */
  readonly score: number;
  /** The network that found the face, such as `tiny-416`. */
  readonly detector: string;
  /** 68 points, x and y in turn, in pixels of the frame, with fractions. */
  readonly landmarks: Float32Array;
  readonly route: LandmarkRoute;
}

/** Finds faces; close it when it is no longer needed, else the process does not end. */
export interface FaceFinder {
  readonly route: LandmarkRoute;
  /** Libraries and model, with versions and digest: for the record of a result. */
  readonly model: string;
  /**
   * The face of a frame. Equal frames give equal bits. Of several faces it is the one that the
   * detector is surest of.
   *
   * @returns nothing when there is no face
   */
  find(frame: Frame): Promise<Face | undefined>;
  close(): void;
}

/**
 * The better route that this machine has: `dlib` where the model's file is in the user's cache or
 * named by `FLEETING_LANDMARKS`, else `face-api`.
 *
 * @throws SetupError when `FLEETING_LANDMARKS` names a file that does not exist
 */
export async function availableRoute(): Promise<LandmarkRoute> {
  return await findModelFile() === undefined ? "face-api" : "dlib";
}

/**
 * Opens a face finder.
 *
 * @throws SetupError when the route's model or the packages are not there
 * @throws DataError when the model's file is damaged
 */
export async function openFaceFinder(route: LandmarkRoute): Promise<FaceFinder> {
  const model = route === "dlib" ? await requireModel() : undefined;
  const detector = await openDetector();
  return {
    route,
    model: model ? `${netsLibrary}; dlib shape predictor ${model.digest}` : netsLibrary,
    find: async (frame) => {
      const found = await detector.detect(frame);
      if (!found || !model) return found && { ...found, route };
      const box = dlibBox(model.regressor.initial, found.landmarks);
      return { ...found, landmarks: predict(model.regressor, frame, box), route };
    },
    close: () => detector.close(),
  };
}

async function requireModel(): Promise<LandmarkModel> {
  const file = await findModelFile();
  if (file !== undefined) return await openModel(file);
  throw new SetupError("dlib's landmark model is not on this machine", {
    fix: "Run `deno task setup`, or point FLEETING_LANDMARKS to " +
      "shape_predictor_68_face_landmarks.dat",
  });
}

// The regressor was trained on the boxes of dlib's own detector. Measured on 36 drawn and 7
// photographed faces that both detectors find, those are smaller than the square that the mean shape
// fits into, and lie lower, by these shares of its side.
const shrink = 1.03;
const lower = 0.05;

/**
 * The box that dlib's own detector would draw, from 68 points that need not be exact: the upright
 * square in which the regressor's mean shape lies nearest to them. Does not depend on which network
 * found the face, as a share of its box would.
 *
 * @param mean the mean shape in units of the box: {@linkcode Regressor.initial}
 */
export function dlibBox(mean: Float32Array, landmarks: Float32Array): Box {
  const [from, to] = [middle(mean), middle(landmarks)];
  let [along, across, squares] = [0, 0, 0];
  for (let i = 0; i < mean.length; i += 2) {
    const [fx, fy] = [mean[i]! - from.x, mean[i + 1]! - from.y];
    const [tx, ty] = [landmarks[i]! - to.x, landmarks[i + 1]! - to.y];
    along += fx * tx + fy * ty;
    across += fx * ty - fy * tx;
    squares += fx * fx + fy * fy;
  }
  const side = Math.hypot(along, across) / squares;
  const [x, y] = [to.x + (0.5 - from.x) * side, to.y + (0.5 - from.y + lower) * side];
  return squareAround(x, y, side / shrink / 2);
}

function middle(shape: Float32Array): { x: number; y: number } {
  let [x, y] = [0, 0];
  for (let i = 0; i < shape.length; i += 2) {
    x += shape[i]!;
    y += shape[i + 1]!;
  }
  return { x: 2 * x / shape.length, y: 2 * y / shape.length };
}
