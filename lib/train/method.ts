/**
 * The interface between a fold and a method.
 *
 * A method gets labelled training samples and unlabelled test samples, so that no method can look at
 * a held-out label, by accident or otherwise.
 *
 * @module
 */
import type { Rng } from "lib/core/rng.ts";
import type { Sample, UnlabelledSample } from "lib/data/types.ts";
import type { Parameters } from "lib/experiment/types.ts";
import type { HeadScores } from "lib/protocol/heads.ts";

/** What a method is given for one fold. */
export interface FoldTask {
  readonly train: readonly Sample[];
  readonly test: readonly UnlabelledSample[];
  readonly classes: readonly string[];
  readonly parameters: Parameters;
  /** The fold's own stream of random numbers. */
  readonly rng: Rng;
  /** Called with the share done, 0..1, for the progress line. */
  readonly onProgress?: (share: number) => void;
  /** Where training that was broken off is taken up, and left from time to time. */
  readonly checkpoints?: Checkpoints;
}

/** A place for the states of trainings, each under a name. */
export interface Checkpoints {
  /** What was last saved under a name, if anything was. */
  load(name: string): Promise<Uint8Array | undefined>;
  save(name: string, bytes: Uint8Array): Promise<void>;
  /** Least time between two checkpoints; the trainer's own default when left out. */
  readonly everySeconds?: number;
}

/** One score a class for each test sample, in the order given; the largest is the prediction. */
export type Scores = readonly (readonly number[])[];

/** What a network with several heads gives: what each says of each test sample, in the order given. */
export interface HeadedScores {
  /** Probabilities, `[samples][heads][classes]`. */
  readonly heads: readonly HeadScores["scores"][];
  /** The head that was chosen on inner folds of the training samples, from 1; 0 when none was. */
  readonly chosen: number;
}

/** A row of the table as code: `lib/methods/<id>.ts` exports one as `method`. */
export interface Method {
  readonly id: string;
  /** Whether folds need TensorFlow. */
  readonly backend: "tensorflow" | "none";
  /** Fits on the training samples and scores the test samples. */
  runFold(task: FoldTask): Promise<Scores | HeadedScores> | Scores | HeadedScores;
}
