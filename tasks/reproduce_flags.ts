/**
 * The command line of `deno task reproduce`: fixed flags, and one flag a parameter.
 *
 * @module
 */
import type { Command } from "commander";
import { ParameterError } from "lib/core/errors.ts";
import { dataFor, dataGroups } from "lib/experiment/data.ts";
import { figures } from "lib/experiment/figures.ts";
import { findExperiment, findExperiments, listTables } from "lib/experiment/find.ts";
import { parseValue, resolveParameters, schemaOf } from "lib/experiment/parameters.ts";
import type { Experiment, Parameters, ParameterSchema } from "lib/experiment/types.ts";
import { type RunOptions, runOptions } from "lib/run/options.ts";
import { keepWeights } from "lib/weights/keep.ts";
import { newCommand, requireWritable } from "./cli.ts";
import {
  type Executor,
  type ExecutorFlags,
  executorOf,
  type Shard,
  shardOf,
} from "./executor_flags.ts";
import {
  addPlanFlags,
  planFlagNames,
  type PlanFlags,
  type Planning,
  readPlanFlags,
} from "./plan_flags.ts";

/** A row to reproduce, with the parameters given as flags. */
export interface Chosen {
  readonly experiment: Experiment;
  readonly given: Parameters;
}

/** A notebook that shows what was computed on all data sets. */
export interface Drawing {
  readonly notebook: string;
  /** A data set or a group of them, as given. */
  readonly data: string;
}

/** What the command line asks for. */
export interface Order extends Executor {
  readonly table: string;
  readonly drawing?: Drawing;
  /** Every chosen row on every chosen data set, data set by data set. */
  readonly runs: readonly Chosen[];
  readonly options: RunOptions;
  /** Compute, or only print what would be computed, or also why. */
  readonly mode: "run" | "plan" | "why";
  /** A result file to make again, instead of a table. */
  readonly from?: { readonly file: string; readonly results: string | undefined };
  /** How long one notebook cell may run; absent: no limit. */
  readonly cellTimeoutMs?: number;
  /** Only one part of the open folds, and no notebook. */
  readonly shard?: Shard;
  /** Write what is open as job files into this folder, and stop. */
  readonly jobs?: string;
  /** What a plan is for. */
  readonly planning: Planning;
}

interface Flags extends PlanFlags, ExecutorFlags {
  readonly workers?: string;
  readonly dataRoot?: string;
  readonly results?: string;
  readonly why?: boolean;
  readonly dryRun?: boolean;
  readonly cellMinutes?: string;
  readonly from?: string;
  readonly [parameter: string]: unknown;
}

/**
 * Reads the command line and checks all of it, so that nothing wrong is found after hours of work.
 *
 * @throws ParameterError naming the flag, row or table that is wrong
 */
export async function readOrder(args: readonly string[]): Promise<Order> {
  const command = await commandLine();
  command.parse([...args], { from: "user" });
  const flags = command.opts() as Flags;
  if (flags.from !== undefined) return orderFrom(command.args, flags);
  const [name, ...named] = command.args;
  if (name === undefined) {
    throw new ParameterError("It is not said what to reproduce", {
      fix: `Name one of ${[...listTables(), ...Object.keys(figures)].join(", ")}, or give --from`,
    });
  }
  const figure = figures[name];
  const table = figure?.table ?? name;
  if (figure && named.length > 0) {
    throw new ParameterError(`${name} always shows the same rows`, {
      field: named[0] as string,
      fix: `Leave it out, or reproduce ${table}`,
    });
  }
  const rows = figure?.rows ?? named;
  const chosen = rows.length === 0
    ? await findExperiments(table)
    : await Promise.all([...new Set(rows)].map((row) => findExperiment(table, row)));
  const runs = dataNames(flags.data).flatMap((data) => {
    const having = named.length > 0 ? chosen : ableTo(chosen, data);
    return having.map((experiment) => ({
      experiment,
      given: given(experiment, { ...flags, data }),
    }));
  });
  await refuseStray(table, runs, flags);
  for (const { experiment, given } of runs) resolveParameters(experiment, given);
  if (flags.writeJobs !== undefined) requireWritable(flags.writeJobs, "--write-jobs");
  const kept = await withWeights(runs);
  return {
    table,
    ...(figure ? { drawing: { notebook: figure.notebook, data: dataName(flags.data) } } : {}),
    runs: kept,
    options: optionsOf(flags),
    mode: flags.why ? "why" : flags.dryRun || flags.writeJobs ? "plan" : "run",
    ...cellTimeout(flags),
    ...await executorOf(flags),
    ...shardOf(flags),
    ...(flags.writeJobs === undefined ? {} : { jobs: flags.writeJobs }),
    planning: readPlanFlags(flags, flags.dryRun ?? false),
  };
}

/** The rows that a data set can be given to; all where it is none that anybody knows. */
function ableTo(chosen: readonly Experiment[], data: string): readonly Experiment[] {
  const able = chosen.filter(({ input }) => dataFor(input).includes(data));
  if (able.length === 0 || able.length === chosen.length) return chosen;
  const others = chosen.filter((row) => !able.includes(row)).map(({ id }) => id);
  console.error(`${data} has no frames, so without: ${others.join(", ")}`);
  return able;
}

/** A file says everything about its run, so nothing else may. */
function orderFrom(args: readonly string[], flags: Flags): Order {
  const allowed = ["from", "workers", "dataRoot", "results", "force"];
  const stray = args[0] ?? Object.keys(flags).find((name) => !allowed.includes(name));
  if (stray !== undefined) {
    throw new ParameterError("A result file says itself what was run", {
      field: args[0] ?? flagName(stray),
      fix: "Leave it out, or leave --from out",
    });
  }
  const from = { file: String(flags.from), results: flags.results };
  const planning = readPlanFlags({}, false);
  return {
    table: "",
    runs: [],
    options: optionsOf(flags),
    mode: "run",
    from,
    attach: false,
    planning,
  };
}

