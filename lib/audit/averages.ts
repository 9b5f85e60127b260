/**
 * The same predictions under several scores that are all called "F1".
 *
 * @module
 */
import { countPredictions, metricsOf } from "lib/protocol/metrics.ts";
import type { Result } from "lib/results/types.ts";

/** A way of making one number of many folds and classes. */
export interface Average {
  readonly name: string;
  readonly what: string;
  readonly value: number;
}

/**
 * Scores the predictions of a result's first seed in the ways that publications do.
 *
 * {@linkcode Average.what} says how each is made; the first is the one that is shown everywhere else.
 */
export function averages({ metadata: { classes }, predictions }: Result): Average[] {
  const first = predictions.filter(({ seed }) => seed === predictions[0]!.seed);
  const pooled = metricsOf(countPredictions(first, classes));
  const folds = [...Map.groupBy(first, ({ fold }) => fold).values()]
    .map((fold) => metricsOf(countPredictions(fold, classes)));
  // A class that nobody has and nobody answered has no F1.
  const known = (values: readonly number[]) =>
    values.map((value) => (Number.isNaN(value) ? 0 : value));
  const precision = mean(known(pooled.precision));
  const recall = mean(known(pooled.recall));
  return [
    { name: "pooled macro F1", what: "counts of all folds, mean over classes", value: pooled.uf1 },
    {
      name: "fold-mean macro F1",
      what: "of each fold over the classes that occur in it, mean over folds",
      value: mean(folds.map(({ uf1 }) => uf1)),
    },
    {
      name: "fold-mean macro F1, absent 0",
      what: "of each fold over all classes, absent ones as 0, mean over folds",
      value: mean(folds.map(({ f1 }) => mean(known(f1)))),
    },
    {
      name: "micro F1",
      what: "counts of all folds and classes; the same as accuracy",
      value: pooled.accuracy,
    },
    {
      name: "weighted F1",
      what: "counts of all folds, classes by their clips",
      value: sum(known(pooled.f1).map((f1, c) => f1 * pooled.support[c]!)) / pooled.n,
    },
    {
      name: "F1 of means",
      what: "of the mean precision and the mean recall of the classes",
      value: precision + recall === 0 ? 0 : 2 * precision * recall / (precision + recall),
    },
  ];
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}
