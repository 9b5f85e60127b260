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
 * infinite scores, also of heads, rows with different numbers of heads, a prediction that is not the class of the largest score, a clip twice under one
 * seed, a clip whose truth, subject or database changes between seeds.
 */
export function rowProblem({ metadata, predictions }: Result): string | undefined {
  const { classes } = metadata;
  const seen = new Set<string>();
  const first = new Map<string, Prediction>();
  for (const row of predictions) {
    const name = `seed ${row.seed}, clip '${row.clip}'`;
    const problem = ownProblem(row, classes) ?? headProblem(row, predictions[0] as Prediction);
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

/** Heads are those of the first row, score every class, and one of them, or none, is the chosen one. */
function headProblem({ heads, scores }: Prediction, first: Prediction): string | undefined {
  const count = first.heads?.scores.length;
  if (heads?.scores.length !== count) return `has not ${count ?? 0} heads as the first row has`;
  if (heads === undefined) return undefined;
  const { chosen } = heads;
  if (!Number.isInteger(chosen) || chosen < 0 || chosen > heads.scores.length) {
    return `chose head ${chosen} of ${heads.scores.length}`;
  }
  const odd = heads.scores.findIndex((row) =>
    row.length !== scores.length || !row.every(Number.isFinite)
  );
  return odd < 0 ? undefined : `head ${odd + 1} has no finite score for each class`;
}
