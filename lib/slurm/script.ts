/**
 * The batch script of an array of jobs.
 *
 * @module
 */
import type { Kind } from "lib/run/pool.ts";
import { workerCommand } from "lib/run/pool.ts";
import { root } from "lib/experiment/find.ts";
import type { SlurmConfig } from "./config.ts";

/** An array of jobs of a kind; the jobs of task `n` are the files `n-*.json` in the folder. */
export interface Batch {
  readonly kind: Kind;
  readonly folder: string;
  /** How many array tasks there are. */
  readonly tasks: number;
}

/**
 * The text that sbatch is given. A node needs the project's folder, the cache and Deno at the same paths
 * as here.
 */
export function batchScript({ kind, folder, tasks }: Batch, config: SlurmConfig): string {
  const { args, env } = workerCommand(kind);
  const atOnce = config.atOnce > 0 ? `%${config.atOnce}` : "";
  const headers = [
    `--job-name=${`fleeting ${kind.name}`.replaceAll(/[^A-Za-z0-9._-]+/g, "-")}`,
    `--array=0-${tasks - 1}${atOnce}`,
    `--output=${folder}/%a.log`,
    `--chdir=${root}`,
    `--mem=${config.memory}`,
    `--cpus-per-task=${config.cpus}`,
    ...(config.gpus > 0 ? [`--gpus=${config.gpus}`] : []),
    ...(config.time === undefined ? [] : [`--time=${config.time}`]),
    ...(config.partition === undefined ? [] : [`--partition=${config.partition}`]),
    ...(config.account === undefined ? [] : [`--account=${config.account}`]),
    ...(config.qos === undefined ? [] : [`--qos=${config.qos}`]),
    // A killed task is submitted again by whoever follows it, who counts how often.
    "--no-requeue",
    ...config.options,
  ];
  const command = [
    ...config.wrap,
    quoted(config.deno ?? Deno.execPath()),
    ...args.map(quoted),
  ].join(" ");
  return [
    "#!/bin/bash",
    ...headers.map((header) => `#SBATCH ${header}`),
    "set -u",
    ...Object.entries(env).map(([name, value]) => `export ${name}=${quoted(value)}`),
    ...config.before,
    `exec ${command} ${quoted(folder)}/"$SLURM_ARRAY_TASK_ID"-*.json`,
    "",
  ].join("\n");
}

/** A word as bash reads it. */
function quoted(word: string): string {
  return /^[A-Za-z0-9_\/.,:=@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
