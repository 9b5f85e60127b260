/**
 * What a result file says.
 *
 * @module
 */
import type { Experiment, Parameters } from "lib/experiment/types.ts";
import type { HeadScores } from "lib/protocol/heads.ts";

/** One held-out clip, predicted once per seed. */
export interface Prediction {
  readonly seed: number;
  /** The fold's name: the held-out subject, clip or part. */
  readonly fold: string;
  readonly clip: string;
  readonly subject: string;
  readonly database: string;
  /** Class names. */
  readonly truth: string;
  readonly predicted: string;
  /** One score a class, in the order of {@linkcode ResultMetadata.classes}. */
  readonly scores: readonly number[];
  /** What each head says, for networks with several; the scores are made of these. */
  readonly heads?: HeadScores;
}

/** How a result came about: everything that is needed to make it again. */
export interface ResultMetadata {
  readonly format: "fleeting-result/1";
  /** The experiment record as it was. */
  readonly experiment: Experiment;
  /** Every parameter with its resolved value. */
  readonly parameters: Parameters;
  readonly protocol: "strict" | "paper";
  /** True when more of held-out clips was used than `strict` lets in; shown in every table and chart. */
  readonly optimistic: boolean;
  readonly classes: readonly string[];
  readonly data: { readonly name: string; readonly digest: string; readonly synthetic: boolean };
  readonly code: {
    readonly digest: string;
    /** Module path or package → digest of what it does (comments and formatting left out). */
    readonly modules: Readonly<Record<string, string>>;
  };
  /** What the numbers depend on beside code and data: backend, its version, instruction set. */
  readonly environment: Readonly<Record<string, string>>;
  /** Clips of the data set that dropped out before the folds, such as those without a face. */
  readonly dropped?: readonly { readonly clip: string; readonly reason: string }[];
}

/** A result file in memory. */
export interface Result {
  readonly metadata: ResultMetadata;
  /** Sorted by seed, fold, clip. */
  readonly predictions: readonly Prediction[];
}
