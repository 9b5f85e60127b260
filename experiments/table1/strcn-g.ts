/**
 * STRCN-G: recurrent convolutions on the flow between onset and apex, by the authors of RCN.
 *
 * It is reference [29] of the paper, whose row "RCN" might mean it. The profile `paper` has what is known of
 * the authors' settings: rate, momentum, penalty, batch and passes of their code. The profile `demo` has an
 * eighth of the channels and Adam's usual rate, the first setting that was tried.
 */
import type { Experiment } from "lib/experiment/types.ts";

export const experiment = {
  id: "strcn-g",
  table: "table1",
  title: "STRCN-G",
  paper: { extra: 'Reference [29] of the paper, which its row "RCN" might mean' },
  source: "Xia, Hong, Gao, Feng, Zhao: Spatiotemporal recurrent convolutional networks for " +
    "recognizing spontaneous micro-expressions. IEEE TMM 22(3) (2020) 626-640",
  method: "strcn-g",
  input: "apex-flow",
  parameters: {
    epochs: { type: "integer", default: 30, min: 1, doc: "Passes over the training clips" },
    batchSize: { type: "integer", default: 16, min: 2, unit: "clips", doc: "Clips a step" },
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
      doc: "Loss by class: equal for all clips, or equal in total for all classes (the authors)",
    },
    width: {
      type: "integer",
      default: 8,
      min: 1,
      max: 128,
      unit: "channels",
      doc: "Channels of the first convolution; the last group has 8 times as many (512 in all: 64)",
    },
  },
  profiles: {
    demo: {},
    paper: { width: 64, epochs: 15, batchSize: 10, optimiser: "sgd" },
  },
} as const satisfies Experiment;
