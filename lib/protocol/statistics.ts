/**
 * How sure a metric is: intervals by resampling subjects, and tests between two rows: McNemar's exact one
 * of single clips, and a permutation test of any metric.
 *
 * @module
 */
import { UserError } from "lib/core/errors.ts";
import type { Rng } from "lib/core/rng.ts";
import type { Prediction } from "lib/results/types.ts";
import { confusionMatrix, type Metric } from "./metrics.ts";

/** How to resample. */
export interface BootstrapOptions {
  readonly rng: Rng;
  /** Default 2000. */
  readonly resamples?: number;
  /** Coverage of the interval, between 0 and 1; default 0.95. */
  readonly level?: number;
}

/** A value with its percentile interval. */
export interface Interval {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
  readonly level: number;
  /**
   * The share of resamples that lack clips of some true class. In them UF1 and UAR are means over the
   * classes that are left, so an interval with a large share here says little.
   */
  readonly degenerate: number;
}

/**
 * A percentile interval of a metric by resampling subjects with replacement (not clips: clips of a
 * person are alike, and treating them as independent makes intervals too narrow). A subject comes with
 * all its clips and all its seeds; nothing is stratified. The value of a resample is, as for the
 * estimate, the mean over seeds of the metric of that seed's pooled counts.
 *
 * @throws UserError when there are no predictions, RangeError when `resamples` or `level` is out of
 * range
 */
export function bootstrapOverSubjects(
  predictions: readonly Prediction[],
  metric: Metric,
  options: BootstrapOptions,
): Interval {
  return bootstrapMetrics(predictions, [metric], options)[0]!;
}

/**
 * The intervals of several metrics on the same resamples: for each what {@linkcode bootstrapOverSubjects}
 * gives from the same stream.
 *
 * @throws as {@linkcode bootstrapOverSubjects}
 */
export function bootstrapMetrics(
  predictions: readonly Prediction[],
  metrics: readonly Metric[],
  options: BootstrapOptions,
): Interval[] {
  const counts = countBySubject(predictions);
  const all = counts.subjects.map((_, i) => i);
  const values = (chosen: readonly number[]) => {
    const pooled = pool(counts, chosen);
    return metrics.map((metric) => valueOf(pooled, metric));
  };
  return resampleAll({ values, counts, all }, options);
}

/**
 * The interval of metric(first) − metric(second), paired: both rows are evaluated on the same
 * resampled subjects, so what the subjects have in common cancels. The rows may have different numbers
 * of seeds.
 *
 * @throws UserError when the rows do not cover the same clips with the same true classes, RangeError
 * as {@linkcode bootstrapOverSubjects}
 */
export function differenceInterval(
  pair: { readonly first: readonly Prediction[]; readonly second: readonly Prediction[] },
  metric: Metric,
  options: BootstrapOptions,
): Interval {
  requireSameTruth(pair.first, pair.second);
  const classes = classesOf([...pair.first, ...pair.second]);
  const first = countBySubject(pair.first, classes);
  const second = countBySubject(pair.second, classes);
  const all = first.subjects.map((_, i) => i);
  const value = (chosen: readonly number[]) =>
    valueOf(pool(first, chosen), metric) - valueOf(pool(second, chosen), metric);
  return resample({ value, counts: first, all }, options);
}

/** What telling only the best of several seeds adds. */
export interface BestSeed {
  readonly seeds: number;
  readonly mean: number;
  readonly best: number;
  /** best − mean, in each resample with the seed that is best there. */
  readonly adds: Interval;
}

/**
 * How far the best seed's metric lies above the mean over seeds, with an interval by resampling subjects.
 *
 * @returns nothing where there is but one seed
 * @throws as {@linkcode bootstrapOverSubjects}
 */
export function bestOfSeeds(
  predictions: readonly Prediction[],
  metric: Metric,
  options: BootstrapOptions,
): BestSeed | undefined {
  const counts = countBySubject(predictions);
  const seeds = counts.bySeed.length;
  if (seeds < 2) return undefined;
  const all = counts.subjects.map((_, i) => i);
  const best = (chosen: readonly number[]) => Math.max(...pool(counts, chosen).map(metric));
  const mean = (chosen: readonly number[]) => valueOf(pool(counts, chosen), metric);
  const value = (chosen: readonly number[]) => best(chosen) - mean(chosen);
  return {
    seeds,
    mean: mean(all),
    best: best(all),
    adds: resample({ value, counts, all }, options),
  };
}

/** How many permutations are drawn, and from where. */
export interface SwapOptions {
  readonly rng: Rng;
  /** Default 1999. */
  readonly permutations?: number;
}

/**
 * A permutation test between two rows over the same clips: if both came about in the same way, it would
 * not matter which of the two a subject's predictions stand in. So each subject's predictions, all clips
 * and all seeds together, are swapped between the rows with probability ½.
 *
 * @returns the two-sided probability of a difference metric(first) − metric(second) at least as far from
 * zero, the rows as they are counted among the permutations
 * @throws UserError when the rows do not cover the same clips with the same true classes, RangeError when
 * `permutations` is not an integer of at least 1
 */
