/**
 * How sure a metric is: intervals by resampling subjects.
 *
 * @module
 */
import type { Rng } from "lib/core/rng.ts";
import type { Prediction } from "lib/results/types.ts";
import type { Metric } from "./metrics.ts";
import {
  classesOf,
  countBySubject,
  type Counts,
  meanOver,
  pooling,
  requireSameTruth,
} from "./subject_counts.ts";

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
  const pool = pooling(counts);
  const values = (times: Times) => {
    const pooled = pool(times);
    return metrics.map((metric) => meanOver(pooled, metric));
  };
  return resampleAll({ values, counts }, options);
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
  const counts = countBySubject(pair.first, classes);
  const [first, second] = [pooling(counts), pooling(countBySubject(pair.second, classes))];
  const value = (times: Times) => meanOver(first(times), metric) - meanOver(second(times), metric);
  return resample({ value, counts }, options);
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
  const pool = pooling(counts);
  const best = (times: Times) => Math.max(...pool(times).map(metric));
  const mean = (times: Times) => meanOver(pool(times), metric);
  const value = (times: Times) => best(times) - mean(times);
  const once = onceEach(counts);
  return { seeds, mean: mean(once), best: best(once), adds: resample({ value, counts }, options) };
}

/** How often each subject is chosen. */
type Times = ArrayLike<number>;

function onceEach({ subjects }: Counts): Times {
  return subjects.map(() => 1);
}

interface Resampling {
  readonly value: (times: Times) => number;
  readonly counts: Counts;
}

function resample({ value, ...rest }: Resampling, options: BootstrapOptions): Interval {
  return resampleAll({ ...rest, values: (times) => [value(times)] }, options)[0]!;
}

interface ResamplingAll extends Omit<Resampling, "value"> {
  /** Several values of the same subjects. */
  readonly values: (times: Times) => readonly number[];
}

function resampleAll(
  { values, counts }: ResamplingAll,
  { rng, resamples = 2000, level = 0.95 }: BootstrapOptions,
): Interval[] {
  if (!Number.isInteger(resamples) || resamples < 1) {
    throw new RangeError(`resamples must be an integer >= 1, got ${resamples}`);
  }
  if (!(level > 0 && level < 1)) throw new RangeError(`level must be within 0..1, got ${level}`);
  const once = onceEach(counts);
  const classesIn = classCounter(counts);
  const complete = classesIn(once);
  const estimates = values(once);
  const drawn = estimates.map(() => new Float64Array(resamples));
  let degenerate = 0;
  for (let r = 0; r < resamples; r++) {
    const times = new Uint32Array(once.length);
    for (let i = 0; i < times.length; i++) times[rng.integer(times.length)]!++;
    values(times).forEach((value, m) => drawn[m]![r] = value);
    if (classesIn(times) < complete) degenerate++;
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

/** What counts the true classes that the clips of chosen subjects have. */
function classCounter({ classCount, bySeed }: Counts): (times: Times) => number {
  const rows = Array.from({ length: classCount }, (_, row) => row);
  const having = rows.map((row) =>
    bySeed[0]!.map((counts) =>
      counts.subarray(row * classCount, (row + 1) * classCount).some((n) => n > 0)
    )
  );
  return (times) => having.filter((has) => has.some((it, i) => it && times[i]! > 0)).length;
}

/** The quantile of sorted values, linear between neighbours. */
function quantile(sorted: Float64Array, share: number): number {
  const at = share * (sorted.length - 1);
  const below = sorted[Math.floor(at)]!;
  const above = sorted[Math.ceil(at)]!;
  return below + (above - below) * (at - Math.floor(at));
}
