/**
 * LGCcon: a network that joins what the whole face and parts of it say on the apex frame alone.
 *
 * The paper gives no settings for this row. The profile `paper` has those of the authors' published model
 * where they are known: the size of the face, the widths of VGG-16, dropout, the weights of the losses,
 * and weight decay; the filter of magnification and its factor are those of their laboratory's later
 * works. It does not have their pre-trained weights, so its learning rate and its epochs are not theirs.
 *
 * The profile `demo` was chosen on the drawn sets, which say nothing about faces: of some twenty settings
 * tried there, with seed 1, those with two stages of convolutions and the authors' 7×7 cells did better
 * than deeper ones with fewer cells, and magnification by 60 better than by 8 to 40, with which a
 * network of this size sees little but who somebody is.
 */
import type { Experiment } from "lib/experiment/types.ts";

export const experiment = {
  id: "lgccon",
  table: "table1",
  title: "LGCcon",
  paper: { row: "LGCcon" },
  source:
    "Li, Huang, Zhao: Joint local and global information learning with single apex frame detection " +
    "for micro-expression recognition. IEEE TIP 30 (2021) 249-263",
  method: "lgccon",
  input: "grey-clip",
  startsFrom: "weights of VGG-Face (a trunk of VGG-16)",
  parameters: {
    magnify: {
      type: "choice",
      default: "iir",
      choices: ["none", "ideal", "iir"],
      doc:
        "Eulerian magnification, part of this method: ideal band-pass, or the field's IIR filter",
    },
    keyFrameRule: {
      type: "choice",
      default: "uniform",
      choices: ["slices", "uniform", "interpolated"],
      doc:
        "The frames among which the apex is looked for: at equal distances, by spatio-temporal " +
        "slices (equation 3.1), or made by the temporal interpolation model",
    },
    spotBlocks: {
      type: "integer",
      default: 6,
      min: 1,
      max: 16,
      doc: "Blocks a side in which the apex is looked for (the authors: 6)",
    },
    spotReach: {
      type: "integer",
      default: 4,
      min: 1,
      max: 64,
      unit: "frames",
      doc: "Frames on each side in the sliding window of the Fourier transform",
    },
    spotCutoff: {
      type: "number",
      default: 0.25,
      min: 0,
      max: 1.7,
      doc: "Share of the largest frequency from which on the high-pass filter lets pass",
    },
    epochs: { type: "integer", default: 40, min: 1, doc: "Passes over the training clips" },
    batchSize: { type: "integer", default: 4, min: 1, unit: "clips", doc: "Clips a step" },
    learningRate: { type: "number", default: 1e-3, min: 0, doc: "Constant learning rate" },
    weightDecay: { type: "number", default: 1e-3, min: 0, doc: "L2 penalty in the gradient" },
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
    width: {
      type: "integer",
      default: 4,
      min: 1,
      max: 64,
      unit: "channels",
      doc: "Channels of the first stage; the next have 2, 4, 8 and 8 times as many (VGG-16: 64)",
    },
    stages: {
      type: "integer",
      default: 2,
      min: 1,
      max: 5,
      doc: "Stages of convolutions, a pooling between them (VGG-16: 5)",
    },
    hidden: {
      type: "integer",
      default: 32,
      min: 1,
      max: 4096,
      unit: "units",
      doc: "Units of the two fully connected layers (the authors: 4096)",
    },
    cells: {
      type: "integer",
      default: 7,
      min: 1,
      max: 14,
      doc: "Cells a side that each region is pooled to (the authors: 7)",
    },
    drop: {
      type: "number",
      default: 0,
      min: 0,
      max: 0.9,
      doc: "Dropout's share after either fully connected layer (the authors: 0.8)",
    },
    centreWeight: {
      type: "number",
      default: 0.008,
      min: 0,
      doc: "Weight of the centre loss (the authors: 0.008)",
    },
  },
  profiles: {
    demo: { inputSide: 48, alpha: 60 },
    paper: {
      cropSide: 225,
      inputSide: 225,
      alpha: 20,
      width: 64,
      stages: 5,
      hidden: 512,
      drop: 0.8,
      epochs: 100,
      learningRate: 1e-4,
    },
  },
} as const satisfies Experiment;
