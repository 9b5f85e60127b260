/**
 * What must hold for the rows of a result.
 *
 * @module
 */
import type { Prediction, Result } from "./types.ts";

/** The order of rows in a result: by seed, then fold, then clip (code units, not locale). */
export function compareRows(a: Prediction, b: Prediction): number {
  return a.seed - b.seed || compareText(a.fold, b.fold) || compareText(a.clip, b.clip);
}

/** Compares by code units: the same everywhere, whatever the locale. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The index of the largest score; the first of equal ones. -1 for no scores. */
export function argmax(scores: readonly number[]): number {
  return scores.reduce((best, score, i) => (best < 0 || score > scores[best]! ? i : best), -1);
}

/**
 * The first thing that is wrong with a result's rows, or `undefined`: unknown classes, missing or
 * infinite scores, a prediction that is not the class of the largest score, a clip twice under one
 * seed, a clip whose truth, subject or database changes between seeds.
 */
export function rowProblem({ metadata, predictions }: Result): string | undefined {
  const { classes } = metadata;
  const seen = new Set<string>();
  const first = new Map<string, Prediction>();
  for (const row of predictions) {
    const name = `seed ${row.seed}, clip '${row.clip}'`;
    const problem = ownProblem(row, classes);
    if (problem !== undefined) return `${name}: ${problem}`;
    const key = JSON.stringify([row.seed, row.clip]);
    if (seen.has(key)) return `${name}: is there twice`;
    seen.add(key);
    const other = first.get(row.clip) ?? row;
    first.set(row.clip, other);
    for (const field of ["subject", "database", "truth"] as const) {
      if (row[field] === other[field]) continue;
      return `${name}: ${field} is '${row[field]}', under seed ${other.seed} '${other[field]}'`;
    }
  }
  return undefined;
}

function ownProblem(row: Prediction, classes: readonly string[]): string | undefined {
  if (!Number.isInteger(row.seed) || row.seed < 1 || row.seed >= 2 ** 31) {
    return "the seed is not an integer from 1 to 2^31 - 1";
  }
  for (const field of ["truth", "predicted"] as const) {
    if (classes.includes(row[field])) continue;
    return `${field} '${row[field]}' is not one of ${classes.join(", ")}`;
  }
  if (row.scores.length !== classes.length || !row.scores.every(Number.isFinite)) {
    return `has no finite score for each of ${classes.join(", ")}`;
  }
  const best = classes[argmax(row.scores)];
  if (best !== row.predicted) return `predicted '${row.predicted}' but scored '${best}' highest`;
  return undefined;
}
