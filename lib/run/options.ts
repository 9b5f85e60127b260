/**
 * How a run is done, as opposed to what it computes: none of this changes a result. The command line
 * hands it to notebooks through the environment, so that no machine path ends up in a notebook.
 *
 * @module
 */
import { join, resolve } from "@std/path";
import { ParameterError } from "lib/core/errors.ts";
import { root } from "lib/experiment/find.ts";

/** Options of a run. */
export interface RunOptions {
  /** Number of worker processes. */
  readonly workers: number;
  /** Where data sets lie; unset means the loaders' own default. */
  readonly dataRoot?: string;
  /** Where result files go. */
  readonly results: string;
  /** Where finished folds are kept. */
  readonly cache: string;
  /** Compute every fold again. */
  readonly force: boolean;
}

/** Far above the cores of any machine. */
const mostWorkers = 4096;

/** The environment variables that carry {@linkcode RunOptions}. */
export const optionVariables = {
  workers: "FLEETING_WORKERS",
  dataRoot: "FLEETING_DATA",
  results: "FLEETING_RESULTS",
  cache: "FLEETING_FOLDS",
  force: "FLEETING_FORCE",
} as const;

/**
 * The options of this process: from its environment, else one worker a core, and folders in the
 * repository.
 *
 * @throws ParameterError when FLEETING_WORKERS is not a whole number of at least 1
 */
export function runOptions(given: Partial<RunOptions> = {}): RunOptions {
  // A variable that is set to nothing counts as unset.
  const read = (name: keyof typeof optionVariables) =>
    Deno.env.get(optionVariables[name]) || undefined;
  const dataRoot = given.dataRoot ?? read("dataRoot");
  const wanted = given.workers ?? read("workers") ?? navigator.hardwareConcurrency;
  const workers = Number(wanted);
  if (!Number.isInteger(workers) || workers < 1 || workers > mostWorkers) {
    const expected = workers > mostWorkers
      ? `a whole number of at most ${mostWorkers}`
      : "a whole number of at least 1";
    throw new ParameterError(`Expected ${expected}, got '${wanted}'`, {
      field: given.workers === undefined ? optionVariables.workers : "workers",
    });
  }
  return {
    workers,
    // Absolute, because notebooks and workers run in folders of their own.
    ...(dataRoot === undefined ? {} : { dataRoot: resolve(dataRoot) }),
    results: resolve(given.results ?? read("results") ?? join(root, "results")),
    cache: resolve(given.cache ?? read("cache") ?? join(root, ".cache", "folds")),
    force: given.force ?? read("force") === "true",
  };
}
