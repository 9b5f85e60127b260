/**
 * RCN: recurrent convolutions on the flow between onset and apex, with attention that needs no parameters.
 *
 * The paper prints a row "RCN" that is not in its list of references; it is read as the networks of Xia et
 * al. of 2020, of which A did best with few parameters. The profile `paper` has the settings of the authors'
 * code, but for its rate, which is halved every ten epochs there and stays here; `demo` has Adam's usual
 * rate, the first setting that was tried.
 */
import type { Experiment } from "lib/experiment/types.ts";

export const experiment = {
  id: "rcn",
  table: "table1",
  title: "RCN",
  paper: { row: "RCN" },
  source:
    "Xia, Peng, Khor, Feng, Zhao: Revealing the invisible with model and data shrinking for " +
    "composite-database micro-expression recognition. IEEE TIP 29 (2020) 8590-8605",
  method: "rcn",
  input: "apex-flow",
  parameters: {
    variant: {
      type: "choice",
      default: "A",
      choices: ["A", "S", "W", "P", "C", "F"],
      doc:
        "Which of the published networks: with attention, shortcuts, wide, searched, cascaded, " +
        "or embedded",
    },
    epochs: { type: "integer", default: 60, min: 1, doc: "Passes over the training clips" },
    batchSize: { type: "integer", default: 32, min: 2, unit: "clips", doc: "Clips a step" },
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
    width: {
      type: "integer",
      default: 32,
      min: 4,
      max: 256,
      unit: "channels",
      doc: "Channels of all maps, a multiple of 4 (the authors: 64, or 32)",
    },
    cells: {
      type: "integer",
      default: 5,
      min: 1,
      max: 28,
      doc: "Cells a side that maps are pooled to (the authors: 7 with 64 channels, 5 with 32)",
    },
    drop: { type: "number", default: 0.5, min: 0, max: 0.9, doc: "Dropout's share" },
  },
  profiles: {
    demo: {},
    paper: {
      width: 64,
      cells: 7,
      optimiser: "sgd",
      learningRate: 5e-4,
      batchSize: 64,
      epochs: 100,
    },
  },
} as const satisfies Experiment;
