/**
 * What a cluster wants to know of jobs: a small JSON file that `--slurm` names.
 *
 * @module
 */
import { didYouMean, ParameterError } from "lib/core/errors.ts";

/** How jobs are submitted. Everything has a default; a cluster usually wants `partition` and `time`. */
export interface SlurmConfig {
  /** `--partition`; absent: the cluster's default. */
  readonly partition?: string;
  /** `--account`. */
  readonly account?: string;
  /** `--qos`. */
  readonly qos?: string;
  /** `--time` of one array task, such as `02:00:00`; absent: the partition's default. */
  readonly time?: string;
  /** `--mem` of one array task. */
  readonly memory: string;
  /** `--cpus-per-task`. A fold computes in one thread, so that its digits are the same everywhere. */
  readonly cpus: number;
  /** `--gpus`; 0 asks for none. */
  readonly gpus: number;
  /** Further options, as they stand after `#SBATCH`, such as `--constraint=avx2`. */
  readonly options: readonly string[];
  /** Shell lines to run first on the node, such as `module load gcc`. */
  readonly before: readonly string[];
  /** Words in front of the command, such as `apptainer exec fleeting.sif`. */
  readonly wrap: readonly string[];
  /** The Deno program on the nodes; absent: where it is here. */
  readonly deno?: string;
  /** How many array tasks may run at once; 0: as many as the cluster likes. */
  readonly atOnce: number;
  /** How many folds or clips one array task does, one after the other. */
  readonly foldsPerTask: number;
  /** How often a fold is submitted in all before it is given up. */
  readonly attempts: number;
  /** Seconds between two looks at the queue. */
  readonly pollSeconds: number;
  /** Seconds until every machine sees what one of them wrote into a shared folder. */
  readonly shareSeconds: number;
}

const defaults: SlurmConfig = {
  memory: "4G",
  cpus: 1,
  gpus: 0,
  options: [],
  before: [],
  wrap: [],
  atOnce: 0,
  foldsPerTask: 1,
  attempts: 3,
  pollSeconds: 10,
  shareSeconds: 60,
};

type Check = (value: unknown) => string | undefined;

const text: Check = (value) =>
  typeof value === "string" && /^[^\s'"\\$`;&|<>]+$/.test(value)
    ? undefined
    : "a word without blanks or quotes";
const line: Check = (value) =>
  typeof value === "string" && value !== "" && !/[\n\r\0]/.test(value)
    ? undefined
    : "one line of text";
const lines: Check = (value) =>
  Array.isArray(value) && value.every((one) => line(one) === undefined)
    ? undefined
    : "a list of texts, each on one line";
const whole = (least: number): Check => (value) =>
  Number.isInteger(value) && Number(value) >= least
    ? undefined
    : `a whole number of at least ${least}`;
const memory: Check = (value) =>
  typeof value === "string" && /^\d+[KMGT]?$/.test(value) ? undefined : "a size such as 4G";
const time: Check = (value) =>
  typeof value === "string" && /^(\d+-)?\d+(:\d+){0,2}$/.test(value)
    ? undefined
    : "a time such as 02:00:00 or 1-12:00:00";
/** Options on which following the jobs rests, or that are settings of their own here. */
const own =
  /^(-[aJoDW]|--(array|job-name|output|chdir|wait|wrap|parsable|test-only|export|requeue|no-requeue))\b/;
const options: Check = (value) =>
  lines(value) ??
    ((value as string[]).every((one) => one.startsWith("-") && !own.test(one))
      ? undefined
      : "a list of options that begin with -, without names of jobs, arrays, logs and folders");
const seconds: Check = (value) =>
  typeof value === "number" && value > 0 && value <= 3600
    ? undefined
    : "a number above 0 and up to 3600";

const checks: Readonly<Record<keyof SlurmConfig, Check>> = {
  partition: text,
  account: text,
  qos: text,
  time,
  memory,
  cpus: whole(1),
  gpus: whole(0),
  options,
  before: lines,
  wrap: lines,
  deno: line,
  atOnce: whole(0),
  foldsPerTask: whole(1),
  attempts: whole(1),
  pollSeconds: seconds,
  shareSeconds: seconds,
};

/**
 * Reads a configuration; what it does not say has its default.
 *
 * @param content the text of the file
 * @param file its name, for messages
 * @throws ParameterError naming file and field
 */
export function parseSlurmConfig(content: string, file: string): SlurmConfig {
  let given: unknown;
  try {
    given = JSON.parse(content);
  } catch (error) {
    throw new ParameterError(`This is not JSON (${(error as Error).message})`, { file });
  }
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    throw new ParameterError("Expected an object", {
      file,
      fix: 'Begin with {"partition": "…", "time": "02:00:00"}',
    });
  }
  for (const [field, value] of Object.entries(given)) {
    if (!Object.hasOwn(checks, field)) {
      throw new ParameterError("There is no such setting", {
        file,
        field,
        fix: didYouMean(field, Object.keys(checks)),
      });
    }
    const wanted = checks[field as keyof SlurmConfig](value);
    if (wanted !== undefined) {
      throw new ParameterError(`Expected ${wanted}, got ${JSON.stringify(value)}`, {
        file,
        field,
        fix: "Mend it, or leave it out for the default",
      });
    }
  }
  return { ...defaults, ...given as Partial<SlurmConfig> };
}

/**
 * Reads the file of a configuration.
 *
 * @param file absent: the defaults
 * @throws ParameterError when it cannot be read or is wrong
 */
export async function readSlurmConfig(file?: string): Promise<SlurmConfig> {
  if (file === undefined) return defaults;
  let content: string;
  try {
    content = await Deno.readTextFile(file);
  } catch (error) {
    throw new ParameterError(`Cannot read this file (${(error as Error).message})`, {
      file,
      fix: "Give --slurm a JSON file as the README describes it",
    });
  }
  return parseSlurmConfig(content, file);
}
