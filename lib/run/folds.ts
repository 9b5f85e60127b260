/**
 * Computing the folds of a plan in worker processes.
 *
 * @module
 */
import { fromFileUrl } from "@std/path";
import { type FoldJob, readFold } from "./jobs.ts";
import type { Plan } from "./plan.ts";
import type { Pool, Task } from "./pool.ts";
import { runTasks, type TaskCall } from "./tasks.ts";
import type { Kind } from "./worker_process.ts";

/** The folds that are not in the cache. */
export function openFolds({ jobs, finished }: Plan): FoldJob[] {
  return jobs.filter((job) => !finished.has(job));
}

/** What computes folds of a plan. */
export function kindOf(
  { experiment, parameters }: Pick<Plan, "experiment" | "parameters">,
): Kind {
  return {
    name: `${experiment.table}/${experiment.id}`,
    backend: String(parameters.backend),
    isa: parameters.isa as "avx2" | "native",
    worker: fromFileUrl(new URL("./worker.ts", import.meta.url)),
  };
}

/** How folds are computed. */
export interface FoldCall extends TaskCall {
  /** About how many seconds a fold takes, if that is known. */
  readonly expected?: number;
}

/**
 * Computes folds of a plan; each writes its file.
 *
 * @throws what {@linkcode runTasks} throws
 */
export async function computeFolds(
  plan: Pick<Plan, "experiment" | "parameters" | "force">,
  jobs: readonly FoldJob[],
  pool: Pool,
  { expected, ...call }: FoldCall = {},
): Promise<void> {
  const kind = kindOf(plan);
  const tasks = jobs.map((job): Task => ({
    kind,
    job,
    name: `fold ${job.inputs.fold}, seed ${job.inputs.seed}`,
    ...(expected === undefined ? {} : { expected }),
    ...(plan.force ? {} : { isDone: async () => typeof await readFold(job) !== "string" }),
  }));
  await runTasks(pool, tasks, call);
}
