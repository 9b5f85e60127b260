/**
 * The flags of `deno task reproduce` that say who computes, and which part.
 *
 * @module
 */
import { didYouMean, ParameterError } from "lib/core/errors.ts";
import { readSlurmConfig, type SlurmConfig } from "lib/slurm/config.ts";

/** The flags, as given. */
export interface ExecutorFlags {
  readonly executor?: string;
  readonly slurm?: string;
  readonly attach?: boolean;
  readonly shard?: string;
  readonly force?: boolean;
  readonly writeJobs?: string;
}

/** Who computes. */
export interface Executor {
  /** The cluster that computes; absent: this machine. */
  readonly slurm?: SlurmConfig;
  /** Follow what was submitted before, and submit nothing but what fails. */
  readonly attach: boolean;
}

/** One of several parts of some work, from 1. */
export interface Shard {
  readonly part: number;
  readonly of: number;
}

/**
 * Who computes: this machine or a cluster.
 *
 * @throws ParameterError naming the flag that does not fit the others
 * @throws UserError naming what is wrong in the cluster's configuration
 */
export async function executorOf(
  { executor = "local", slurm, attach = false, force, writeJobs }: ExecutorFlags,
): Promise<Executor> {
  if (executor !== "local" && executor !== "slurm") {
    throw new ParameterError(`There is no executor '${executor}'`, {
      field: "--executor",
      fix: didYouMean(executor, ["local", "slurm"]),
    });
  }
  if (executor === "slurm" && writeJobs !== undefined) {
    throw new ParameterError("Job files are for other schedulers", {
      field: "--write-jobs",
      fix: "Leave --executor out",
    });
  }
  if (attach && force) {
    throw new ParameterError("What is computed by force is not what was submitted before", {
      field: "--attach",
      fix: "Leave --force out",
    });
  }
  if (executor === "slurm") return { slurm: await readSlurmConfig(slurm), attach };
  const stray = attach ? "--attach" : slurm === undefined ? undefined : "--slurm";
  if (stray !== undefined) {
    throw new ParameterError("This is about a cluster", {
      field: stray,
      fix: "Add --executor slurm",
    });
  }
  return { attach };
}

/**
 * The part of the folds to compute.
 *
 * @throws ParameterError when it is none, or somebody else divides the work
 */
export function shardOf({ shard, executor, writeJobs }: ExecutorFlags): { readonly shard?: Shard } {
  if (shard === undefined) return {};
  const [, part, of] = /^(\d{1,6})\/(\d{1,6})$/.exec(shard)?.map(Number) ?? [];
  if (part === undefined || of === undefined || part < 1 || part > of) {
    throw new ParameterError(`Expected a part such as 2/4, got '${shard}'`, { field: "--shard" });
  }
  if (executor === "slurm" || writeJobs !== undefined) {
    throw new ParameterError("A scheduler divides the work by itself", {
      field: "--shard",
      fix: "Leave it out",
    });
  }
  return { shard: { part, of } };
}
