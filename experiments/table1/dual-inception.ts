/**
 * Dual-Inception: two inception networks on the flow between onset and apex.
 *
 * The paper prints this row as "DINet" and cites a network that dubs faces in films, which recognises
 * nothing; its text describes "a dual-stream inception network" of Zhou et al. So the row is read as theirs.
 *
 * `--protocol paper` does what the authors' code does, where the data are several databases: it trains on
 * the other databases alone, and keeps the epoch that is best on the other subjects of the held-out one's.
 *
 * The profile `paper` has the settings of the authors' code; `demo` Adam's usual rate and a batch of 64,
 * as OFF-ApexNet, which were the first that were tried.
 */
import type { Experiment } from "lib/experiment/types.ts";

export const experiment = {
  id: "dual-inception",
  table: "table1",
  title: "Dual-Inception",
  paper: { row: "DINet" },
  source:
    "Zhou, Mao, Xue: Dual-inception network for cross-database micro-expression recognition. " +
    "FG (2019) 642-646; the paper cites a network that dubs faces in its place",
  method: "dual-inception",
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
  },
  original: { split: "leave-one-subject-out", trainOn: "other-databases" },
  profiles: {
    demo: {},
    paper: { batchSize: 3, learningRate: 1e-4 },
  },
} as const satisfies Experiment;
