/**
 * `deno task reproduce TABLE [ROW…]`: runs the notebooks of a table and then its summary.
 *
 * @module
 */
import { join, relative } from "@std/path";
import { exitCode } from "lib/core/errors.ts";
import { root } from "lib/experiment/find.ts";
import { resolveParameters } from "lib/experiment/parameters.ts";
import { type FoldJob, removeCheckpoints } from "lib/run/jobs.ts";
import { removeLeftovers } from "lib/run/leftovers.ts";
import { expectedTimings } from "lib/plan/expected.ts";
import { optionVariables, type RunOptions } from "lib/run/options.ts";
import { explain, type Plan, planRun, resultFile } from "lib/run/plan.ts";
import { openReaders } from "lib/run/readers.ts";
import { keepTimings, readTimings } from "lib/run/timings.ts";
import { openWorkload } from "lib/run/workload.ts";
import { ensureSetUp } from "lib/setup/ensure.ts";
import { requireDeno } from "lib/setup/versions.ts";
import { runTask } from "./cli.ts";
import { openPlaces, openWork, plannedScript } from "./cluster.ts";
import type { Shard } from "./executor_flags.ts";
import { progressBoard } from "./progress_board.ts";
import { reproduceFrom } from "./reproduce_from.ts";
import { type Chosen, type Drawing, type Order, readOrder } from "./reproduce_flags.ts";
import { openForecast } from "./plan_forecast.ts";
import { expectRow, factsOf, inPlace, notebooks, type RowsCall, runRows } from "./rows.ts";
import { abortOnSignal } from "./signals.ts";
import { dataOf, drawingStep, isDone, type RowStep, rowSteps } from "./steps.ts";
import { writeJobs } from "./write_jobs.ts";

async function main(): Promise<number> {
  requireDeno();
  const order = await readOrder(Deno.args);
  if (order.mode !== "run") return await printPlans(order);
  const abort = abortOnSignal();
  try {
    const { from, options } = order;
    if (from) return await reproduceFrom(from.file, { ...from, options, signal: abort.signal });
    return await reproduce(order, abort.signal);
  } catch (error) {
    if (!abort.signal.aborted) throw error;
    console.error("interrupted; finished folds are kept, the same command goes on from here");
    return exitCode.interrupted;
  }
}

async function printPlans(order: Order): Promise<number> {
  const { runs, options, mode, slurm, jobs } = order;
  const readers = openReaders();
  const forecast = mode === "plan" && jobs === undefined ? openForecast(order) : undefined;
  const plans: Plan[] = [];
  for (const { experiment, given } of runs) {
    const call = { ...options, ...readers };
    const plan = await (forecast?.look ?? planRun)(experiment, given, call);
    if (plan === undefined) continue;
    plans.push(plan);
    if (jobs !== undefined) continue;
    console.log(planLine(plan, options));
    for (const [cause, folds] of mode === "why" ? await explain(plan) : []) {
      console.log(`  ${cause} (${folds} ${folds === 1 ? "fold" : "folds"})`);
    }
  }
  if (jobs !== undefined) { for (const line of await writeJobs(jobs, plans)) console.log(line); }
  await forecast?.print();
  if (slurm === undefined || mode !== "plan") return exitCode.ok;
  for (const work of openWork(plans)) console.log(`\n${plannedScript(work, { options, slurm })}`);
  return exitCode.ok;
}

function planLine(plan: Plan, options: RunOptions): string {
  const open = plan.jobs.length - plan.finished.size;
  const file = relative(root, resultFile(options.results, plan));
  const clips = plan.clips?.open.length ?? 0;
  const work = [
    ...(clips > 0 ? [`${clips} of ${plan.dataset.samples.length} clips to prepare`] : []),
    ...(open > 0 ? [`${open} of ${plan.jobs.length} folds to compute`] : []),
  ].join(", ") || "nothing to compute";
  return `${plan.experiment.id}: ${work} → ${file}`;
}