async function commandLine(): Promise<Command> {
  const command = newCommand("deno task reproduce")
    .description("Runs the notebooks of a table or figure, saves their results, and sums them up.")
    .argument(
      "[table]",
      `what to reproduce: ${[...listTables(), ...Object.keys(figures)].join(", ")}`,
    )
    .argument("[rows...]", "only these rows")
    .option("--workers <n>", "worker processes (default: one a core)")
    .option("--data-root <folder>", "where data sets lie (or FLEETING_DATA)")
    .option("--results <folder>", "where result files go (default: results)")
    .option("--from <file>", "make this result file again by what it says, and compare")
    .option("--dry-run", "print what would be computed, and stop")
    .option("--why", "print why it has to be computed, and stop")
    .option("--force", "compute every fold again")
    .option("--cell-minutes <n>", "stop a notebook whose cell takes longer (default: no limit)")
    .option("--executor <name>", "who computes folds: local or slurm (default: local)")
    .option("--slurm <file>", "what the cluster wants to know, as JSON: partition, time, memory, …")
    .option("--attach", "follow the jobs that were submitted before")
    .option("--shard <i/n>", "compute only every n-th fold, and run no notebook")
    .option("--write-jobs <folder>", "write what is open as job files for any scheduler, and stop");
  addPlanFlags(command);
  for (const [name, spec] of Object.entries(await allParameters())) {
    const groups = name === "data" ? `${Object.keys(dataGroups).join(" or ")} (three each), ` : "";
    const choices = spec.type === "choice" ? `: ${groups}${spec.choices.join(", ")}` : "";
    command.option(
      `${flagName(name)} <${spec.type === "weights" ? "file" : spec.type}>`,
      `${spec.doc}${choices}`,
    );
  }
  return command;
}

/** The data sets that `--data` stands for: a group's, or the one of that name. */
function dataNames(data: unknown): readonly string[] {
  const name = dataName(data);
  return dataGroups[name] ?? [name];
}

function dataName(data: unknown): string {
  return String(data ?? Object.keys(dataGroups)[0]);
}

/** Every parameter of every experiment, for the flags and their help. */
async function allParameters(): Promise<ParameterSchema> {
  const tables = await Promise.all(listTables().map(findExperiments));
  return Object.assign({}, ...tables.flat().map(schemaOf).reverse());
}

function flagName(parameter: string): string {
  return `--${parameter.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** The parameters of an experiment that were given as flags. */
function given(experiment: Experiment, flags: Flags): Parameters {
  const entries = Object.entries(schemaOf(experiment))
    .filter(([name]) => flags[name] !== undefined)
    .map(([name, spec]) => [name, parseValue(flagName(name), spec, String(flags[name]))]);
  return Object.fromEntries(entries);
}

/**
 * Files of weights are read once, before anything is computed, and stand in no notebook. A file is one
 * network's, so it is for one row.
 */
async function withWeights(runs: readonly Chosen[]): Promise<Chosen[]> {
  const having = runs.filter(({ given }) => (given.weights ?? "none") !== "none");
  const rows = [...new Set(having.map(({ experiment }) => experiment.id))];
  if (rows.length > 1) {
    throw new ParameterError("A file of weights is one network's, and several rows were chosen", {
      field: "--weights",
      fix: `Name one row: ${rows.join(", ")}`,
    });
  }
  const kept = rows.length === 0 ? "none" : await keepWeights(String(having[0]!.given.weights));
  return runs.map((run) =>
    having.includes(run) ? { ...run, given: { ...run.given, weights: kept } } : run
  );
}

/** A flag that no chosen row has would be silently without effect. */
async function refuseStray(table: string, runs: readonly Chosen[], flags: Flags): Promise<void> {
  const fixed = [
    ..."workers dataRoot results dryRun why force cellMinutes executor slurm attach shard writeJobs"
      .split(
        " ",
      ),
    ...planFlagNames,
  ];
  for (const name of Object.keys(flags)) {
    if ((fixed as string[]).includes(name) || runs.some(({ given }) => name in given)) continue;
    const having = (await findExperiments(table)).filter((row) => name in schemaOf(row));
    const rows = having.map(({ id }) => id).join(", ");
    throw new ParameterError("No chosen row has this parameter", {
      field: flagName(name),
      fix: rows === "" ? "Leave it out" : `Rows with it: ${rows}`,
    });
  }
}

function optionsOf({ workers, dataRoot, results, force }: Flags): RunOptions {
  if (results !== undefined) requireWritable(results, "--results");
  return runOptions({
    ...(workers === undefined ? {} : { workers: positive("--workers", workers) }),
    ...(dataRoot === undefined ? {} : { dataRoot }),
    ...(results === undefined ? {} : { results }),
    ...(force ? { force } : {}),
  });
}

function cellTimeout({ cellMinutes }: Flags): Pick<Order, "cellTimeoutMs"> {
  if (cellMinutes === undefined) return {};
  // A timer cannot wait longer; more than its 24 days would end at once.
  const longest = 2 ** 31 - 1;
  return { cellTimeoutMs: Math.min(60_000 * positive("--cell-minutes", cellMinutes), longest) };
}

function positive(field: string, text: string): number {
  const value = Number(text);
  const whole = field === "--workers";
  if (value > 0 && value < Infinity && (!whole || Number.isInteger(value))) return value;
  const expected = whole ? "a whole number of at least 1" : "a number above 0";
  throw new ParameterError(`Expected ${expected}, got '${text}'`, { field });
}
