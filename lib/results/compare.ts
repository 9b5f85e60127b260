/**
 * What is different between two results of the same row: scores, clips, and the possible causes.
 *
 * @module
 */
import { UserError } from "lib/core/errors.ts";
import { canonicalJson } from "lib/core/json.ts";
import { rng } from "lib/core/rng.ts";
import { scorePredictions } from "lib/protocol/metrics.ts";
import { countDiscordant, mcnemarExact } from "lib/protocol/significance.ts";
import { differenceInterval } from "lib/protocol/statistics.ts";
import { type Cause, findCauses } from "./causes.ts";
import { compareText } from "./check.ts";
import { scoreMetrics, type ScoreName, scoreNames } from "./scores.ts";
import type { Prediction, Result } from "./types.ts";

/** How a score moved. */
export interface ScoreChange {
  readonly score: ScoreName;
  readonly before: number;
  readonly after: number;
  readonly change: number;
  /** The 95 % interval of the change over subjects; null when the clips are not the same. */
  readonly interval: { readonly low: number; readonly high: number } | null;
}

/** McNemar's exact test on one seed: seeds of a clip are not independent. */
export interface PairedTest {
  readonly seed: number;
  /** Clips that only the earlier result has right. */
  readonly onlyBefore: number;
  /** Clips that only the later result has right. */
  readonly onlyAfter: number;
  readonly p: number;
}

/** A clip whose predicted class is another one now. */
export interface Flip {
  readonly clip: string;
  readonly subject: string;
  readonly truth: string;
  readonly seeds: readonly number[];
  readonly from: string;
  readonly to: string;
  readonly now: "right" | "wrong" | "still wrong";
}

/** All differences of two results. */
export interface ResultDifference {
  readonly scores: readonly ScoreChange[];
  readonly test: PairedTest | null;
  /** Sorted by clip. */
  readonly flips: readonly Flip[];
  /** Predictions (seed and clip) in both whose scores differ, flipped or not. */
  readonly movedScores: number;
  readonly causes: readonly Cause[];
}

/**
 * Compares two results of a row. Where they do not cover the same clips, the change has no interval,
 * and only what both have is compared clip by clip.
 */
export function compareResults(before: Result, after: Result): ResultDifference {
  const pairs = pairUp(before.predictions, after.predictions);
  return {
    scores: scoreChanges(before, after),
    test: pairedTest(before.predictions, after.predictions),
    flips: flipsOf(pairs),
    movedScores:
      pairs.filter(([a, b]) => canonicalJson(a.scores) !== canonicalJson(b.scores)).length,
    causes: findCauses(before, after),
  };
}

function scoreChanges(before: Result, after: Result): ScoreChange[] {
  const earlier = scorePredictions(before.predictions, before.metadata.classes).composite;
  const later = scorePredictions(after.predictions, after.metadata.classes).composite;
  return scoreNames.map((name) => ({
    score: name,
    before: earlier[name],
    after: later[name],
    change: later[name] - earlier[name],
    interval: unlessUnpaired(() => {
      const pair = { first: after.predictions, second: before.predictions };
      const { low, high } = differenceInterval(pair, scoreMetrics[name], {
        rng: rng(1, "difference"),
      });
      return { low, high };
    }),
  }));
}

/** The statistics refuse results of different clips with an error of the user's; here that is news. */
function unlessUnpaired<T>(compute: () => T): T | null {
  try {
    return compute();
  } catch (error) {
    if (error instanceof UserError) return null;
    throw error;
  }
}

function pairedTest(
  before: readonly Prediction[],
  after: readonly Prediction[],
): PairedTest | null {
  const seed = seedsOf(before).find((one) => seedsOf(after).includes(one));
  if (seed === undefined) return null;
  const of = (part: readonly Prediction[]) => part.filter((one) => one.seed === seed);
  return unlessUnpaired(() => {
    const { onlyFirst, onlySecond } = countDiscordant(of(before), of(after));
    const p = mcnemarExact(onlyFirst, onlySecond);
    return { seed, onlyBefore: onlyFirst, onlyAfter: onlySecond, p };
  });
}

type Pair = readonly [Prediction, Prediction];

function pairUp(before: readonly Prediction[], after: readonly Prediction[]): Pair[] {
  const key = ({ seed, clip }: Prediction) => `${seed} ${clip}`;
  const earlier = new Map(before.map((one) => [key(one), one]));
  return after.flatMap((later): Pair[] => {
    const found = earlier.get(key(later));
    return found === undefined ? [] : [[found, later]];
  });
}

function flipsOf(pairs: readonly Pair[]): Flip[] {
  const flipped = pairs.filter(([before, after]) => before.predicted !== after.predicted);
  const groups = Map.groupBy(
    flipped,
    ([before, after]) => JSON.stringify([after.clip, before.predicted, after.predicted]),
  );
  return [...groups.values()].map((group): Flip => {
    const [before, after] = group[0]!;
    const { clip, subject, truth } = after;
    return {
      clip,
      subject,
      truth,
      seeds: group.map(([, { seed }]) => seed).sort((a, b) => a - b),
      from: before.predicted,
      to: after.predicted,
      now: after.predicted === truth
        ? "right"
        : before.predicted === before.truth
        ? "wrong"
        : "still wrong",
    };
  }).sort((a, b) => compareText(a.clip, b.clip) || a.seeds[0]! - b.seeds[0]!);
}

function seedsOf(predictions: readonly Prediction[]): number[] {
  return [...new Set(predictions.map(({ seed }) => seed))].sort((a, b) => a - b);
}
