/**
 * HTNet: a hierarchical transformer on the flow between onset and apex, trained without a look at the
 * held-out subject.
 *
 * The profile `paper` has the settings of the authors' code, 139.6 million parameters; `--protocol paper`
 * keeps the epoch that is best on the held-out subject, as that code does. The profile `demo` has an eighth
 * of the width, a fifth of the last level's layers and Adam's usual rate, the first setting that was tried.
 */
import type { Experiment } from "lib/experiment/types.ts";

export const experiment = {
  id: "htnet",
  table: "table1",
  title: "HTNet",
  paper: {
    extra: "Published after the paper; the best known score of its kind, with a chosen epoch",
  },
  source: "Wang, Zhang, Luo, Sankaranarayana: HTNet for micro-expression recognition. " +
    "Neurocomputing 602 (2024) 128196",
  method: "htnet",
  input: "apex-flow",
  parameters: {
    epochs: { type: "integer", default: 40, min: 1, doc: "Passes over the training clips" },
    batchSize: { type: "integer", default: 64, min: 1, unit: "clips", doc: "Clips a step" },
    learningRate: { type: "number", default: 1e-3, min: 0, doc: "Constant learning rate" },
    weightDecay: { type: "number", default: 0, min: 0, doc: "L2 penalty in the gradient" },
    optimiser: {
      type: "choice",
      default: "adam",
      choices: ["adam", "sgd"],
      doc: "Adam, or SGD with momentum 0.9",
    },
    classWeights: {
      type: "choice",
      default: "none",
      choices: ["none", "balanced"],
      doc: "Loss by class: equal for all clips, or equal in total for all classes",
    },
    patch: {
      type: "choice",
      default: "7",
      choices: ["1", "7"],
      doc: "Side of a patch in pixels; with 1 a block has 7×7 patches that attend to each other",
    },
    tokenWidth: {
      type: "integer",
      default: 32,
      min: 3,
      max: 512,
      unit: "features",
      doc: "Features of a patch on the first level, doubled on each further one (the authors: 256)",
    },
    heads: {
      type: "integer",
      default: 3,
      min: 1,
      max: 16,
      doc: "Heads of the first level, doubled likewise",
    },
    lastLayers: {
      type: "integer",
      default: 2,
      min: 1,
      max: 24,
      unit: "layers",
      doc: "Layers of the third level; the first two have two each (the authors: 10)",
    },
    drop: { type: "number", default: 0, min: 0, max: 0.9, doc: "Dropout's share" },
  },
  original: { split: "leave-one-subject-out", epochSelection: "best-held-out" },
  profiles: {
    demo: {},
    paper: {
      tokenWidth: 256,
      lastLayers: 10,
      batchSize: 256,
      learningRate: 5e-5,
      epochs: 800,
    },
  },
} as const satisfies Experiment;
