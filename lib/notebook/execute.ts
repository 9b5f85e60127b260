/**
 * Runs a notebook from the first cell to the last in a Deno kernel of its own.
 *
 * @module
 */
import { dirname, resolve } from "@std/path";
import { type InjectOptions, injectParameters } from "./inject.ts";
import { type Failure, failureOf } from "./failure.ts";
import { type Kernel, KernelDeath, startKernel } from "./kernel.ts";
import { NotebookError, type NotebookFailure } from "./notebook_error.ts";
import {
  type CodeCell,
  codeCells,
  formatNotebook,
  type JsonObject,
  type Notebook,
  readNotebook,
} from "./notebook_file.ts";
import { collectOutputs, type OutputEvent } from "./outputs.ts";

export { NotebookError, type NotebookFailure };

/** What happens while a notebook runs; `cell` counts code cells from 1. */
export type NotebookEvent =
  | { readonly type: "cell"; readonly cell: number; readonly cells: number }
  | OutputEvent & { readonly cell: number };

/** Settings for {@linkcode executeNotebook}. */
export interface ExecuteOptions {
  /** Values that override the defaults in the notebook's parameters cell. */
  readonly parameters?: Readonly<JsonObject>;
  /** Checks the merged parameters and returns those to use. */
  readonly validate?: NonNullable<InjectOptions["validate"]>;
  /** The kernel's working folder; the notebook's own folder by default, as in JupyterLab. */
  readonly cwd?: string;
  /** Variables added to the kernel's environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Hears cells, outputs and progress while they happen. */
  readonly onEvent?: (event: NotebookEvent) => void;
  /** How long one cell may run; no limit by default. */
  readonly cellTimeoutMs?: number;
  /** Stops the run: the kernel and everything it started are killed. */
  readonly signal?: AbortSignal;
}

/** A notebook after its run. */
export interface ExecutedNotebook {
  /** The notebook with its outputs. */
  readonly notebook: Notebook;
  /** Its file text; a repeated run of cells that do the same gives the same bytes. */
  readonly text: string;
}

// How long after the last cell errors of work that nobody awaits can still fail the run.
const settleMs = 100;

/**
 * Runs a notebook: injects the parameters, runs the code cells in order in a fresh kernel, and
 * returns the notebook with every output. The file itself is not changed. Nothing outlives the run:
 * no process that a cell started, no temporary file.
 *
 * @param path the notebook file
 * @throws UserError when the notebook or its parameters are wrong, before anything runs
 * @throws NotebookError when a cell fails, an error surfaces outside the cells, the kernel ends, a
 * cell takes too long, or `signal` aborts; it carries the notebook with the outputs so far
 */
export async function executeNotebook(
  path: string,
  options: ExecuteOptions = {},
): Promise<ExecutedNotebook> {
  const notebook = await prepare(path, options);
  const cells = codeCells(notebook);
  const collector = collectOutputs();
  const failure = await runCells(cells, { ...options, path, collector });
  collector.dropUnfinished(cells);
  const executed = { notebook, text: formatNotebook(notebook) };
  if (failure) throw new NotebookError(failure, executed);
  return executed;
}

async function prepare(path: string, options: ExecuteOptions): Promise<Notebook> {
  const { parameters, validate } = options;
  const source = await readNotebook(path);
  const notebook = parameters === undefined ? source : injectParameters(source, parameters, {
    file: path,
    ...(validate === undefined ? {} : { validate }),
  });
  for (const cell of codeCells(notebook)) {
    cell.outputs = [];
    cell.execution_count = null;
  }
  return notebook;
}

interface RunOptions extends ExecuteOptions {
  readonly path: string;
  readonly collector: ReturnType<typeof collectOutputs>;
}

/** Runs the cells and returns how the run failed, if it did. */
async function runCells(
  cells: readonly CodeCell[],
  options: RunOptions,
): Promise<NotebookFailure | undefined> {
  const { path, signal } = options;
  const aborted: Failure = { kind: "aborted", name: "", what: "Interrupted", traceback: [] };
  let number = 0;
  const failed = (failure: Failure): NotebookFailure => ({
    notebook: path,
    cell: number,
    ...(signal?.aborted ? aborted : failure),
  });
  let kernel: Kernel | undefined;
  const kill = () => kernel?.kill();
  signal?.addEventListener("abort", kill);
  try {
    if (signal?.aborted) return failed(aborted);
    kernel = await startKernel({
      cwd: options.cwd ?? dirname(resolve(path)),
      ...(options.env === undefined ? {} : { env: options.env }),
    });
    if (signal?.aborted) return failed(aborted);
    for (const cell of cells) {
      number++;
      options.onEvent?.({ type: "cell", cell: number, cells: cells.length });
      const failure = await runCell(kernel, cell, { ...options, number, last: cells.at(-1)! });
      if (failure) return failed(failure);
    }
  } catch (error) {
    if (!(error instanceof KernelDeath)) throw error;
    return failed({ kind: "death", name: "", what: error.message, traceback: [] });
  } finally {
    signal?.removeEventListener("abort", kill);
    await kernel?.stop();
  }
}

interface CellOptions extends RunOptions {
  readonly number: number;
  readonly last: CodeCell;
}

async function runCell(
  kernel: Kernel,
  cell: CodeCell,
  options: CellOptions,
): Promise<Failure | undefined> {
  const { cellTimeoutMs, collector, number, onEvent } = options;
  let timedOut = false;
  const timer = cellTimeoutMs === undefined ? undefined : setTimeout(() => {
    timedOut = true;
    kernel.kill();
  }, cellTimeoutMs);
  try {
    cell.execution_count = number;
    const hear = (message: Parameters<typeof collector.add>[1]) => {
      const event = collector.add(cell, message);
      if (event) onEvent?.({ ...event, cell: number });
    };
    const result = await kernel.run(cell.source, hear);
    const late = cell === options.last ? await kernel.settle(settleMs, hear) : [];
    return await failureOf(cell, { ...result, late: [...result.late, ...late] });
  } catch (error) {
    if (!timedOut) throw error;
    const what = `The cell ran longer than ${cellTimeoutMs! / 1000} s and was stopped`;
    return { kind: "timeout", name: "", what, traceback: [] };
  } finally {
    clearTimeout(timer);
  }
}
