/**
 * The scores of a result, with intervals: one way to compute them for files, tables and charts.
 *
 * @module
 */
import { rng } from "lib/core/rng.ts";
import {
  accuracy,
  type Metric,
  type ScoreCard,
  scorePredictions,
  uar,
  uf1,
} from "lib/protocol/metrics.ts";
import { chanceProbabilities } from "lib/protocol/permutation.ts";
import { bootstrapMetrics, type Interval } from "lib/protocol/statistics.ts";
import { leaksOf } from "./leaks.ts";
import type { Prediction, Result } from "./types.ts";

/** The scores that are shown everywhere, in this order. */
export const scoreNames = ["uf1", "uar", "accuracy"] as const;

/** One of {@linkcode scoreNames}. */
export type ScoreName = typeof scoreNames[number];

/** How each score is computed from a confusion matrix. */
export const scoreMetrics: Readonly<Record<ScoreName, Metric>> = { uf1, uar, accuracy };

/** How each score is called. */
export const scoreTitles: Readonly<Record<ScoreName, string>> = {
  uf1: "UF1",
  uar: "UAR",
  accuracy: "accuracy",
};

/** Scores with 95 % intervals over subjects, and a test against chance, for the whole data set. */
export interface Scores extends ScoreCard {
  readonly intervals: Readonly<Record<ScoreName, Interval>>;
  /** Probability of so high a score by chance ({@linkcode chanceProbabilities}). */
  readonly chance: Readonly<Record<ScoreName, number>>;
}

/**
 * Scores predictions. The bootstrap and the permutations draw from fixed streams, so equal predictions
 * get equal intervals and probabilities.
 *
 * @throws UserError as `scorePredictions`
 */
export function scoresOf(predictions: readonly Prediction[], classes: readonly string[]): Scores {
  const card = scorePredictions(predictions, classes);
  const metrics = scoreNames.map((name) => scoreMetrics[name]);
  const intervals = bootstrapMetrics(predictions, metrics, { rng: rng(1, "interval") });
  const chance = chanceProbabilities(predictions, metrics, { rng: rng(1, "chance") });
  return {
    ...card,
    intervals: Object.fromEntries(
      scoreNames.map((name, i) => [name, intervals[i]!]),
    ) as Scores["intervals"],
    chance: Object.fromEntries(scoreNames.map((name, i) => [name, chance[i]!])) as Scores["chance"],
  };
}

/** What must be said beside any number of a result; empty when there is nothing. */
export function cautions({ metadata }: Pick<Result, "metadata">): string[] {
  return [
    ...(metadata.data.synthetic ? ["synthetic data: this says nothing about faces"] : []),
    ...(metadata.optimistic ? [`optimistic: ${whyOptimistic(metadata)}`] : []),
    ...(metadata.parameters.permuteLabels ? ["training labels were shuffled"] : []),
    ...(metadata.dropped
      ? [`${metadata.dropped.length} of the set's clips dropped out before the folds`]
      : []),
  ];
}

/** What was left out at a time, where that is not what the protocol says; else nothing. */
export function otherSplit({ metadata }: Pick<Result, "metadata">): string | undefined {
  const { split, k } = metadata.parameters;
  return split === "k-fold-by-subject" ? `${k} folds by subject` : undefined;
}

/**
 * What a network began with, where its originators began with weights that were trained elsewhere; else
 * nothing.
 */
export function startedFrom({ metadata }: Pick<Result, "metadata">): string | undefined {
  const { experiment, parameters } = metadata;
  if (experiment.startsFrom === undefined) return undefined;
  return (parameters.weights ?? "none") === "none"
    ? `trained from scratch, its originators began with ${experiment.startsFrom}`
    : `began with given weights (${String(parameters.weights).slice(0, 19)}…)`;
}

function whyOptimistic({ parameters }: Result["metadata"]): string {
  return leaksOf(parameters, true).join(", and ") || "a step used held-out labels";
}
