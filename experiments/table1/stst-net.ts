/**
 * STSTNet: a shallow network with three streams on onset-to-apex flow.
 *
 * The paper profile has the authors' settings (learning rate 5e-5, batches of 256, 500 epochs). The demo
 * profile reaches the same place in a fifth of the steps by Adam's usual 1e-3; these were the first
 * settings tried, on megc2019-flow (68 subjects left out in turn, last epoch, seed 1): UF1 0.6963, UAR
 * 0.6838, accuracy 0.7330.
 */
import type { Experiment } from "lib/experiment/types.ts";

export const experiment = {
  id: "stst-net",
  table: "table1",
  title: "STSTNet",
  paper: {
    extra: "Reference [25] of the paper, which has no row of it; the smallest network on flow",
  },
  source:
    "Liong, Gan, See, Khor, Huang: Shallow triple stream three-dimensional CNN (STSTNet) for " +
    "micro-expression recognition. FG 2019, 1-5",
  method: "stst-net",
  input: "apex-flow",
  parameters: {
    epochs: { type: "integer", default: 100, min: 1, doc: "Passes over the training clips" },
    batchSize: { type: "integer", default: 256, min: 1, unit: "clips", doc: "Clips a step" },
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
  },
  profiles: { demo: {}, paper: { epochs: 500, learningRate: 5e-5 } },
} as const satisfies Experiment;
