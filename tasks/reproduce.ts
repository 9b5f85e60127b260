/**
 * `deno task reproduce TABLE [ROW…]`: runs the notebooks of a table and then its summary.
 *
 * @module
 */
import { join, relative } from "@std/path";
import type { Command } from "commander";
import { exitCode, ParameterError, UserError } from "lib/core/errors.ts";
import { exists, writeAtomic } from "lib/core/files.ts";
import { findExperiment, findExperiments, listTables, root } from "lib/experiment/find.ts";
import { parseValue, resolveParameters, schemaOf } from "lib/experiment/parameters.ts";
import type { Experiment, Parameters, ParameterSchema } from "lib/experiment/types.ts";
import { executeNotebook, NotebookError } from "lib/notebook/execute.ts";
import { setUp } from "lib/setup/setup.ts";
import type { JsonObject } from "lib/notebook/notebook_file.ts";
import { optionVariables, type RunOptions, runOptions } from "lib/run/options.ts";
import { explain, type Plan, planRun, resultFile } from "lib/run/plan.ts";
import { newCommand, runTask } from "./cli.ts";
import { progressLine } from "./progress_line.ts";

interface Flags {
  readonly workers?: string;
  readonly dataRoot?: string;
  readonly results?: string;
  readonly why?: boolean;
  readonly dryRun?: boolean;
  readonly force?: boolean;
  readonly cellMinutes?: string;
  readonly [parameter: string]: unknown;
}

/** Every parameter of every experiment, for the flags and their help. */
async function allParameters(): Promise<ParameterSchema> {
  const tables = await Promise.all(listTables().map(findExperiments));
  return Object.assign({}, ...tables.flat().map(schemaOf).reverse());
}

