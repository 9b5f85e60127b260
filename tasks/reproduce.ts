/**
 * `deno task reproduce TABLE [ROW…]`: runs the notebooks of a table and then its summary.
 *
 * @module
 */
import { dirname, join, relative } from "@std/path";
import { exitCode, UserError } from "lib/core/errors.ts";
import { exists, writeAtomic } from "lib/core/files.ts";
import { root } from "lib/experiment/find.ts";
import { resolveParameters } from "lib/experiment/parameters.ts";
import { executeNotebook, type ExecuteOptions, NotebookError } from "lib/notebook/execute.ts";
import { offerLandmarks } from "lib/setup/landmarks.ts";
import { setUp } from "lib/setup/setup.ts";
import { requireDeno } from "lib/setup/versions.ts";
import type { JsonObject } from "lib/notebook/notebook_file.ts";
import { optionVariables, type RunOptions } from "lib/run/options.ts";
import { explain, type Plan, planRun, resultFile } from "lib/run/plan.ts";
import { runTask } from "./cli.ts";
import { progressLine } from "./progress_line.ts";
import { type Chosen, type Drawing, type Order, readOrder } from "./reproduce_flags.ts";

async function main(): Promise<number> {
  requireDeno();
  const order = await readOrder(Deno.args);
  if (order.mode !== "run") return await printPlans(order);
  const abort = abortOnSignal();
  try {
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
  const { table, runs, options } = order;
  for (const backend of backendsOf(runs)) await setUp({ backend, signal });
  if (runs.some(wantsLandmarks)) await offerLandmarks(signal);
  const settings = {
    env: variablesOf(options),
    signal,
    ...(order.cellTimeoutMs === undefined ? {} : { cellTimeoutMs: order.cellTimeoutMs }),
  };
  for (const [data, chosen] of Map.groupBy(runs, dataOf)) {
    const summary = { name: "summary", parameters: { table, data } };
    for (const step of [...chosen.map(stepOf), summary]) {
      const kept = join(dirname(options.cache), "notebooks", data, `${step.name}.ipynb`);
      const code = await runStep(step, { kept, label: `${step.name} on ${data}` }, settings);
      if (code !== exitCode.ok) return code;
    }
    console.error(`see ${relative(root, join(options.results, data, table, "summary.md"))}`);
  }
  return order.drawing ? await draw(order.drawing, options, settings) : exitCode.ok;
}

/** Runs the notebook of a figure over all data sets. */
async function draw(
  { notebook, data }: Drawing,
  options: RunOptions,
  settings: ExecuteOptions,
): Promise<number> {
  const step = { name: notebook, parameters: { data } };
  const kept = join(dirname(options.cache), "notebooks", data, `${notebook}.ipynb`);
  const code = await runStep(step, { kept, label: `${notebook} on ${data}` }, settings);
  const folder = relative(root, join(options.results, data));
  if (code === exitCode.ok) console.error(`see the figure in ${folder}`);
  return code;
}

/** Whether a run finds facial points by dlib's model, or would if it had it. */
function wantsLandmarks({ experiment, given }: Chosen): boolean {
  const { landmarks } = resolveParameters(experiment, given);
  return landmarks === "auto" || landmarks === "dlib";
}

function dataOf({ experiment, given }: Chosen): string {
  return String(resolveParameters(experiment, given).data);
}

/** A notebook to run. */
interface Step {
  readonly name: string;
  readonly parameters: JsonObject;
  readonly validate?: (merged: JsonObject) => JsonObject;
}

function stepOf({ experiment, given }: Chosen): Step {
  return {
    name: `${experiment.table}/${experiment.id}`,
    parameters: given,
    validate: (merged) => {
      resolveParameters(experiment, merged);
      return merged;
    },
  };
}

/**
 * Runs one notebook.
 *
 * @param place `kept`: where the executed notebook goes (it has outputs, so it stays out of git);
 * `label`: what the progress line calls it
 */
async function runStep(
  step: Step,
  { kept, label }: { readonly kept: string; readonly label: string },
  settings: ExecuteOptions,
): Promise<number> {
  const { name, ...injected } = step;
  const notebook = join(root, "notebooks", `${name}.ipynb`);
  if (!await exists(notebook)) {
    throw new UserError("There is no such notebook", { file: relative(root, notebook) });
  }
  const line = progressLine(label);
  try {
    const { onEvent } = line;
    const executed = await executeNotebook(notebook, { ...injected, ...settings, onEvent });
    await writeAtomic(kept, executed.text);
    line.done();
    return exitCode.ok;
  } catch (error) {
    line.failed();
    if (!(error instanceof NotebookError) || settings.signal?.aborted) throw error;
    await writeAtomic(kept, error.executed.text);
    console.error(error.user ? `error: ${error.message}` : error.message);
    return error.user ? exitCode.usage : exitCode.failed;
  }
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
