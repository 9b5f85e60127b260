/**
 * Whether two rows differ: McNemar's exact test of single clips, and a permutation test of any metric.
 *
 * @module
 */
import { UserError } from "lib/core/errors.ts";
import type { Rng } from "lib/core/rng.ts";
import type { Prediction } from "lib/results/types.ts";
import type { Metric } from "./metrics.ts";
import {
  classesOf,
  countBySubject,
  differentTruth,
  meanOver,
  pooling,
  requireSameTruth,
  unpaired,
} from "./subject_counts.ts";

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
  const { subjects } = first;
  // Both rows in one list of subjects: an arm takes each either from the first half or from the second.
  const both = pooling({
    ...first,
    bySeed: first.bySeed.map((bySubject, seed) => [...bySubject, ...second.bySeed[seed] ?? []]),
  });
  const difference = (swapped: readonly boolean[]): number => {
    const own = swapped.map((one) => one ? 0 : 1);
    const other = swapped.map((one) => one ? 1 : 0);
    return meanOver(both([...own, ...other]), metric) - meanOver(both([...other, ...own]), metric);
  };
  if (first.bySeed.length !== second.bySeed.length) {
    throw new UserError("The rows do not have the same number of seeds", {
      fix: "Compare results of the same seeds",
    });
  }
  const observed = Math.abs(difference(subjects.map(() => false)));
  let reached = 1;
  for (let p = 0; p < permutations; p++) {
    // Sums in another order may differ in the last bit.
    const drawn = Math.abs(difference(subjects.map(() => rng.next() < 0.5)));
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
