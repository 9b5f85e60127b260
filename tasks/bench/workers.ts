/**
 * How much two workers do in the time of one: folds of a row through the pool that every run uses.
 *
 * @module
 */
import { join } from "@std/path";
import { findExperiment } from "lib/experiment/find.ts";
import { markdownTable } from "lib/results/format.ts";
import { computeFolds } from "lib/run/folds.ts";
import type { FoldJob } from "lib/run/jobs.ts";
import { type Plan, planRun } from "lib/run/plan.ts";
import { openPool, type Pool } from "lib/run/pool.ts";
import { median, takeTurns } from "./rounds.ts";

/** Folds a second. */
export interface WorkerTimes {
  /** Such as `stst-net on synthetic-flow`. */
  readonly row: string;
  readonly one: number;
  readonly two: number;
}

/** How many times as much two workers shall do. */
export const workersGoal = 1.8;

/** Folds in a turn. */
const count = 12;

/** Measures warm workers: starting a process is no part of it. */
export async function measureWorkers(
  { rounds, folds = count, epochs }: {
    readonly rounds: number;
    readonly folds?: number;
    readonly epochs?: number;
  },
): Promise<WorkerTimes> {
  const folder = await Deno.makeTempDir({ prefix: "fleeting-bench-" });
  const pools = [openPool(1), openPool(2)] as const;
  try {
    const experiment = await findExperiment("table1", "stst-net");
    const given = { data: "synthetic-flow", seeds: folds, ...(epochs ? { epochs } : {}) };
    // Of its own, so that every fold is computed.
    const plan = await planRun(experiment, given, { cache: join(folder, "folds") });
    const jobs = plan.jobs.slice(0, folds);
    for (const pool of pools) await throughput(plan, jobs.slice(0, 2), pool);
    const times = await takeTurns({
      one: () => throughput(plan, jobs, pools[0]),
      two: () => throughput(plan, jobs, pools[1]),
    }, { rounds, title: "folds by 1 and by 2 workers" });
    return {
      row: `${experiment.id} on ${plan.dataset.name}`,
      one: median(times.one!),
      two: median(times.two!),
    };
  } finally {
    await Promise.all(pools.map((pool) => pool.close()));
    await Deno.remove(folder, { recursive: true });
  }
}

async function throughput(plan: Plan, jobs: readonly FoldJob[], pool: Pool): Promise<number> {
  const began = performance.now();
  await computeFolds(plan, jobs, pool);
  return 1000 * jobs.length / (performance.now() - began);
}

/** The report. */
export function workersReport({ row, one, two }: WorkerTimes, facts: readonly string[]): string {
  const verdict = two / one >= workersGoal ? "" : " (missed)";
  const table = markdownTable(
    ["folds of", "1 worker, folds/s", "2 workers, folds/s", "times as many", "goal"],
    [[row, one.toFixed(2), two.toFixed(2), (two / one).toFixed(2) + verdict, `≥ ${workersGoal}`]],
  );
  return [
    "# Workers",
    "Folds through the pool of worker processes that every run uses, nothing from the cache, workers warm; " +
    "medians of rounds in which both take turns. A measurement, so a repetition differs.",
    facts.join("; "),
    table,
  ].join("\n\n");
}
