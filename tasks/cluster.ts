/**
 * What computes: this machine, or a cluster with its progress line.
 *
 * @module
 */
import { dirname, join } from "@std/path";
import { digest } from "lib/core/json.ts";
import { type ClipTask, clipTasks, kind as clipKind } from "lib/run/clip_jobs.ts";
import { kindOf, openFolds } from "lib/run/folds.ts";
import type { FoldJob } from "lib/run/jobs.ts";
import type { RunOptions } from "lib/run/options.ts";
import type { Plan } from "lib/run/plan.ts";
import { openPool, type Pool } from "lib/run/pool.ts";
import type { Kind } from "lib/run/worker_process.ts";
import { arrayTasks } from "lib/slurm/batch.ts";
import type { SlurmConfig } from "lib/slurm/config.ts";
import { openSlurmPool } from "lib/slurm/pool.ts";
import { batchScript } from "lib/slurm/script.ts";
import type { QueueState } from "lib/slurm/state.ts";
import type { ProgressBoard, ProgressLine } from "./progress_board.ts";
import type { Order } from "./reproduce_flags.ts";

/** A pool, and how many places it has at the moment. */
export interface Places {
  readonly pool: Pool;
  readonly count: () => number;
}

/**
 * Opens the pool of a run.
 *
 * @param open whether anything is to be computed
 */
export async function openPlaces(
  order: Order,
  { board, open }: { readonly board: () => ProgressBoard; readonly open: boolean },
): Promise<Places> {
  const { options, slurm, attach, runs } = order;
  if (slurm === undefined) {
    return { pool: openPool(options.workers), count: () => options.workers };
  }
  let line: ProgressLine | undefined;
  let last: QueueState | undefined;
  const pool = await openSlurmPool({
    config: slurm,
    folder: slurmFolder(options),
    places: options.workers,
    // Neither who computes nor where results go makes it another command.
    run: digest(runs.map(({ experiment: { table, id }, given }) => [table, id, given]) as never),
    attach: attach && open,
    onState(state) {
      last = state;
      line ??= board().start("Slurm", false);
      line.show(progressOf(state));
      if (state.ended < state.followed) return;
      line.done();
      line = undefined;
    },
    onNotice: (text) => board().say(`Slurm: ${text}`),
  });
  return {
    count: () => last?.running ?? 0,
    pool: {
      ...pool,
      kill() {
        const jobs = pool.jobs().join(" ");
        pool.kill();
        if (jobs !== "") {
          board().say(`Slurm goes on with ${jobs}: --attach follows, scancel ${jobs} ends it`);
        }
      },
    },
  };
}

function progressOf({ followed, ended, running, waiting, reason }: QueueState) {
  const why = reason === "" || reason === "None" ? "" : ` (${reason})`;
  const note = waiting === 0 ? "" : `, ${waiting} waiting${why}`;
  return {
    ...{ title: "Slurm", total: followed, done: ended, cached: 0, running, secondsLeft: null },
    unit: ended === followed ? "jobs" : `jobs, ${running} running${note}`,
  };
}

function slurmFolder({ cache }: RunOptions): string {
  return join(dirname(cache), "slurm");
}

/** Open work of one kind: what would become one array of jobs. */
export interface OpenWork {
  readonly kind: Kind;
  /** The folds or clips that are open, without those of earlier plans. */
  readonly jobs: readonly (FoldJob | ClipTask)[];
}

/**
 * What is open in plans, plan by plan, each piece once. Where clips have to be prepared, these come first
 * and the folds after them.
 */
export function openWork(plans: readonly Plan[]): OpenWork[] {
  const clips = clipTasks(plans.flatMap(({ clips }) => clips ?? []));
  const known = new Set<string>();
  const folds = plans.map((plan) => ({
    kind: kindOf(plan),
    jobs: openFolds(plan).filter(({ file }) => !known.has(file) && known.add(file)),
  }));
  return [{ kind: clipKind, jobs: clips }, ...folds].filter(({ jobs }) => jobs.length > 0);
}

/** The script that Slurm would be given. */
export function plannedScript(
  { kind, jobs }: OpenWork,
  { options, slurm }: { readonly options: RunOptions; readonly slurm: SlurmConfig },
): string {
  const name = "0".repeat(12);
  const tasks = arrayTasks(jobs.map(() => ({ attempts: 0 })), slurm.foldsPerTask).length;
  return batchScript({ kind, name, folder: join(slurmFolder(options), name), tasks }, slurm);
}
