/**
 * The batch script of an array of jobs.
 *
 * @module
 */
import { UserError } from "lib/core/errors.ts";
import { root } from "lib/experiment/find.ts";
import { type Kind, workerCommand } from "lib/run/worker_process.ts";
import type { SlurmConfig } from "./config.ts";
import { jobName } from "./queue.ts";

/** An array of jobs of a kind; the jobs of task `n` are the files `n-*.json` in the folder. */
export interface Batch {
  readonly kind: Kind;
  /** The batch's own name. */
  readonly name: string;
  readonly folder: string;
  /** How many array tasks there are. */
  readonly tasks: number;
}

/**
 * The text that sbatch is given. A node needs the project's folder, the cache and Deno at the same paths
 * as here.
 */
export function batchScript({ kind, name, folder, tasks }: Batch, config: SlurmConfig): string {
  const atOnce = config.atOnce > 0 ? `%${config.atOnce}` : "";
  const given = (option: string, value: string | undefined) =>
    value === undefined ? [] : [`--${option}=${value}`];
  const headers = [
    `--job-name=${jobName(kind.name, name)}`,
    `--array=0-${tasks - 1}${atOnce}`,
    // A percent sign in a name would begin one of Slurm's own patterns.
    headed("output", `${folder.replaceAll("%", "%%")}/%a.log`),
    headed("chdir", root),
    `--mem=${config.memory}`,
    `--cpus-per-task=${config.cpus}`,
    ...(config.gpus > 0 ? [`--gpus=${config.gpus}`] : []),
    ...given("time", config.time),
    ...given("partition", config.partition),
    ...given("account", config.account),
    ...given("qos", config.qos),
    // Both may be otherwise by default. A job that was killed is submitted again by whoever counts how often.
    "--export=ALL",
    "--no-requeue",
    ...config.options,
  ];
  return [
    "#!/bin/bash",
    ...headers.map((header) => `#SBATCH ${header}`),
    ...environmentLines(kind),
    ...config.before,
    `exec ${commandOf(kind, config)} ${quoted(folder)}/"$SLURM_ARRAY_TASK_ID"-*.json`,
    "",
  ].join("\n");
}

/**
 * A script that does the job in the file that is its argument: the form for other schedulers.
 */
export function jobScript(kind: Kind): string {
  return [
    "#!/bin/sh",
    "# Does the jobs in the files that are its arguments; see lib/run/JOBS.md.",
    // Names are the caller's; the worker runs in the project's folder.
    'for file in "$@"; do',
    '  shift; case $file in /*) ;; *) file=$PWD/$file ;; esac; set -- "$@" "$file"',
    "done",
    `cd ${quoted(root)} || exit`,
    ...environmentLines(kind),
    `exec ${commandOf(kind, { wrap: [] })} "$@"`,
    "",
  ].join("\n");
}

function environmentLines(kind: Kind): string[] {
  return Object.entries(workerCommand(kind).env)
    .map(([name, value]) => `export ${name}=${quoted(value)}`);
}

function commandOf(kind: Kind, { wrap, deno }: Pick<SlurmConfig, "wrap" | "deno">): string {
  const program = quoted(deno ?? Deno.execPath());
  return [...wrap, program, ...workerCommand(kind).args.map(quoted)].join(" ");
}

/** An option with a path as Slurm reads it after `#SBATCH`. */
function headed(option: string, path: string): string {
  if (/[\n\r]/.test(path)) {
    throw new UserError("Slurm cannot read a folder whose name has several lines", { file: path });
  }
  return /[\s"'\\#]/.test(path)
    ? `--${option}="${path.replaceAll(/["\\]/g, (sign) => `\\${sign}`)}"`
    : `--${option}=${path}`;
}

/** A word as a shell reads it. */
function quoted(word: string): string {
  return /^[A-Za-z0-9_\/.,:=@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
