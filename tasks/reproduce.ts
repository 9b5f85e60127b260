/**
 * `deno task reproduce TABLE [ROW…]`: runs the notebooks of a table and then its summary.
 *
 * @module
 */
import { dirname, join, relative } from "@std/path";
import { exitCode, ParameterError } from "lib/core/errors.ts";
import { root } from "lib/experiment/find.ts";
import { resolveParameters } from "lib/experiment/parameters.ts";
import { rememberCode } from "lib/run/code.ts";
import { kindOf } from "lib/run/folds.ts";
import type { FoldJob } from "lib/run/jobs.ts";
import { optionVariables, type RunOptions } from "lib/run/options.ts";
import { explain, type Plan, planRun, resultFile } from "lib/run/plan.ts";
import { openPool, type Pool } from "lib/run/pool.ts";
import { keepTimings, readTimings } from "lib/run/timings.ts";
import { openWorkload } from "lib/run/workload.ts";
import { offerLandmarks } from "lib/setup/landmarks.ts";
import { setUp } from "lib/setup/setup.ts";
import { requireDeno } from "lib/setup/versions.ts";
import { plural } from "lib/results/format.ts";
import { openSlurmPool } from "lib/slurm/pool.ts";
import { batchScript } from "lib/slurm/script.ts";
import { runTask } from "./cli.ts";
import { type ProgressBoard, progressBoard } from "./progress_board.ts";
import { reproduceFrom } from "./reproduce_from.ts";
import { type Chosen, type Drawing, type Order, readOrder, type Shard } from "./reproduce_flags.ts";
import { openForecast } from "./plan_forecast.ts";
import { expectRow, factsOf, inPlace, notebooks, type RowsCall, runRows } from "./rows.ts";
import { drawingStep, isDone, type RowStep, rowSteps } from "./steps.ts";

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
  const { runs, options, mode, slurm } = order;
  const readCode = rememberCode();
  const forecast = mode === "plan" ? openForecast(order) : undefined;
  for (const { experiment, given } of runs) {
    const call = { ...options, readCode };
    const plan = await (forecast?.look ?? planRun)(experiment, given, call);
    if (plan === undefined) continue;
    console.log(planLine(plan, options));
    for (const [cause, folds] of mode === "why" ? await explain(plan) : []) {
      console.log(`  ${cause} (${folds} ${folds === 1 ? "fold" : "folds"})`);
    }
    const tasks = plan.jobs.length - plan.finished.size;
    if (slurm && mode === "plan" && tasks > 0) {
      const folder = join(slurmFolder(options), "<batch>");
      const { foldsPerTask } = slurm;
      const batch = { kind: kindOf(plan), folder, tasks: Math.ceil(tasks / foldsPerTask) };
      console.log(batchScript(batch, slurm));
    }
  }
  await forecast?.print();
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

/** Ctrl-C, or the end of the terminal, stops the kernel and its workers before this process ends. */
function abortOnSignal(): AbortController {
  const abort = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    Deno.addSignalListener(signal, () => abort.abort());
  }
  return abort;
}

async function reproduce(order: Order, signal: AbortSignal): Promise<number> {
  const { runs, options, drawing, table, shard } = order;
  for (const backend of backendsOf(runs)) await setUp({ backend, signal });
  if (runs.some(wantsLandmarks)) await offerLandmarks(signal);
  const readCode = rememberCode();
  const rows = await rowSteps(runs, { ...options, readCode }, signal);
  const done = await Promise.all(rows.map((row) => isDone(row, options)));
  const open = rows.filter((_, i) => !done[i]);
  const sets = [...new Set(rows.map(({ data }) => data))];
  const others = shard ? 0 : sets.length + (drawing ? 1 : 0);
  const only = shard ? inShard(rows, shard) : undefined;
  const work = openWorkload(options.workers, await readTimings(options.cache));
  for (const row of open) expectRow(row, { work, ...(only ? { only } : {}) });
  work.add(notebooks, others);
  const board = progressBoard({ total: open.length + others, secondsLeft: work.secondsLeft });
  const pool = await poolOf(order, board);
  const call: RowsCall = {
    ...{ table, pool, work, board, readCode, options, signal },
    // Folds are computed by now: asking for them by force would compute them once more.
    env: variablesOf({ ...options, force: false }),
    ...(order.cellTimeoutMs === undefined ? {} : { cellTimeoutMs: order.cellTimeoutMs }),
    ...(only ? { only } : {}),
  };
  signal.addEventListener("abort", pool.kill);
  try {
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

/** What computes: this machine, or a cluster. */
async function poolOf({ options, slurm, attach }: Order, board: ProgressBoard): Promise<Pool> {
  if (slurm === undefined) return openPool(options.workers);
  const line = board.start("Slurm", false);
  const pool = await openSlurmPool({
    config: slurm,
    folder: slurmFolder(options),
    places: options.workers,
    onState({ followed, ended, running, waiting, reason }) {
      const note = waiting === 0 ? "" : `, ${waiting} waiting${reason ? ` (${reason})` : ""}`;
      line.show({
        ...{ title: "Slurm", total: followed, done: ended, cached: 0, running, secondsLeft: null },
        unit: `jobs, ${running} running${note}`,
      });
    },
  });
  if (attach && pool.found === 0) {
    throw new ParameterError("No job that was submitted before waits or runs", {
      field: "--attach",
      fix: "Leave it out to submit what is missing",
    });
  }
  if (pool.found > 0) {
    board.say(
      `${plural(pool.found, "job")} submitted before ${pool.found === 1 ? "is" : "are"} followed`,
    );
  }
  const { kill } = pool;
  return {
    ...pool,
    kill() {
      const jobs = pool.jobs();
      kill();
      if (jobs.length === 0) return;
      board.say(
        `Slurm goes on with ${jobs.join(", ")}: follow with --attach, or end with scancel ${
          jobs.join(" ")
        }`,
      );
    },
  };
}

function slurmFolder({ cache }: RunOptions): string {
  return join(dirname(cache), "slurm");
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
