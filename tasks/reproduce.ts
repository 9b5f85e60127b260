/**
 * `deno task reproduce TABLE [ROW…]`: runs the notebooks of a table and then its summary.
 *
 * @module
 */
import { join, relative } from "@std/path";
import { exitCode } from "lib/core/errors.ts";
import { root } from "lib/experiment/find.ts";
import { resolveParameters } from "lib/experiment/parameters.ts";
import { optionVariables, type RunOptions } from "lib/run/options.ts";
import { explain, type Plan, planRun, resultFile } from "lib/run/plan.ts";
import { offerLandmarks } from "lib/setup/landmarks.ts";
import { setUp } from "lib/setup/setup.ts";
import { requireDeno } from "lib/setup/versions.ts";
import { runTask } from "./cli.ts";
import { alternate, inLanes, lanesFor } from "./lanes.ts";
import { progressBoard } from "./progress_board.ts";
import { reproduceFrom } from "./reproduce_from.ts";
import { type Chosen, type Drawing, type Order, readOrder } from "./reproduce_flags.ts";
import {
  drawingStep,
  isDone,
  rowSteps,
  runStep,
  type Step,
  type StepCall,
  summaryStep,
} from "./steps.ts";

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

async function printPlans({ runs, options, mode }: Order): Promise<number> {
  for (const { experiment, given } of runs) {
    const plan = await planRun(experiment, given, options);
    console.log(planLine(plan, options));
    if (mode !== "why") continue;
    for (const [cause, folds] of await explain(plan)) {
      console.log(`  ${cause} (${folds} ${folds === 1 ? "fold" : "folds"})`);
    }
  }
  return exitCode.ok;
}

function planLine(plan: Plan, options: RunOptions): string {
  const open = plan.jobs.length - plan.finished.size;
  const file = relative(root, resultFile(options.results, plan));
  const clips = plan.clipsToPrepare;
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
  const { runs, options, drawing } = order;
  for (const backend of backendsOf(runs)) await setUp({ backend, signal });
  if (runs.some(wantsLandmarks)) await offerLandmarks(signal);
  const rows = await rowSteps(runs, options, signal);
  const done = await Promise.all(rows.map((row) => isDone(row, options)));
  const open = rows.filter((_, i) => !done[i]);
  const sets = [...new Set(rows.map(({ data }) => data))];
  const lanes = lanesFor(open.length, options.workers);
  const board = progressBoard({ total: open.length + sets.length + (drawing ? 1 : 0) });
  const workers = Math.max(1, Math.floor(options.workers / lanes));
  const call: StepCall = {
    board,
    options,
    env: variablesOf({ ...options, workers }),
    signal,
    ...(order.cellTimeoutMs === undefined ? {} : { cellTimeoutMs: order.cellTimeoutMs }),
  };
  try {
    const code = await runRows(rows, { lanes, call, order });
    return code === exitCode.ok && drawing ? await draw(drawing, { sets, call, order }) : code;
  } finally {
    board.end();
  }
}

/** Runs the rows, and the summary of each data set after the last of its rows. */
async function runRows(
  rows: readonly Step[],
  { lanes, call, order }: {
    readonly lanes: number;
    readonly call: StepCall;
    readonly order: Order;
  },
): Promise<number> {
  const bySet = Map.groupBy(rows, ({ data }) => data);
  const left = new Map([...bySet].map(([data, { length }]) => [data, length]));
  return await inLanes(lanes, alternate([...bySet.values()]), async (row) => {
    const code = await runStep(row, call);
    left.set(row.data, left.get(row.data)! - 1);
    if (code !== exitCode.ok || left.get(row.data)! > 0) return code;
    const { table, options } = order;
    const summed = await runStep(await summaryStep(table, row.data, options), call);
    const file = join(options.results, row.data, table, "summary.md");
    if (summed === exitCode.ok) call.board.say(`see ${relative(root, file)}`);
    return summed;
  });
}

/** Runs the notebook of a figure over all data sets. */
async function draw(
  drawing: Drawing,
  { sets, call, order }: {
    readonly sets: readonly string[];
    readonly call: StepCall;
    readonly order: Order;
  },
): Promise<number> {
  const { table, options } = order;
  const code = await runStep(await drawingStep(drawing, { table, sets }, options), call);
  const folder = relative(root, join(options.results, drawing.data));
  if (code === exitCode.ok) call.board.say(`see the figure in ${folder}`);
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
