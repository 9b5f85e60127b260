/**
 * The notebooks of a reproduction: rows, summaries and figures.
 *
 * @module
 */
import { basename, dirname, join, relative } from "@std/path";
import { exitCode, UserError } from "lib/core/errors.ts";
import { exists, writeAtomic } from "lib/core/files.ts";
import { root } from "lib/experiment/find.ts";
import { resolveParameters } from "lib/experiment/parameters.ts";
import { executeNotebook, type ExecuteOptions, NotebookError } from "lib/notebook/execute.ts";
import type { JsonObject } from "lib/notebook/notebook_file.ts";
import { markdownPath } from "lib/results/arrow.ts";
import type { RunOptions } from "lib/run/options.ts";
import { type Plan, planRun, resultFile } from "lib/run/plan.ts";
import type { Readers } from "lib/run/readers.ts";
import { countLine } from "./count_line.ts";
import type { ProgressBoard, ProgressLine } from "./progress_board.ts";
import type { Chosen, Drawing } from "./reproduce_flags.ts";
import { unlessAborted } from "./signals.ts";
import { isUnchanged, remember, resultsBelow, sourcesDigest, type Trace } from "./unchanged.ts";

/** A notebook to run. */
export interface Step {
  /** The notebook below `notebooks`, without its ending. */
  readonly name: string;
  /** The data set, or group of them, that it is about. */
  readonly data: string;
  readonly parameters: JsonObject;
  readonly validate?: (merged: JsonObject) => JsonObject;
  /** What it follows from beside its code; undefined when that is not known. */
  readonly from: unknown;
  /** Whether all that it would compute is kept. */
  readonly computed: boolean;
  /** Files and folders that it writes. */
  readonly writes: readonly string[];
}

/** What the progress line calls a step. */
export function labelOf({ name, data }: Step): string {
  return `${name} on ${data}`;
}

/** The notebook of a row. */
export interface RowStep extends Step {
  readonly run: Chosen;
  /** What is to be computed; undefined when that cannot be said, which the notebook will explain. */
  readonly plan?: Plan;
}

/**
 * The steps of the chosen rows, in their order; what each follows from is looked up, which takes a moment. Data
 * sets are looked through side by side, since each waits for files, and for threads that draw, in its turn.
 *
 * @throws what `signal` aborts with
 */
export async function rowSteps(
  runs: readonly Chosen[],
  options: RunOptions & Readers,
  signal: AbortSignal,
): Promise<RowStep[]> {
  const line = countLine("looking up what is there");
  const steps = new Map<Chosen, RowStep>();
  await Promise.all(
    [...Map.groupBy(runs, dataOf).values()].map(async (ofSet) => {
      for (const run of ofSet) {
        // Drawing the clips of a set takes minutes, and the next run draws them again.
        steps.set(run, await unlessAborted(rowStep(run, options), signal));
        line.show(steps.size, runs.length);
      }
    }),
  );
  line.end();
  return runs.map((run) => steps.get(run)!);
}

/** The data set that a row is run on. */
export function dataOf({ experiment, given }: Chosen): string {
  return String(resolveParameters(experiment, given).data);
}

/** The step of one row. */
export async function rowStep(
  run: Chosen,
  options: RunOptions & Readers,
): Promise<RowStep> {
  const { experiment, given } = run;
  const step = {
    run,
    name: `${experiment.table}/${experiment.id}`,
    data: dataOf(run),
    parameters: given as JsonObject,
    validate: (merged: JsonObject) => {
      resolveParameters(experiment, merged);
      return merged;
    },
  };
  try {
    const plan = await planRun(experiment, given, options);
    const { parameters, dataset, environment, jobs, finished, clips } = plan;
    const file = resultFile(options.results, plan);
    return {
      ...step,
      plan,
      from: { parameters, environment, data: dataset.digest },
      // Folds that are missing or damaged are made again, though the result be there.
      computed: clips === undefined && finished.size === jobs.length,
      writes: [file, markdownPath(file)],
    };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    // The notebook meets the same error, and shows it.
    return { ...step, from: undefined, computed: false, writes: [] };
  }
}

/** The step that sums up the results of a table on a data set. */
export async function summaryStep(
  table: string,
  data: string,
  { results }: RunOptions,
): Promise<Step> {
  const folder = join(results, data, table);
  return {
    name: "summary",
    data,
    parameters: { table, data },
    from: { table, data, results: await resultsBelow([folder]) },
    computed: true,
    writes: [folder],
  };
}

/** The step that draws a figure of a table's results on data sets. */
export async function drawingStep(
  { notebook, data }: Drawing,
  { table, sets }: { readonly table: string; readonly sets: readonly string[] },
  { results }: RunOptions,
): Promise<Step> {
  const folders = sets.map((set) => join(results, set, table));
  return {
    name: notebook,
    data,
    parameters: { data },
    from: { data, results: await resultsBelow(folders) },
    computed: true,
    writes: [join(results, data)],
  };
}

/** How steps are run. */
export interface StepCall extends Pick<ExecuteOptions, "env" | "signal" | "cellTimeoutMs"> {
  readonly board: ProgressBoard;
  readonly options: RunOptions;
}

/** Whether everything that a step would make is there already. */
export async function isDone(step: Step, { force, cache }: RunOptions): Promise<boolean> {
  return !force && step.computed && await isUnchanged(await traceOf(step, cache));
}

/**
 * Runs one notebook, unless nothing would come out anew.
 *
 * @param line its progress line, if it is open: then it says already what is computed
 * @returns an exit code; what went wrong is printed
 */
export async function runStep(step: Step, call: StepCall, line?: ProgressLine): Promise<number> {
  const { board, options, ...settings } = call;
  const { name, parameters, validate } = step;
  const notebook = notebookOf(name);
  if (!await exists(notebook)) {
    throw new UserError("There is no such notebook", { file: relative(root, notebook) });
  }
  if (await isDone(step, options)) {
    board.skip(labelOf(step));
    return exitCode.ok;
  }
  const kept = keptAs(step, options.cache);
  const own = line ?? board.start(labelOf(step));
  try {
    const executed = await executeNotebook(notebook, {
      ...settings,
      parameters,
      onEvent(event) {
        if (event.type === "progress" && line === undefined) own.show(event.state);
      },
      ...(validate ? { validate } : {}),
    });
    await writeAtomic(kept, executed.text);
    if (step.from !== undefined) await remember(await traceOf(step, options.cache));
    own.done();
  } catch (error) {
    own.failed();
    if (!(error instanceof NotebookError) || settings.signal?.aborted) throw error;
    await writeAtomic(kept, error.executed.text);
    board.say(error.user ? `error: ${error.message}` : error.message);
    return error.user ? exitCode.usage : exitCode.failed;
  }
  return exitCode.ok;
}

function notebookOf(name: string): string {
  return join(root, "notebooks", `${name}.ipynb`);
}

/** Where the executed notebook goes: it has outputs, so it stays out of git. */
function keptAs({ name, data }: Step, folds: string): string {
  return join(dirname(folds), "notebooks", data, `${name}.ipynb`);
}

async function traceOf(step: Step, folds: string): Promise<Trace> {
  const kept = keptAs(step, folds);
  return {
    stamp: join(dirname(kept), `${basename(kept, ".ipynb")}.stamp.json`),
    from: [await sourcesDigest(notebookOf(step.name)), step.parameters, step.from],
    writes: [kept, ...step.writes],
  };
}
