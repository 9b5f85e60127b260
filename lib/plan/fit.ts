/**
 * Coefficients of a cost model: seconds a unit of each term, by non-negative least squares.
 *
 * @module
 */
import type { Terms } from "./terms.ts";

/** Something that was measured: what it consisted of, and how long it took. */
export interface Measurement {
  /** What is left out together when the fit is tested, such as the name of a method. */
  readonly group: string;
  readonly terms: Terms;
  readonly seconds: number;
  /** What it counts beside others of weight 1. */
  readonly weight?: number;
}

/** Seconds a unit, by the name of the term. */
export type Coefficients = Readonly<Record<string, number>>;

/** Coordinate descent ends when it stands still; so few terms do not take longer. */
const rounds = 5000;
const still = 1e-10;

/**
 * Fits coefficients of at least 0 so that relative errors are small: a fold of a second counts as much as
 * one of an hour. Deterministic.
 */
export function fitCoefficients(measurements: readonly Measurement[]): Coefficients {
  const names = [...new Set(measurements.flatMap(({ terms }) => Object.keys(terms)))].sort();
  const rows = measurements.map(({ terms, seconds, weight = 1 }) =>
    names.map((name) => weight * (terms[name] ?? 0) / seconds)
  );
  const targets = measurements.map(({ weight = 1 }) => weight);
  // Columns of equal length, so that units do not matter.
  const lengths = names.map((_, j) => Math.hypot(...rows.map((row) => row[j]!)));
  const used = names.map((_, j) => j).filter((j) => lengths[j]! > 0);
  const columns = used.map((j) => rows.map((row) => row[j]! / lengths[j]!));
  const dot = (a: readonly number[], b: readonly number[]) =>
    a.reduce((sum, value, i) => sum + value * b[i]!, 0);
  const gram = columns.map((a) => columns.map((b) => dot(a, b)));
  const aims = columns.map((column) => dot(column, targets));
  const found = columns.map(() => 0);
  for (let round = 0; round < rounds; round++) {
    let moved = 0;
    for (let j = 0; j < found.length; j++) {
      const next = Math.max(0, found[j]! + aims[j]! - dot(gram[j]!, found));
      moved = Math.max(moved, Math.abs(next - found[j]!));
      found[j] = next;
    }
    if (moved < still) break;
  }
  return Object.fromEntries(used.map((j, i) => [names[j]!, found[i]! / lengths[j]!]));
}

/** The seconds of some work; undefined when it has a term of which nothing was measured. */
export function secondsOf(terms: Terms, coefficients: Coefficients): number | undefined {
  let sum = 0;
  for (const [name, value] of Object.entries(terms)) {
    const each = coefficients[name];
    if (each === undefined && value > 0) return undefined;
    sum += value * (each ?? 0);
  }
  return sum;
}

/**
 * How well a fit tells what it has not seen: each group is left out in turn, and predicted from the others.
 *
 * @param test which measurements are predicted; the others are always fitted to, unless of that group
 * @returns a relative error for each measurement that can be told from the other groups
 */
export function leaveOutErrors(
  measurements: readonly Measurement[],
  test: (one: Measurement) => boolean = () => true,
): number[] {
  const groups = [...new Set(measurements.filter(test).map(({ group }) => group))];
  return groups.flatMap((group) => {
    const fit = fitCoefficients(measurements.filter((one) => one.group !== group));
    return measurements.filter((one) => one.group === group && test(one)).flatMap((one) => {
      const seconds = secondsOf(one.terms, fit);
      return seconds === undefined ? [] : [Math.abs(seconds - one.seconds) / one.seconds];
    });
  });
}

/** The middle value; undefined of none. */
export function median(values: readonly number[]): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  return low === undefined || high === undefined ? undefined : (low + high) / 2;
}
