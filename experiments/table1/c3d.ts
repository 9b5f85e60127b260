/**
 * C3D: a plain 3D convolutional network on 16 frames.
 *
 * The paper cites a network of SqueezeNet and C3D for this row (`variant`), but its digits lie 10 to 18
 * points below that article's, so the row is read as C3D alone. Neither gives settings; those of the
 * profile `paper` are C3D's own size with the paper's epochs. Those of `demo` have an eighth of C3D's
 * width, and half the epochs of the first ones that were tried, to save time.
 */
import type { Experiment } from "lib/experiment/types.ts";

export const experiment = {
  id: "c3d",
  table: "table1",
  title: "C3D",
  paper: { row: "C3D" },
  source: "Tran, Bourdev, Fergus, Torresani, Paluri: Learning spatiotemporal features with 3D " +
    "convolutional networks. ICCV (2015); cited by the paper as Liu, Ren, Li, Sun, Song, Hung: " +
    "Micro-expression recognition based on SqueezeNet and C3D. Multimedia Systems 28 (2022) 2227-2236",
  method: "c3d",
  input: "flow-clip",
  startsFrom: "weights of Sports-1M",
  parameters: {
    variant: {
      type: "choice",
      default: "c3d",
      choices: ["c3d", "squ-c3d"],
      doc: "All key frames with time pooled, or onset, apex and offset alone",
    },
    epochs: { type: "integer", default: 15, min: 1, doc: "Passes over the training clips" },
    batchSize: { type: "integer", default: 8, min: 1, unit: "clips", doc: "Clips a step" },
    learningRate: { type: "number", default: 1e-3, min: 0, doc: "Constant learning rate" },
    weightDecay: { type: "number", default: 0, min: 0, doc: "L2 penalty in the gradient" },
    optimiser: {
      type: "choice",
      default: "adam",
      choices: ["adam", "sgd"],
      doc: "Adam, or SGD with momentum 0.9",
    },
    clipScale: {
      type: "choice",
      default: "unit",
      choices: ["unit", "none"],
      doc: "Each clip scaled to a root mean square of 1, or flow in pixels as it is",
    },
    classWeights: {
      type: "choice",
      default: "balanced",
      choices: ["none", "balanced"],
      doc: "Loss by class: equal for all clips, or equal in total for all classes",
    },
    width: {
      type: "integer",
      default: 8,
      min: 1,
      max: 64,
      unit: "channels",
      doc: "Channels of the first convolution; the last ones have 8 times as many (C3D: 64)",
    },
    hidden: {
      type: "integer",
      default: 64,
      min: 1,
      max: 4096,
      unit: "units",
      doc: "Units of the two fully connected layers (C3D: 4096)",
    },
    drop: {
      type: "number",
      default: 0.5,
      min: 0,
      max: 0.9,
      doc: "Dropout's share after either fully connected layer",
    },
    weights: {
      type: "weights",
      default: "none",
      doc:
        "Where all but the last layer begins: C3D's weights of Sports-1M as PyTorch files name them",
    },
  },
  profiles: {
    demo: { keyFrames: 16, inputSide: 28 },
    paper: {
      keyFrames: 16,
      inputSide: 112,
      width: 64,
      hidden: 4096,
      epochs: 100,
      learningRate: 1e-4,
      classWeights: "none",
    },
  },
} as const satisfies Experiment;
