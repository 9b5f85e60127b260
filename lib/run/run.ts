/**
 * Running an experiment: compute the folds that are not in the cache and save the result file.
 *
 * @module
 */
import { refuseDetour } from "lib/core/files.ts";
import { digest } from "lib/core/json.ts";
import type { Experiment } from "lib/experiment/types.ts";
import { writeResult } from "lib/results/arrow.ts";
import type { HeadSelection } from "lib/protocol/heads.ts";
import { headCount, withSelection } from "lib/results/heads.ts";
import { leaksOf } from "lib/results/leaks.ts";
import type { Result } from "lib/results/types.ts";
import { computeFolds, openFolds } from "./folds.ts";
import { type KeptFold, readFold } from "./jobs.ts";
import { type RunOptions, runOptions } from "./options.ts";
import { type Plan, type PlanCall, planRun, resultFile } from "./plan.ts";
import { openPool } from "./pool.ts";

/** Where a run stands. */
export interface RunProgress {
  /** What is counted: clips that are prepared, or then folds. */
  readonly unit: "clips" | "folds";
  readonly total: number;
  readonly done: number;
  /** Folds that were in the cache. */
  readonly cached: number;
  readonly running: number;
  /** An estimate from the folds finished so far; null before the first. */
  readonly secondsLeft: number | null;
  /** What a user should know, such as that kept files were damaged. */
  readonly note?: string;
}

/** A finished run. */
export interface Run {
  readonly result: Result;
  /** The result file. */
  readonly file: string;
  /** Fold files that were damaged and computed again. */
  readonly damaged: readonly string[];
}

/** {@linkcode RunOptions}, who is told how it goes, and what stops it. */
export type RunCall = Partial<RunOptions> & {
  readonly onProgress?: (p: RunProgress) => void;
  readonly signal?: AbortSignal;
};

/**
 * Runs an experiment and saves its result file.
 *
 * @param given parameters that differ from the experiment's defaults
 * @example
 * ```ts ignore
 * const { result } = await run(experiment, { seeds: 1 }, { onProgress: console.log });
 * ```
 */
export async function run(
  experiment: Experiment,
  given: Readonly<Record<string, unknown>> = {},
  call: RunCall = {},
): Promise<Run> {
  const options = runOptions(call);
  const plan = await planRun(experiment, given, {
    ...call,
    onClips: clipTeller(call.onProgress),
  });
  const open = openFolds(plan);
  const onProgress = progressTeller(plan, call.onProgress);
  onProgress(0, []);
  if (open.length > 0) {
    const pool = openPool(Math.min(options.workers, open.length));
    call.signal?.addEventListener("abort", pool.kill);
    call.signal?.throwIfAborted();
    await computeFolds(plan, open, pool, { onProgress }).finally(pool.close);
  }
  const result = toResult(plan, await gather(plan));
  const file = resultFile(options.results, plan);
  await refuseDetour(options.results, file);
  await writeResult(file, result);
  return { result, file, damaged: plan.damaged };
}

async function gather(plan: Plan): Promise<KeptFold[]> {
  return await Promise.all(plan.jobs.map(async (job) => {
    const found = plan.finished.get(job) ?? await readFold(job);
    if (found === "missing" || found === "damaged") {
      throw new Error(`${job.file} was written and is now ${found}`);
    }
    return found;
  }));
}

function toResult(plan: Plan, folds: readonly KeptFold[]): Result {
  const { experiment, parameters, dataset, code, environment } = plan;
  const predictions = folds.flatMap(({ predictions }) => predictions);
  const processors = [...new Set(folds.flatMap(({ processor }) => processor ?? []))].sort();
  return {
    metadata: {
      format: "fleeting-result/1",
      experiment,
      parameters,
      protocol: parameters.protocol as "strict" | "paper",
      optimistic: leaksOf(parameters, headCount(predictions) > 0).length > 0,
      classes: dataset.classes,
      data: { name: dataset.name, digest: dataset.digest, synthetic: dataset.synthetic },
      code: { digest: digest(code.modules), modules: code.modules },
      environment: {
        ...environment,
        ...(processors.length > 0 ? { processor: processors.join(", ") } : {}),
      },
      ...(plan.dropped.length > 0 ? { dropped: plan.dropped } : {}),
    },
    // Chosen from what the folds hold, so that another rule computes nothing anew.
    predictions: parameters.headSelection === undefined
      ? predictions
      : withSelection(predictions, parameters.headSelection as HeadSelection, dataset.classes),
  };
}

function progressTeller(
  plan: Plan,
  onProgress: RunCall["onProgress"],
): (done: number, running: readonly number[]) => void {
  const total = plan.jobs.length;
  const cached = plan.finished.size;
  const note = damageNote(plan);
  const started = performance.now();
  return (done, running) => {
    const finished = done + running.reduce((sum, share) => sum + share, 0);
    const elapsed = (performance.now() - started) / 1000;
    const left = total - cached - finished;
    onProgress?.({
      unit: "folds",
      total,
      done: cached + done,
      cached,
      running: running.length,
      secondsLeft: finished > 0.05 ? elapsed / finished * left : left > 0 ? null : 0,
      ...(note === undefined ? {} : { note }),
    });
  };
}

/** What a user should know of kept files that were damaged. */
export function damageNote({ damaged: { length } }: Pick<Plan, "damaged">): string | undefined {
  if (length === 0) return undefined;
  return `${length} kept ${length === 1 ? "fold was" : "folds were"} damaged and computed again`;
}

/** Tells how the preparation of clips goes; what was there at the first call came from the cache. */
function clipTeller(onProgress: RunCall["onProgress"]): NonNullable<PlanCall["onClips"]> {
  const started = performance.now();
  let cached: number | undefined;
  return ({ total, done, running }) => {
    cached ??= done;
    const finished = done - cached;
    const elapsed = (performance.now() - started) / 1000;
    onProgress?.({
      unit: "clips",
      total,
      done,
      cached,
      running: running.length,
      secondsLeft: finished > 0 ? elapsed / finished * (total - done) : null,
    });
  };
}