export function swapTest(
  pair: { readonly first: readonly Prediction[]; readonly second: readonly Prediction[] },
  metric: Metric,
  { rng, permutations = 1999 }: SwapOptions,
): number {
  if (!Number.isInteger(permutations) || permutations < 1) {
    throw new RangeError(`permutations must be an integer >= 1, got ${permutations}`);
  }
  requireSameTruth(pair.first, pair.second);
  const classes = classesOf([...pair.first, ...pair.second]);
  const first = countBySubject(pair.first, classes);
  const second = countBySubject(pair.second, classes);
  const all = first.subjects.map((_, i) => i);
  const difference = (swapped: readonly boolean[]): number => {
    const arm = (own: Counts, other: Counts): Counts => ({
      ...own,
      bySeed: own.bySeed.map((bySubject, seed) =>
        bySubject.map((counts, i) => swapped[i] ? other.bySeed[seed]![i]! : counts)
      ),
    });
    return valueOf(pool(arm(first, second), all), metric) -
      valueOf(pool(arm(second, first), all), metric);
  };
  if (first.bySeed.length !== second.bySeed.length) {
    throw new UserError("The rows do not have the same number of seeds", {
      fix: "Compare results of the same seeds",
    });
  }
  const observed = Math.abs(difference(all.map(() => false)));
  let reached = 1;
  for (let p = 0; p < permutations; p++) {
    // Sums in another order may differ in the last bit.
    const drawn = Math.abs(difference(all.map(() => rng.next() < 0.5)));
    if (drawn >= observed - 1e-12) reached++;
  }
  return reached / (permutations + 1);
}

/**
 * McNemar's exact test: the two-sided probability, if both rows were equally good, of a split at least
 * as uneven as `b` against `c`; each clip on which just one row is right goes either way with
 * probability ½.
 *
 * @param b clips that only the first row gets right
 * @param c clips that only the second row gets right
 * @returns min(1, 2·P(X ≤ min(b, c))) for X binomial with b + c trials; 1 when both are 0
 * @throws RangeError when a count is not an integer of at least 0
 */
export function mcnemarExact(b: number, c: number): number {
  for (const count of [b, c]) {
    if (!Number.isSafeInteger(count) || count < 0) {
      throw new RangeError(`A count must be an integer >= 0, got ${count}`);
    }
  }
  const n = b + c;
  const least = Math.min(b, c);
  // The largest term by logarithms, so that 2^-n does not underflow, the others relative to it.
  let logTerm = -n * Math.LN2;
  for (let k = 1; k <= least; k++) logTerm += Math.log((n - k + 1) / k);
  let relative = 1;
  let total = 1;
  for (let k = least; k > 0 && relative > 1e-18 * total; k--) {
    relative *= k / (n - k + 1);
    total += relative;
  }
  return Math.min(1, 2 * Math.exp(logTerm + Math.log(total)));
}

/** On how many predictions just one of two rows is right. */
export interface Discordance {
  readonly onlyFirst: number;
  readonly onlySecond: number;
}

/**
 * Counts the clips that just one of two rows gets right, joined by seed and clip: the arguments of
 * {@linkcode mcnemarExact}. Seeds of a clip are not independent, so take one seed for a valid test.
 *
 * @throws UserError when the rows do not cover the same seeds and clips with the same true classes
 */
export function countDiscordant(
  first: readonly Prediction[],
  second: readonly Prediction[],
): Discordance {
  const key = ({ seed, clip }: Prediction) => `${seed} ${clip}`;
  const others = new Map(second.map((one) => [key(one), one]));
  let onlyFirst = 0;
  let onlySecond = 0;
  for (const one of first) {
    const other = others.get(key(one));
    if (!others.delete(key(one)) || other === undefined) throw unpaired(one);
    if (one.truth !== other.truth) throw differentTruth(one.clip);
    const right = one.predicted === one.truth;
    if (right !== (other.predicted === other.truth)) right ? onlyFirst++ : onlySecond++;
  }
  for (const left of others.values()) throw unpaired(left);
  return { onlyFirst, onlySecond };
}

/** Confusion counts a seed and subject, rows before columns, in one flat array a pair. */
interface Counts {
  readonly classCount: number;
  readonly subjects: readonly string[];
  /** `[seed][subject]` → classCount² counts. */
  readonly bySeed: readonly (readonly Float64Array[])[];
}

function classesOf(predictions: readonly Prediction[]): string[] {
  // Metrics leave out classes that occur nowhere, so those that occur are all that matter.
  return [...new Set(predictions.flatMap(({ truth, predicted }) => [truth, predicted]))].sort();
}

