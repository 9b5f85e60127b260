/**
 * Metrics from pooled counts: the predictions of all folds are counted in one confusion matrix first,
 * as the MEGC 2019 guideline asks. Averaging over folds instead gives another number, because most
 * folds lack a class ({@linkcode foldMeanF1} is there to show by how much).
 *
 * What 0/0 means: a value of a class is NaN where its denominator is 0 (recall of a class without
 * clips, precision of a class never predicted, F1 of a class with neither), and NaN values are left
 * out of the means UF1 and UAR. A class without clips that was predicted has an F1 of 0, which counts.
 * This is what scikit-learn's `f1_score(average="macro")` and `balanced_accuracy_score` do.
 *
 * @module
 */
import { UserError } from "lib/core/errors.ts";
import type { Prediction } from "lib/results/types.ts";

/** Counts of clips: a row a true class, a column a predicted class. */
export type ConfusionMatrix = readonly (readonly number[])[];

/** One number from a confusion matrix, such as {@linkcode uf1}. */
export type Metric = (confusion: ConfusionMatrix) => number;

/** What a confusion matrix says. Per-class values are in the order of its rows. */
export interface Metrics {
  readonly confusion: ConfusionMatrix;
  /** Number of clips. */
  readonly n: number;
  /** Clips a true class. */
  readonly support: readonly number[];
  readonly accuracy: number;
  readonly precision: readonly number[];
  readonly recall: readonly number[];
  readonly f1: readonly number[];
  /** Unweighted F1: the mean of `f1`. */
  readonly uf1: number;
  /** Unweighted average recall: the mean of `recall`. */
  readonly uar: number;
}

/** Metrics over several seeds. */
export interface SeededMetrics extends Metrics {
  /**
   * Sample standard deviation over the seeds; NaN with one seed. (All other values are means over the
   * seeds of the seed's own value; for a class, over the seeds where it is defined.)
   */
  readonly sd: { readonly accuracy: number; readonly uf1: number; readonly uar: number };
  /** Sorted by seed. */
  readonly perSeed: readonly { readonly seed: number; readonly metrics: Metrics }[];
}

/** Metrics of a result: of all clips, and of each database in it. */
export interface ScoreCard {
  readonly composite: SeededMetrics;
  /** By name, sorted. */
  readonly databases: Readonly<Record<string, SeededMetrics>>;
}

/**
 * Counts true against predicted classes.
 *
 * @param truth true classes as indices from 0
 * @param predicted predicted classes, in the same order
 * @throws RangeError when the lengths differ or an index is not a class
 */
export function confusionMatrix(
  truth: readonly number[],
  predicted: readonly number[],
  classCount: number,
): number[][] {
  if (truth.length !== predicted.length) {
    throw new RangeError(`${truth.length} true but ${predicted.length} predicted classes`);
  }
  const counts = Array.from({ length: classCount }, () => new Array<number>(classCount).fill(0));
  truth.forEach((row, i) => {
    const column = predicted[i]!;
    if (counts[row]?.[column] === undefined) {
      throw new RangeError(`Item ${i} has the classes ${row} and ${column}, of ${classCount}`);
    }
    counts[row]![column]!++;
  });
  return counts;
}

/** The share of clips on the diagonal; NaN without clips. */
export const accuracy: Metric = (confusion) =>
  sum(confusion.map((row, c) => row[c]!)) / sum(confusion.map(sum));

/** Macro F1 over the classes that occur in truth or prediction; NaN without clips. */
export const uf1: Metric = (confusion) => meanOfDefined(f1Of(confusion));

/** Mean recall over the classes that have clips (balanced accuracy); NaN without clips. */
export const uar: Metric = (confusion) => meanOfDefined(recallOf(confusion));

/**
 * All metrics of one confusion matrix.
 *
 * @throws RangeError when it counts no clip
 */
export function metricsOf(confusion: ConfusionMatrix): Metrics {
  const support = confusion.map(sum);
  const n = sum(support);
  if (n === 0) throw new RangeError("There are no predictions to score");
  return {
    confusion,
    n,
    support,
    accuracy: accuracy(confusion),
    precision: confusion.map((row, c) => row[c]! / columnSum(confusion, c)),
    recall: recallOf(confusion),
    f1: f1Of(confusion),
    uf1: uf1(confusion),
    uar: uar(confusion),
  };
}

/**
 * Scores predictions of one or more seeds: per seed all folds are pooled, then the metrics are
 * averaged over the seeds.
 *
 * @param classes the names of the classes, in the order wanted
 * @throws UserError when there is nothing to score, a class is unknown, a clip stands twice in a seed,
 * or the seeds do not cover the same clips
 */
export function scorePredictions(
  predictions: readonly Prediction[],
  classes: readonly string[],
): ScoreCard {
  if (predictions.length === 0) throw new UserError("There are no predictions to score");
  requireSameClips(predictions);
  const databases = [...Map.groupBy(predictions, ({ database }) => database)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, part]) => [name, overSeeds(part, classes)] as const);
  return { composite: overSeeds(predictions, classes), databases: Object.fromEntries(databases) };
}

