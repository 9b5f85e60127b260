/**
 * Computing once more what a result file says.
 *
 * @module
 */
import { join } from "@std/path";
import { canonicalJson } from "lib/core/json.ts";
import { rng } from "lib/core/rng.ts";
import { scratchFolder } from "lib/core/scratch.ts";
import { findExperiment } from "lib/experiment/find.ts";
import type { Experiment, Parameters } from "lib/experiment/types.ts";
import type { HeadSelection } from "lib/protocol/heads.ts";
import { withSelection } from "lib/results/heads.ts";
import type { Prediction, Result } from "lib/results/types.ts";
import type { FoldName } from "./fold.ts";
import { computeFolds } from "./folds.ts";
import { readFold } from "./jobs.ts";
import type { RunOptions } from "./options.ts";
import { type Plan, planRun } from "./plan.ts";
import { openPool } from "./pool.ts";

/** The row and the parameters that a result says it was made with. */
export interface Recipe {
  /** The record as it is now, which may have changed since. */
  readonly experiment: Experiment;
  readonly given: Parameters;
}

/**
 * How to make a result again.
 *
 * @throws ParameterError when there is no such row any more
 */
export async function recipeOf({ metadata }: Pick<Result, "metadata">): Promise<Recipe> {
  const { experiment: { table, id }, parameters } = metadata;
  return { experiment: await findExperiment(table, id), given: parameters };
}

/** A fold that was computed again. */
export interface Recomputed extends FoldName {
  /** How many clips it has. */
  readonly clips: number;
  /** Clips with another class. */
  readonly flipped: number;
  /** Whether scores are the same, too, to the last digit. */
  readonly same: boolean;
}

/** The folds of a result by name, sorted. */
export function foldNames({ predictions }: Pick<Result, "predictions">): FoldName[] {
  const names = new Map(predictions.map(({ seed, fold }) => [`${seed} ${fold}`, { seed, fold }]));
  return [...names.values()].sort((a, b) => a.seed - b.seed || (a.fold < b.fold ? -1 : 1));
}

/** So many of some items, or all, drawn from a stream; in the order in which they stood. */
export function sampled<T>(items: readonly T[], count: number, seed: number): T[] {
  const chosen = rng(seed, "verify").shuffle(items.map((_, i) => i)).slice(0, count);
  return chosen.sort((a, b) => a - b).map((i) => items[i] as T);
}

/**
 * Computes folds of a result by the code as it is now, beside the cache, and compares their predictions
 * with the file's.
 *
 * @throws ParameterError or DataError as `planRun`; UserError when the folds are others now
 */
export async function recompute(
  result: Result,
  names: readonly FoldName[],
  options: RunOptions,
): Promise<{ readonly plan: Plan; readonly folds: readonly Recomputed[] }> {
  const { experiment, given } = await recipeOf(result);
  const plan = await planRun(experiment, given, { ...options, onClips: () => {} });
  const folder = await Deno.makeTempDir({ dir: scratchFolder(), prefix: "verify-" });
  try {
    const wanted = new Set(names.map(keyOf));
    const jobs = plan.jobs.filter(({ inputs }) => wanted.has(keyOf(inputs)))
      .map((job, i) => ({ ...job, file: join(folder, `${i}.json`) }));
    const pool = openPool(Math.min(options.workers, jobs.length));
    await computeFolds(plan, jobs, pool).finally(pool.close);
    const folds = await Promise.all(jobs.map(async (job) => {
      const found = await readFold(job);
      if (typeof found === "string") throw new Error(`${job.file} was written and is now ${found}`);
      return compared(job.inputs, answersOf(found.predictions, plan), result.predictions);
    }));
    return { plan, folds };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const keyOf = ({ seed, fold }: FoldName): string => `${seed} ${fold}`;

function answersOf(predictions: readonly Prediction[], plan: Plan): readonly Prediction[] {
  const rule = plan.parameters.headSelection;
  return rule === undefined
    ? predictions
    : withSelection(predictions, rule as HeadSelection, plan.dataset.classes);
}

function compared(
  { seed, fold }: FoldName,
  now: readonly Prediction[],
  before: readonly Prediction[],
): Recomputed {
  const kept = before.filter((one) => keyOf(one) === keyOf({ seed, fold }));
  const byClip = (list: readonly Prediction[]) =>
    new Map(list.map((prediction) => [prediction.clip, prediction]));
  const [earlier, later] = [byClip(kept), byClip(now)];
  const clips = [...new Set([...earlier.keys(), ...later.keys()])];
  return {
    seed,
    fold,
    clips: clips.length,
    flipped: clips.filter((clip) => earlier.get(clip)?.predicted !== later.get(clip)?.predicted)
      .length,
    same: clips.every((clip) => same(earlier.get(clip), later.get(clip))),
  };
}

function same(a: Prediction | undefined, b: Prediction | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  // Heads are kept in single precision in a file, as in a fold; scores are made of them.
  return canonicalJson(a.scores) === canonicalJson(b.scores) && a.predicted === b.predicted &&
    a.truth === b.truth;
}
