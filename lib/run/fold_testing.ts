/**
 * A fold as an example for tests.
 *
 * @module
 */
import type { FoldInputs, KeptFold } from "./jobs.ts";

/** What it depends on. */
export const exampleInputs: FoldInputs = {
  seed: 1,
  fold: "smic/s01",
  method: "example-net",
  input: "apex-flow",
  parameters: { epochs: 10 },
  data: { name: "example", digest: "d0" },
  code: { "lib/blocks/dense.ts": "a", "lib/train/fit.ts": "b" },
  environment: { isa: "avx2" },
};

/** What is kept of it; a score has all the digits that a number can have. */
export const exampleFold: KeptFold = {
  predictions: [{
    seed: 1,
    fold: "smic/s01",
    clip: "smic/s01/c1",
    subject: "smic/s01",
    database: "smic",
    truth: "negative",
    predicted: "positive",
    scores: [0.25, 0.1 + 0.2],
  }],
  processor: "Example Processor",
};
