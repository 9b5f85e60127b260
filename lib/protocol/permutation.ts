/**
 * Whether a row tells classes apart at all: a permutation test within subjects.
 *
 * @module
 */
import { UserError } from "lib/core/errors.ts";
import type { Rng } from "lib/core/rng.ts";
import type { Prediction } from "lib/results/types.ts";
import type { Metric } from "./metrics.ts";

/** How to permute. */
export interface PermutationOptions {
  readonly rng: Rng;
  /** Default 1999, so that the smallest probability is 0.0005. */
  readonly permutations?: number;
}

/**
 * The one-sided probability of a metric at least as high if predictions had nothing to do with the
 * clips of a person: predictions are exchanged among the clips of each subject (and database), of all
 * seeds alike, so that how often a subject gets which prediction stays as it was. With one subject left
 * out at a time this is exact, since all clips of a subject were predicted by the same fitted model;
 * Phipson and Smyth's (b + 1) / (m + 1), which is never 0 (Stat. Appl. Genet. Mol. Biol. 9(1), 2010).
 *
 * Says nothing where held-out labels took part in the predictions, and is 1 where each subject has
 * clips of one class only.
 *
 * @param metrics tested on the same permutations
 * @returns a probability a metric, in their order
 * @throws UserError when there are no predictions, or seeds do not cover the same clips; RangeError when
 * `permutations` is not an integer of at least 1
 */
export function chanceProbabilities(
  predictions: readonly Prediction[],
  metrics: readonly Metric[],
  { rng, permutations = 1999 }: PermutationOptions,
): number[] {
  if (!Number.isInteger(permutations) || permutations < 1) {
    throw new RangeError(`permutations must be an integer >= 1, got ${permutations}`);
  }
  const table = tableOf(predictions);
  const order = table.truth.map((_, i) => i);
  const observed = metricsUnder(order, table, metrics);
  const reached = metrics.map(() => 1);
  for (let p = 0; p < permutations; p++) {
    for (const group of table.groups) {
      const shuffled = rng.shuffle(group);
      group.forEach((clip, i) => order[clip] = shuffled[i]!);
    }
    const values = metricsUnder(order, table, metrics);
    // Sums in another order may differ in their last bits.
    values.forEach((value, m) => value >= observed[m]! - 1e-12 ? reached[m]!++ : undefined);
  }
  return reached.map((count) => count / (permutations + 1));
}

/** Predictions by clip, classes as indices. */
interface PredictionTable {
  readonly classCount: number;
  /** A class a clip. */
  readonly truth: readonly number[];
  /** `[seed][clip]`. */
  readonly predicted: readonly (readonly number[])[];
  /** The clips of each subject. */
  readonly groups: readonly (readonly number[])[];
}

function tableOf(predictions: readonly Prediction[]): PredictionTable {
  if (predictions.length === 0) throw new UserError("There are no predictions to permute");
  const names = [...new Set(predictions.flatMap((one) => [one.truth, one.predicted]))].sort();
  const index = new Map(names.map((name, i) => [name, i]));
  // Sorted, so that the order of rows in a file does not decide which permutations are drawn.
  const key = ({ database, subject, clip }: Prediction) =>
    JSON.stringify([database, subject, clip]);
  const bySeed = [...Map.groupBy(predictions, ({ seed }) => seed)]
    .sort(([a], [b]) => a - b)
    .map(([, part]) => part.toSorted((a, b) => key(a) < key(b) ? -1 : 1));
  const first = bySeed[0]!;
  for (const part of bySeed) {
    if (part.length !== first.length || part.some((one, i) => key(one) !== key(first[i]!))) {
      throw new UserError("The seeds do not cover the same clips");
    }
  }
  const subjects = Map.groupBy(
    first.keys(),
    (i) => JSON.stringify([first[i]!.database, first[i]!.subject]),
  );
  return {
    classCount: names.length,
    truth: first.map(({ truth }) => index.get(truth)!),
    predicted: bySeed.map((part) => part.map(({ predicted }) => index.get(predicted)!)),
    groups: [...subjects.values()],
  };
}

/** The mean over seeds of each metric, when clip i is given the predictions of clip `order[i]`. */
function metricsUnder(
  order: readonly number[],
  { classCount, truth, predicted }: PredictionTable,
  metrics: readonly Metric[],
): number[] {
  const totals = metrics.map(() => 0);
  const confusion = Array.from({ length: classCount }, () => new Array<number>(classCount));
  for (const ofSeed of predicted) {
    for (const row of confusion) row.fill(0);
    for (let clip = 0; clip < truth.length; clip++) {
      confusion[truth[clip]!]![ofSeed[order[clip]!]!]!++;
    }
    for (let m = 0; m < metrics.length; m++) totals[m]! += metrics[m]!(confusion);
  }
  return totals.map((total) => total / predicted.length);
}
