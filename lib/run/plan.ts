/**
 * Planning a run: check parameters and data before any work, prepare clips, list the folds, look up what is in the
 * cache, and say why the rest is not.
 *
 * @module
 */
import { join } from "@std/path";
import type { Dataset } from "lib/data/types.ts";
import { idleValues, resolveParameters } from "lib/experiment/parameters.ts";
import type { Experiment, Parameters } from "lib/experiment/types.ts";
import type { Method } from "lib/train/method.ts";
import { withKeptWeights } from "lib/weights/keep.ts";
import type { ClipPlan } from "./clip_jobs.ts";
import { type Code, codeOf } from "./code.ts";
import { foldsOf } from "./fold.ts";
import {
  type FoldInputs,
  type FoldJob,
  foldPath,
  type KeptFold,
  readFold,
  whyMissing,
} from "./jobs.ts";
import { findMethod, methodModule } from "./methods.ts";
import { openData, type RunData } from "./data.ts";
import { type RunOptions, runOptions } from "./options.ts";
import type { Readers } from "./readers.ts";
import { environmentOf } from "./environment.ts";

/** What would be computed, and why. */
export interface Plan {
  readonly experiment: Experiment;
  readonly parameters: Parameters;
  /** The clips; the inputs of a set of clips are left to the workers. */
  readonly dataset: Dataset;
  /** Clips that still have to be prepared; until then the folds are those of all clips. */
  readonly clips?: ClipPlan;
  /** Clips that dropped out while they were prepared, with the reason. */
  readonly dropped: RunData["dropped"];
  readonly method: Method;
  readonly code: Code;
  readonly environment: Readonly<Record<string, string>>;
  readonly jobs: readonly FoldJob[];
  /** Predictions of the folds in the cache. */
  readonly finished: ReadonlyMap<FoldJob, KeptFold>;
  /** Whether folds are computed even if they are there. */
  readonly force: boolean;
  /** Fold files that were there but damaged; they are computed again. */
  readonly damaged: readonly string[];
}

/**
 * The parameters that a fold depends on. The others say how often or under which name something
 * runs, or which backend computes what needs none.
 */
export function parametersOfFolds(method: Method, parameters: Parameters): Parameters {
  const outside = ["seeds", "profile", "protocol", "data", "headSelection"];
  if (method.backend === "none") outside.push("backend", "isa");
  if (parameters.split !== "k-fold-by-subject") outside.push("k");
  return Object.fromEntries(
    Object.entries(parameters).filter(([name, value]) =>
      !outside.includes(name) && idleValues[name] !== value
    ),
  );
}

/** What a fold's code is beside the method's and the data's. */
function foldModules(parameters: Parameters): string[] {
  const { epochSelection = "last", trainOn = "other-subjects", testRotation = 0 } = parameters;
  const strict = epochSelection === "last" && trainOn === "other-subjects" && testRotation === 0;
  return ["lib/run/fold.ts", ...(strict ? [] : ["lib/run/original.ts"])];
}

/** How a run is planned. */
export type PlanCall = Partial<RunOptions> & {
  /** Called while clips are prepared; without it none are, and the plan says how many are to be. */
  readonly onClips?: (state: { total: number; done: number; running: readonly number[] }) => void;
  /** Stops the preparation of clips. */
  readonly signal?: AbortSignal;
} & Partial<Readers>;

/**
 * Plans a run: checks parameters and data before any work, prepares clips if asked to, and looks up
 * what is in the cache.
 *
 * @param given parameters that differ from the experiment's defaults
 * @throws ParameterError or DataError that names what is wrong
 */
export async function planRun(
  experiment: Experiment,
  given: Readonly<Record<string, unknown>> = {},
  call: PlanCall = {},
): Promise<Plan> {
  const options = runOptions(call);
  const resolved = resolveParameters(experiment, await withKeptWeights(experiment, given));
  const method = await findMethod(experiment.method);
  const readCode = call.readCode ?? codeOf;
  const data = await openData(experiment, resolved, {
    ...options,
    readCode,
    ...(call.readClips ? { readClips: call.readClips } : {}),
    ...(call.onClips ? { onClips: call.onClips } : {}),
    ...(call.signal ? { signal: call.signal } : {}),
  });
  const { dataset, parameters } = data;
  const code = await readCode([
    methodModule(experiment.method),
    ...foldModules(parameters),
    ...data.modules,
  ]);
  const environment = environmentOf(method, parameters);
  const reaching = parametersOfFolds(method, parameters);
  // By method, not by row: rows that differ in nothing share their folds.
  const folder = join(options.cache, dataset.name, experiment.method);
  const jobs = Array.from({ length: Number(parameters.seeds) }, (_, i) => i + 1).flatMap((seed) =>
    foldsOf(dataset, parameters, seed).map(({ id }): FoldJob => {
      const inputs: FoldInputs = {
        seed,
        fold: id,
        method: experiment.method,
        input: experiment.input,
        parameters: reaching,
        data: { name: dataset.name, digest: dataset.digest },
        code: code.modules,
        environment,
      };
      const { dataRoot } = options;
      return {
        inputs,
        file: foldPath(folder, inputs),
        ...(dataRoot === undefined ? {} : { dataRoot }),
        ...(data.prepared === undefined ? {} : { prepared: data.prepared }),
      };
    })
  );
  const { finished, damaged } = await lookUp(jobs, options.force);
  return {
    experiment,
    parameters,
    dataset,
    ...(data.clips === undefined ? {} : { clips: data.clips }),
    dropped: data.dropped,
    method,
    code,
    environment,
    jobs,
    finished,
    force: options.force,
    damaged: [...data.damaged, ...damaged],
  };
}

async function lookUp(
  jobs: readonly FoldJob[],
  force: boolean,
): Promise<{ finished: Map<FoldJob, KeptFold>; damaged: string[] }> {
  const finished = new Map<FoldJob, KeptFold>();
  const damaged: string[] = [];
  if (force) return { finished, damaged };
  await Promise.all(jobs.map(async (job) => {
    const found = await readFold(job);
    if (found === "damaged") damaged.push(job.file);
    else if (found !== "missing") finished.set(job, found);
  }));
  return { finished, damaged: damaged.sort() };
}

/** Where a plan's result goes: `<results>/<data set>/<table>/<row>[.paper].arrow`. */
export function resultFile(results: string, { parameters, experiment }: Plan): string {
  const suffix = parameters.protocol === "strict" ? "" : `.${parameters.protocol}`;
  const name = `${experiment.id}${suffix}.arrow`;
  return join(results, String(parameters.data), experiment.table, name);
}

/** Why each fold that is not in the cache has to be computed: cause → number of folds. */
export async function explain(plan: Plan): Promise<Map<string, number>> {
  const causes = new Map<string, number>();
  for (const job of plan.jobs.filter((job) => !plan.finished.has(job))) {
    const found = plan.damaged.includes(job.file) ? ["fold file damaged"] : await whyMissing(job);
    // Same inputs and still to do: only --force asks for that.
    for (const cause of found.length > 0 ? found : ["forced"]) {
      causes.set(cause, (causes.get(cause) ?? 0) + 1);
    }
  }
  return causes;
}