/**
 * The mean over folds of each fold's macro F1, then over seeds: not a recommended number, but one that
 * papers report under the name of F1. Only classes that occur in a fold count there.
 *
 * @throws UserError as {@linkcode scorePredictions}
 */
export function foldMeanF1(
  predictions: readonly Prediction[],
  classes: readonly string[],
): number {
  const perSeed = [...Map.groupBy(predictions, ({ seed }) => seed).values()].map((part) => {
    const folds = [...Map.groupBy(part, ({ fold }) => fold).values()];
    return mean(folds.map((fold) => uf1(countPredictions(fold, classes))));
  });
  return mean(perSeed);
}

/**
 * The confusion matrix of predictions.
 *
 * @throws UserError when a class is not one of `classes`
 */
export function countPredictions(
  predictions: readonly Prediction[],
  classes: readonly string[],
): number[][] {
  const index = new Map(classes.map((name, i) => [name, i]));
  const indexOf = (name: string, { clip }: Prediction) => {
    const i = index.get(name);
    if (i !== undefined) return i;
    throw new UserError(`Clip ${clip} has the class '${name}'`, {
      fix: `The classes are ${classes.join(", ")}`,
    });
  };
  return confusionMatrix(
    predictions.map((one) => indexOf(one.truth, one)),
    predictions.map((one) => indexOf(one.predicted, one)),
    classes.length,
  );
}

function overSeeds(predictions: readonly Prediction[], classes: readonly string[]): SeededMetrics {
  const perSeed = [...Map.groupBy(predictions, ({ seed }) => seed)]
    .sort(([a], [b]) => a - b)
    .map(([seed, part]) => ({ seed, metrics: metricsOf(countPredictions(part, classes)) }));
  const all = perSeed.map(({ metrics }) => metrics);
  const meanOf = (pick: (one: Metrics) => number) => mean(all.map(pick));
  const meanPerClass = (pick: (one: Metrics) => readonly number[]) =>
    classes.map((_, c) => meanOfDefined(all.map((one) => pick(one)[c]!)));
  const sdOf = (pick: (one: Metrics) => number) => standardDeviation(all.map(pick));
  return {
    confusion: classes.map((_, row) => meanPerClass(({ confusion }) => confusion[row]!)),
    n: all[0]!.n,
    support: all[0]!.support,
    accuracy: meanOf(({ accuracy }) => accuracy),
    precision: meanPerClass(({ precision }) => precision),
    recall: meanPerClass(({ recall }) => recall),
    f1: meanPerClass(({ f1 }) => f1),
    uf1: meanOf(({ uf1 }) => uf1),
    uar: meanOf(({ uar }) => uar),
    sd: {
      accuracy: sdOf(({ accuracy }) => accuracy),
      uf1: sdOf(({ uf1 }) => uf1),
      uar: sdOf(({ uar }) => uar),
    },
    perSeed,
  };
}

function requireSameClips(predictions: readonly Prediction[]): void {
  const clipsOf = new Map<number, Map<string, string>>();
  for (const { seed, clip, truth } of predictions) {
    const clips = clipsOf.get(seed) ?? new Map<string, string>();
    if (clips.has(clip)) throw new UserError(`Clip ${clip} stands twice in seed ${seed}`);
    clipsOf.set(seed, clips.set(clip, truth));
  }
  const all = new Map(predictions.map(({ clip, truth }) => [clip, truth]));
  for (const [seed, clips] of clipsOf) {
    for (const [clip, truth] of all) {
      if (!clips.has(clip)) {
        throw new UserError(`Seed ${seed} has no prediction of clip ${clip}, another seed has`);
      }
      if (clips.get(clip) !== truth) {
        throw new UserError(`The true class of clip ${clip} differs between seeds`);
      }
    }
  }
}

function recallOf(confusion: ConfusionMatrix): number[] {
  return confusion.map((row, c) => row[c]! / sum(row));
}

function f1Of(confusion: ConfusionMatrix): number[] {
  // 2TP / (2TP + FP + FN), whose denominator is the class's row sum plus its column sum.
  return confusion.map((row, c) => 2 * row[c]! / (sum(row) + columnSum(confusion, c)));
}

function columnSum(confusion: ConfusionMatrix, column: number): number {
  let total = 0;
  for (const row of confusion) total += row[column]!;
  return total;
}

function sum(values: readonly number[]): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}

function meanOfDefined(values: readonly number[]): number {
  return mean(values.filter((value) => !Number.isNaN(value)));
}

function standardDeviation(values: readonly number[]): number {
  const centre = mean(values);
  return Math.sqrt(sum(values.map((value) => (value - centre) ** 2)) / (values.length - 1));
}
