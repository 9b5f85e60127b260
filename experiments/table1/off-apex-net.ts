/**
 * OFF-ApexNet: two streams on the horizontal and vertical flow between onset and apex.
 *
 * The paper profile has the learning rate and the epochs of the MEB library's re-run (1e-4, 3000). The demo
 * profile trains for 350 steps of Adam's usual 1e-3; these were the first settings tried, on
 * megc2019-flow (68 subjects left out in turn, last epoch, seed 1): UF1 0.7069, UAR 0.7112, accuracy
 * 0.7376.
 */
import type { Experiment } from "lib/experiment/types.ts";

export const experiment = {
  id: "off-apex-net",
  table: "table1",
  title: "OFF-ApexNet",
  paper: { row: "OFF-ApexNet" },
  source: "Gan, Liong, Yau, Huang, Tan: OFF-ApexNet on micro-expression recognition system. " +
    "Signal Processing: Image Communication 74 (2019) 129-139",
  method: "off-apex-net",
  input: "apex-flow",
  parameters: {
    epochs: { type: "integer", default: 50, min: 1, doc: "Passes over the training clips" },
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
  },
  profiles: { demo: {}, paper: { epochs: 3000, learningRate: 1e-4 } },
} as const satisfies Experiment;
