/**
 * SLSTT: a vision transformer on long-term flow, frame by frame, and an LSTM over the frames.
 *
 * The profile `paper` has the settings of the authors' published code: ViT-B/16 at 384 pixels, eleven
 * frames, three layers of LSTM, SGD. The authors start from weights of ImageNet-1k, and no gradient
 * reaches the transformer in their published code; `encoder` set to `frozen` does that, which makes
 * sense with loaded weights only.
 *
 * `--protocol paper` keeps the epoch that is best on the held-out subject, as the authors' code does.
 *
 * The profile `demo` has a transformer of a few thousand numbers, which sees the components of flow. A
 * handful of settings were tried on the drawn sets, with seed 1, and this one kept: pictures whose
 * brightness is scaled frame by frame hide when a face is still.
 */
import type { Experiment } from "lib/experiment/types.ts";

export const experiment = {
  id: "slstt",
  table: "table1",
  title: "SLSTT",
  paper: { row: "SLSTT" },
  source: "Zhang, Hong, Arandjelović, Zhao: Short and long range relation based spatio-temporal " +
    "transformer for micro-expression recognition. IEEE TAFFC 13(4) (2022) 1973-1985",
  method: "slstt",
  input: "flow-clip",
  startsFrom: "weights of ImageNet-1k (ViT-B/16)",
  parameters: {
    aggregator: {
      type: "choice",
      default: "lstm",
      choices: ["lstm", "mean"],
      doc: "What makes one of all frames: an LSTM, or the mean of the frames' scores",
    },
    inputSide: {
      type: "integer",
      default: 28,
      min: 17,
      max: 512,
      unit: "pixels",
      doc:
        "Side of the flow pictures, a multiple of the patches'; ready flow maps are scaled to it",
    },
    keyFrameRule: {
      type: "choice",
      default: "uniform",
      choices: ["slices", "uniform", "interpolated"],
      doc:
        "Which frames: by spatio-temporal slices (equation 3.1), at equal distances, or made by the " +
        "temporal interpolation model, which the others use too when frames are too few",
    },
    flowCoding: {
      type: "choice",
      default: "colour",
      choices: ["colour", "components"],
      doc: "Flow as pictures, hue for direction (the authors), or its two components",
    },
    epochs: { type: "integer", default: 40, min: 1, doc: "Passes over the training clips" },
    batchSize: { type: "integer", default: 8, min: 1, unit: "clips", doc: "Clips a step" },
    learningRate: { type: "number", default: 1e-3, min: 0, doc: "Constant learning rate" },
    weightDecay: { type: "number", default: 1e-4, min: 0, doc: "L2 penalty in the gradient" },
    optimiser: {
      type: "choice",
      default: "adam",
      choices: ["adam", "sgd"],
      doc: "Adam, or SGD with momentum 0.9",
    },
    classWeights: {
      type: "choice",
      default: "balanced",
      choices: ["none", "balanced"],
      doc: "Loss by class: equal for all clips, or equal in total for all classes",
    },
    encoder: {
      type: "choice",
      default: "trained",
      choices: ["trained", "frozen"],
      doc: "Whether the transformer learns, or stays as it was drawn or loaded",
    },
    patch: {
      type: "integer",
      default: 7,
      min: 1,
      max: 64,
      unit: "pixels",
      doc: "Side of a patch (the authors: 16)",
    },
    tokenWidth: {
      type: "integer",
      default: 32,
      min: 1,
      max: 1024,
      unit: "features",
      doc: "Features of a token, a multiple of the heads (the authors: 768)",
    },
    depth: {
      type: "integer",
      default: 2,
      min: 1,
      max: 24,
      unit: "layers",
      doc: "Layers of the transformer (the authors: 12)",
    },
    heads: {
      type: "integer",
      default: 4,
      min: 1,
      max: 16,
      doc: "Heads of attention in each layer (the authors: 12)",
    },
    drop: {
      type: "number",
      default: 0.1,
      min: 0,
      max: 0.9,
      doc: "Dropout's share in the transformer (the authors: 0.1)",
    },
    lstmLayers: {
      type: "integer",
      default: 1,
      min: 1,
      max: 8,
      unit: "layers",
      doc: "Layers of the LSTM (the authors: 3)",
    },
    lstmUnits: {
      type: "integer",
      default: 32,
      min: 2,
      max: 1024,
      unit: "units",
      doc: "Units of each layer of the LSTM, an even number (the authors: 512)",
    },
    weights: {
      type: "weights",
      default: "none",
      doc: "Where the transformer begins: a file of ViT-B/16 as timm and DeiT name it",
    },
  },
  original: { split: "leave-one-subject-out", epochSelection: "best-held-out" },
  profiles: {
    demo: { keyFrames: 6, flowCoding: "components" },
    paper: {
      cropSide: 384,
      inputSide: 384,
      keyFrames: 11,
      patch: 16,
      tokenWidth: 768,
      depth: 12,
      heads: 12,
      lstmLayers: 3,
      lstmUnits: 512,
      epochs: 40,
      batchSize: 1,
      learningRate: 0.01,
      optimiser: "sgd",
      classWeights: "none",
    },
  },
} as const satisfies Experiment;