async function reproduce(order: Order, signal: AbortSignal): Promise<number> {
  const { runs, options, drawing, table, shard } = order;
  const landmarks = runs.some(wantsLandmarks);
  for (const backend of backendsOf(runs)) await ensureSetUp({ backend, landmarks, signal });
  const readers = openReaders();
  await removeLeftovers(options, runs.map(dataOf));
  const rows = await rowSteps(runs, { ...options, ...readers }, signal);
  for (const { plan } of rows) if (plan) await removeCheckpoints(plan.finished.keys());
  const done = await Promise.all(rows.map((row) => isDone(row, options)));
  const open = rows.filter((_, i) => !done[i]);
  const sets = [...new Set(rows.map(({ data }) => data))];
  const others = shard ? 0 : sets.length + (drawing ? 1 : 0);
  const only = shard ? inShard(rows, shard) : undefined;
  const { pool, count } = await openPlaces(order, { board: () => board, open: open.length > 0 });
  const timed = await readTimings(options.cache);
  const work = openWorkload(count, await expectedTimings(factsOf(open), timed));
  for (const row of open) expectRow(row, { work, ...(only ? { only } : {}) });
  work.add(notebooks, others);
  const board = progressBoard({ total: open.length + others, secondsLeft: work.secondsLeft });
  const call: RowsCall = {
    ...{ table, pool, work, board, readers, options, signal },
    // Folds are computed by now: asking for them by force would compute them once more.
    env: variablesOf({ ...options, force: false }),
    ...(order.cellTimeoutMs === undefined ? {} : { cellTimeoutMs: order.cellTimeoutMs }),
    ...(only ? { only, shard: shard! } : {}),
  };
  signal.addEventListener("abort", pool.kill);
  try {
    signal.throwIfAborted();
    const code = await runRows(rows, call);
    return code === exitCode.ok && drawing && !shard ? await draw(drawing, sets, call) : code;
  } finally {
    await pool.close();
    board.end();
    // Those of a cluster say nothing about this machine.
    if (!order.slurm) await keepTimings(options.cache, work.measured(), factsOf(rows));
  }
}

/** The folds of one of several parts; every n-th of all, so that parts take about equally long. */
function inShard(rows: readonly RowStep[], { part, of }: Shard): (job: FoldJob) => boolean {
  const files = [...new Set(rows.flatMap(({ plan }) => plan?.jobs.map(({ file }) => file) ?? []))];
  const mine = new Set(files.filter((_, i) => i % of === part - 1));
  return ({ file }) => mine.has(file);
}

/** Runs the notebook of a figure over all data sets. */
async function draw(drawing: Drawing, sets: readonly string[], call: RowsCall): Promise<number> {
  const { table, options, board } = call;
  const code = await inPlace(await drawingStep(drawing, { table, sets }, options), call);
  const folder = relative(root, join(options.results, drawing.data));
  if (code === exitCode.ok) board.say(`see the figure in ${folder}`);
  return code;
}

/** Whether a run finds facial points by dlib's model, or would if it had it. */
function wantsLandmarks({ experiment, given }: Chosen): boolean {
  const { landmarks } = resolveParameters(experiment, given);
  return landmarks === "auto" || landmarks === "dlib";
}

/** The backends that the chosen rows train on; set-up brings them. */
function backendsOf(runs: readonly Chosen[]): Set<string> {
  return new Set(
    runs.map(({ experiment, given }) => String(resolveParameters(experiment, given).backend)),
  );
}

function variablesOf(options: RunOptions): Record<string, string> {
  const entries = Object.entries(optionVariables)
    .map(([name, variable]) => [variable, options[name as keyof RunOptions]])
    .filter(([, value]) => value !== undefined)
    .map(([variable, value]) => [variable, String(value)]);
  return Object.fromEntries(entries);
}

await runTask(main);