function countBySubject(
  predictions: readonly Prediction[],
  classes: readonly string[] = classesOf(predictions),
): Counts {
  if (predictions.length === 0) throw new UserError("There are no predictions to resample");
  const subjects = [...new Set(predictions.map(({ subject }) => subject))].sort();
  const seeds = [...new Set(predictions.map(({ seed }) => seed))].sort((a, b) => a - b);
  const index = new Map(classes.map((name, i) => [name, i]));
  const groups = Map.groupBy(predictions, ({ seed, subject }) => `${seed} ${subject}`);
  const countsOf = (part: readonly Prediction[]) =>
    Float64Array.from(
      confusionMatrix(
        part.map(({ truth }) => index.get(truth)!),
        part.map(({ predicted }) => index.get(predicted)!),
        classes.length,
      ).flat(),
    );
  return {
    classCount: classes.length,
    subjects,
    bySeed: seeds.map((seed) =>
      subjects.map((subject) => countsOf(groups.get(`${seed} ${subject}`) ?? []))
    ),
  };
}

/** The confusion matrix of each seed over the chosen subjects. */
function pool({ classCount, bySeed }: Counts, chosen: readonly number[]): number[][][] {
  return bySeed.map((bySubject) => {
    const flat = new Float64Array(classCount * classCount);
    for (const subject of chosen) {
      const counts = bySubject[subject]!;
      for (let i = 0; i < flat.length; i++) flat[i]! += counts[i]!;
    }
    return Array.from(
      { length: classCount },
      (_, row) => [...flat.subarray(row * classCount, (row + 1) * classCount)],
    );
  });
}

function valueOf(perSeed: readonly number[][][], metric: Metric): number {
  return perSeed.reduce((total, confusion) => total + metric(confusion), 0) / perSeed.length;
}

interface Resampling {
  readonly value: (chosen: readonly number[]) => number;
  readonly counts: Counts;
  readonly all: readonly number[];
}

function resample({ value, ...rest }: Resampling, options: BootstrapOptions): Interval {
  return resampleAll({ ...rest, values: (chosen) => [value(chosen)] }, options)[0]!;
}

interface ResamplingAll extends Omit<Resampling, "value"> {
  /** Several values of the same subjects. */
  readonly values: (chosen: readonly number[]) => readonly number[];
}

function resampleAll(
  { values, counts, all }: ResamplingAll,
  { rng, resamples = 2000, level = 0.95 }: BootstrapOptions,
): Interval[] {
  if (!Number.isInteger(resamples) || resamples < 1) {
    throw new RangeError(`resamples must be an integer >= 1, got ${resamples}`);
  }
  if (!(level > 0 && level < 1)) throw new RangeError(`level must be within 0..1, got ${level}`);
  const complete = classesIn(counts, all);
  const estimates = values(all);
  const drawn = estimates.map(() => new Float64Array(resamples));
  let degenerate = 0;
  for (let r = 0; r < resamples; r++) {
    const chosen = all.map(() => rng.integer(all.length));
    values(chosen).forEach((value, m) => drawn[m]![r] = value);
    if (classesIn(counts, chosen) < complete) degenerate++;
  }
  const tail = (1 - level) / 2;
  return estimates.map((estimate, m) => {
    const sorted = drawn[m]!.sort();
    return {
      estimate,
      low: quantile(sorted, tail),
      high: quantile(sorted, 1 - tail),
      level,
      degenerate: degenerate / resamples,
    };
  });
}

/** How many true classes the clips of these subjects have. */
function classesIn({ classCount, bySeed }: Counts, chosen: readonly number[]): number {
  const rows = Array.from({ length: classCount }, (_, row) => row);
  const [bySubject] = bySeed;
  const has = (row: number) => (subject: number) =>
    bySubject![subject]!.subarray(row * classCount, (row + 1) * classCount).some((n) => n > 0);
  return rows.filter((row) => chosen.some(has(row))).length;
}

/** The quantile of sorted values, linear between neighbours. */
function quantile(sorted: Float64Array, share: number): number {
  const at = share * (sorted.length - 1);
  const below = sorted[Math.floor(at)]!;
  const above = sorted[Math.ceil(at)]!;
  return below + (above - below) * (at - Math.floor(at));
}

function requireSameTruth(first: readonly Prediction[], second: readonly Prediction[]): void {
  const truthOf = (part: readonly Prediction[]) => new Map(part.map((one) => [one.clip, one]));
  const [one, other] = [truthOf(first), truthOf(second)];
  for (const [here, there] of [[one, other], [other, one]] as const) {
    for (const [clip, prediction] of here) {
      const match = there.get(clip);
      if (match === undefined) throw unpaired(prediction);
      if (match.truth !== prediction.truth) throw differentTruth(clip);
      if (match.subject !== prediction.subject) {
        throw new UserError(`The rows do not agree on the subject of clip ${clip}`);
      }
    }
  }
}

function unpaired({ seed, clip }: Prediction): UserError {
  return new UserError(`Only one of the two rows has clip ${clip} (seed ${seed})`, {
    fix: "Compare results of the same data set and the same seeds",
  });
}

function differentTruth(clip: string): UserError {
  return new UserError(`The rows do not agree on the true class of clip ${clip}`);
}