function flagName(parameter: string): string {
  return `--${parameter.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** The command line: fixed options, and one option a parameter. */
async function commandLine(): Promise<Command> {
  const command = newCommand("deno task reproduce")
    .description("Runs the notebooks of a table or figure, saves their results, and sums them up.")
    .argument("<table>", `what to reproduce: ${listTables().join(", ")}`)
    .argument("[rows...]", "only these rows")
    .option("--workers <n>", "worker processes (default: one a core)")
    .option("--data-root <folder>", "where data sets lie (or FLEETING_DATA)")
    .option("--results <folder>", "where result files go (default: results)")
    .option("--dry-run", "print what would be computed, and stop")
    .option("--why", "print why it has to be computed, and stop")
    .option("--force", "compute every fold again")
    .option("--cell-minutes <n>", "stop a notebook whose cell takes longer (default: no limit)");
  for (const [name, spec] of Object.entries(await allParameters())) {
    const choices = spec.type === "choice" ? `: ${spec.choices.join(", ")}` : "";
    command.option(`${flagName(name)} <${spec.type}>`, `${spec.doc}${choices}`);
  }
  return command;
}

async function main(): Promise<number> {
  const command = await commandLine();
  command.parse(Deno.args, { from: "user" });
  const [table = "", ...rows] = command.args;
  const flags = command.opts() as Flags;
  const chosen = rows.length === 0
    ? await findExperiments(table)
    : await Promise.all(rows.map((row) => findExperiment(table, row)));
  const options = runOptions({
    ...(flags.workers === undefined ? {} : { workers: Number(flags.workers) }),
    ...(flags.dataRoot === undefined ? {} : { dataRoot: flags.dataRoot }),
    ...(flags.results === undefined ? {} : { results: flags.results }),
    ...(flags.force ? { force: true } : {}),
  });
  const runs = chosen.map((experiment) => ({ experiment, given: given(experiment, flags) }));
  refuseStray(runs, flags);
  for (const { experiment, given } of runs) resolveParameters(experiment, given);
  if (flags.why || flags.dryRun) return await printPlans(runs, options, flags);
  return await runNotebooks(table, runs, { options, flags });
}

/** The parameters of an experiment that were given as flags. */
function given(experiment: Experiment, flags: Flags): Parameters {
  const entries = Object.entries(schemaOf(experiment))
    .filter(([name]) => flags[name] !== undefined)
    .map(([name, spec]) => [name, parseValue(flagName(name), spec, String(flags[name]))]);
  return Object.fromEntries(entries);
}

/** A flag that no chosen row has would be silently without effect. */
function refuseStray(runs: readonly Chosen[], flags: Flags): void {
  const fixed = ["workers", "dataRoot", "results", "dryRun", "why", "force", "cellMinutes"];
  for (const name of Object.keys(flags)) {
    if (fixed.includes(name) || runs.some(({ given }) => name in given)) continue;
    throw new ParameterError(`No chosen row has this parameter`, { field: flagName(name) });
  }
}

interface Chosen {
  readonly experiment: Experiment;
  readonly given: Parameters;
}

async function printPlans(
  runs: readonly Chosen[],
  options: RunOptions,
  flags: Flags,
): Promise<number> {
  for (const { experiment, given } of runs) {
    const plan = await planRun(experiment, given, options);
    console.log(planLine(plan, options));
    if (!flags.why) continue;
    for (const [cause, folds] of await explain(plan)) console.log(`  ${cause} (${folds} folds)`);
  }
  return exitCode.ok;
}

function planLine(plan: Plan, options: RunOptions): string {
  const open = plan.jobs.length - plan.finished.size;
  const file = relative(root, resultFile(options.results, plan));
  const work = open === 0
    ? "nothing to compute"
    : `${open} of ${plan.jobs.length} folds to compute`;
  return `${plan.experiment.id}: ${work} → ${file}`;
}

async function runNotebooks(
  table: string,
  runs: readonly Chosen[],
  { options, flags }: { options: RunOptions; flags: Flags },
): Promise<number> {
  const abort = abortOnSignal();
  for (const backend of backendsOf(runs)) await setUp({ backend, signal: abort.signal });
  const minutes = flags.cellMinutes === undefined ? {} : {
    cellTimeoutMs: 60_000 * Number(parseValue("--cell-minutes", minutesSpec, flags.cellMinutes)),
  };
  const environment = variablesOf(options);
  const data = String(resolveParameters(runs[0]!.experiment, runs[0]!.given).data);
  const steps: Step[] = [
    ...runs.map(({ experiment, given }) => ({
      name: `${experiment.table}/${experiment.id}`,
      parameters: given,
      validate: (merged: JsonObject) => {
        resolveParameters(experiment, merged);
        return merged;
      },
    })),
    { name: "summary", parameters: { table, data } },
  ];
  for (const { name, ...injected } of steps) {
    const notebook = join(root, "notebooks", `${name}.ipynb`);
    if (!await exists(notebook)) {
      throw new UserError("There is no such notebook", { file: relative(root, notebook) });
    }
    const line = progressLine(name);
    try {
      const executed = await executeNotebook(notebook, {
        ...injected,
        env: environment,
        signal: abort.signal,
        onEvent: line.onEvent,
        ...minutes,
      });
      await keep(data, name, executed.text);
      line.done();
    } catch (error) {
      line.failed();
      if (abort.signal.aborted) {
        console.error("interrupted; finished folds are kept, the same command goes on from here");
        return exitCode.interrupted;
      }
      if (!(error instanceof NotebookError)) throw error;
      await keep(data, name, error.executed.text);
      console.error(error.message);
      return error.user ? exitCode.usage : exitCode.failed;
    }
  }
  console.error(`see ${relative(root, join(options.results, data, table, "summary.md"))}`);
  return exitCode.ok;
}

/** A notebook to run. */
interface Step {
  readonly name: string;
  readonly parameters: JsonObject;
  readonly validate?: (merged: JsonObject) => JsonObject;
}

/** Ctrl-C, or the end of the terminal, stops the kernel and its workers before this process ends. */
function abortOnSignal(): AbortController {
  const abort = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    Deno.addSignalListener(signal, () => abort.abort());
  }
  return abort;
}

const minutesSpec = { type: "number", default: 0, min: 0, doc: "Minutes" } as const;

/** The backends that the chosen rows train on; set-up brings them. */
function backendsOf(runs: readonly Chosen[]): Set<string> {
  return new Set(
    runs.map(({ experiment, given }) => String(resolveParameters(experiment, given).backend)),
  );
}

/** Executed notebooks have outputs; they stay out of git, in the cache. */
async function keep(data: string, name: string, text: string): Promise<void> {
  await writeAtomic(join(root, ".cache", "notebooks", data, `${name}.ipynb`), text);
}

function variablesOf(options: RunOptions): Record<string, string> {
  const entries = Object.entries(optionVariables)
    .map(([name, variable]) => [variable, options[name as keyof RunOptions]])
    .filter(([, value]) => value !== undefined)
    .map(([variable, value]) => [variable, String(value)]);
  return Object.fromEntries(entries);
}

await runTask(main);
