/**
 * Parameters of the way from frames to network input. They apply to sets of clips only: flow maps have
 * that way behind them.
 *
 * @module
 */
import type { InputKind, ParameterSchema } from "./types.ts";

const everyInput = {
  labels: {
    type: "choice",
    default: "paper",
    choices: ["paper", "megc3", "original5"],
    doc: "Classes: the paper's (three for SMIC, four else), MEGC 2019's three, or the usual five",
  },
  landmarks: {
    type: "choice",
    default: "auto",
    choices: ["auto", "dlib", "face-api"],
    doc:
      "Facial points: dlib's regressor as in the paper, or the detector package's own net; auto " +
      "takes dlib's where its model file is. Results name the one that was used",
  },
  missingFaces: {
    type: "number",
    default: 0.05,
    min: 0,
    max: 1,
    doc: "Largest share of clips that may drop out because no face is found",
  },
  cropSide: {
    type: "integer",
    default: 134,
    min: 32,
    max: 512,
    unit: "pixels",
    doc: "Side of the face crop in which flow is computed",
  },
  matchGain: {
    type: "boolean",
    default: true,
    doc: "Match each frame's mean and spread to the onset's, against flicker",
  },
  magnify: {
    type: "choice",
    default: "none",
    choices: ["none", "ideal", "iir"],
    doc:
      "Eulerian magnification: ideal band-pass as the paper describes, or the field's IIR filter",
  },
  alpha: { type: "number", default: 8, min: 0, max: 100, doc: "Magnification factor" },
  lowHz: { type: "number", default: 2, min: 0, unit: "Hz", doc: "Lower end of the magnified band" },
  highHz: {
    type: "number",
    default: 10,
    min: 0,
    unit: "Hz",
    doc: "Upper end of the magnified band",
  },
  removeDrift: {
    type: "boolean",
    default: true,
    doc: "Subtract the median flow, which is the head's, not the expression's",
  },
  augment: {
    type: "choice",
    default: "none",
    choices: ["none", "training", "before-split"],
    doc:
      "The paper's shifts by 15 of 134 pixels and mirroring: of training clips only, or, in the " +
      "paper's protocol, of all clips before they are split, so that copies of a held-out clip are " +
      "trained on (marked optimistic)",
  },
} as const satisfies ParameterSchema;

const sequences = {
  inputSide: {
    type: "integer",
    default: 134,
    min: 17,
    max: 512,
    unit: "pixels",
    doc: "Side of what the method sees: the crop, or the flow in it, is scaled down to it",
  },
  keyFrames: {
    type: "integer",
    default: 16,
    min: 2,
    max: 128,
    unit: "frames",
    doc: "Length of the clip that the method sees",
  },
  keyFrameRule: {
    type: "choice",
    default: "slices",
    choices: ["slices", "uniform", "interpolated"],
    doc:
      "Which frames: by spatio-temporal slices (equation 3.1), at equal distances, or made by the " +
      "temporal interpolation model, which the others use too when frames are too few",
  },
} as const satisfies ParameterSchema;

const flows = {
  flowFrom: {
    type: "choice",
    default: "onset",
    choices: ["onset", "previous"],
    doc: "Flow to each key frame from the onset or from the key frame before it",
  },
} as const satisfies ParameterSchema;

/** The parameters of an input that is made from ready flow maps. */
export function mapParameters(input: InputKind): ParameterSchema {
  return input === "flow-clip" ? { keyFrames: sequences.keyFrames } : {};
}

/** The parameters of an input that is made from frames. */
export function clipParameters(input: InputKind): ParameterSchema {
  switch (input) {
    case "apex-flow":
    case "apex-field":
      return everyInput;
    case "flow-clip":
      return { ...everyInput, ...sequences, ...flows };
    case "grey-clip":
      return { ...everyInput, ...sequences };
  }
}
