/**
 * A small made-up result for tests.
 *
 * @module
 */
import { rng } from "lib/core/rng.ts";
import { argmax } from "./check.ts";
import type { Prediction, Result, ResultMetadata } from "./types.ts";

/** What {@linkcode exampleResult} can be asked for. */
export interface ExampleOptions {
  /** The seed of the made-up scores. */
  readonly draw?: number;
  readonly seeds?: number;
  readonly subjects?: number;
  readonly clipsEach?: number;
  /** How much the true class's score is raised: 0 is chance. */
  readonly skill?: number;
  readonly metadata?: Partial<ResultMetadata>;
}

const classes = ["negative", "positive", "surprise"] as const;
const databases = ["smic", "casme2", "samm"] as const;

/** A result with made-up scores: `subjects` people of three databases, `clipsEach` clips a person. */
export function exampleResult(options: ExampleOptions = {}): Result {
  const { draw = 1, seeds = 2, subjects = 9, clipsEach = 4, skill = 0.6 } = options;
  const predictions: Prediction[] = [];
  for (let seed = 1; seed <= seeds; seed++) {
    for (let person = 0; person < subjects; person++) {
      const database = databases[person % databases.length]!;
      const subject = `${database}/s${String(person).padStart(2, "0")}`;
      for (let i = 0; i < clipsEach; i++) {
        const clip = `${subject}/c${i}`;
        const truth = classes[(person + i) % classes.length]!;
        const stream = rng(draw, seed, clip);
        const scores = classes.map((name) => stream.next() + (name === truth ? skill : 0));
        const predicted = classes[argmax(scores)]!;
        predictions.push({
          seed,
          fold: subject,
          clip,
          subject,
          database,
          truth,
          predicted,
          scores,
        });
      }
    }
  }
  predictions.sort((a, b) => a.seed - b.seed || (a.clip < b.clip ? -1 : 1));
  return { metadata: { ...exampleMetadata, ...options.metadata }, predictions };
}

/** Metadata of a made-up row. */
export const exampleMetadata: ResultMetadata = {
  format: "fleeting-result/1",
  experiment: {
    id: "example-net",
    table: "table1",
    title: "Example-Net",
    paper: { extra: "made up for tests" },
    source: "Nobody, Example-Net, 2024",
    method: "example-net",
    input: "apex-flow",
    parameters: { epochs: { type: "integer", default: 10, doc: "Epochs" } },
    profiles: { demo: {}, paper: { epochs: 100 } },
  },
  parameters: { backend: "wasm", data: "synthetic-flow", epochs: 10, protocol: "strict", seeds: 2 },
  protocol: "strict",
  optimistic: false,
  classes,
  data: { name: "synthetic-flow", digest: "da7a".repeat(16), synthetic: true },
  code: {
    digest: "c0de".repeat(16),
    modules: { "lib/blocks/dense.ts": "aa".repeat(32), "lib/train/fit.ts": "bb".repeat(32) },
  },
  environment: { arch: "x86_64", backend: "wasm" },
};
