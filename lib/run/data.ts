/**
 * The data of a run: flow maps as they are, or clips that are prepared first.
 *
 * @module
 */
import { dataSource, loadVerified, loadVerifiedClips } from "lib/data/mod.ts";
import type { LabelScheme, SizeProfile } from "lib/data/clip.ts";
import type { Dataset } from "lib/data/types.ts";
import type { Experiment, InputKind, Parameters } from "lib/experiment/types.ts";
import { availableRoute } from "lib/face/face.ts";
import { evenClips } from "lib/pipeline/flow_clip.ts";
import { mapFields } from "lib/pipeline/map_field.ts";
import { clipSettings } from "lib/pipeline/settings.ts";
import {
  assumedDataset,
  type ClipPlan,
  clipTasks,
  gatherClips,
  planClips,
  prepareClips,
} from "./clip_jobs.ts";
import { codeOf, packagesOf } from "./code.ts";
import type { RunOptions } from "./options.ts";
import { openPool } from "./pool.ts";
import type { Readers } from "./readers.ts";

/** The data of a run. */
export interface RunData {
  readonly dataset: Dataset;
  /** The parameters, with what depends on this machine decided. */
  readonly parameters: Parameters;
  /** Modules that the inputs depend on beside the method's. */
  readonly modules: readonly string[];
  /** The file of prepared clips, for the workers. */
  readonly prepared?: string;
  /** Clips that still have to be prepared. */
  readonly clips?: ClipPlan;
  readonly dropped: readonly { readonly clip: string; readonly reason: string }[];
  /** Prepared clips that were damaged and made again. */
  readonly damaged: readonly string[];
}

/** How clips are prepared. */
export interface DataCall extends RunOptions, Partial<Readers> {
  readonly onClips?: (state: { total: number; done: number; running: readonly number[] }) => void;
  /** Stops the preparation of clips. */
  readonly signal?: AbortSignal;
}

/** The modules that a prepared clip depends on; the worker of the face detector is loaded by name. */
const clipModules = [
  "lib/data/frames.ts",
  "lib/face/face.ts",
  "lib/face/worker.ts",
  "lib/pipeline/clip.ts",
];

/**
 * Opens the data of a run. Clips are prepared when `onClips` is given; otherwise only counted.
 *
 * @throws DataError when the data set is not there, not as locked, or has too many clips without a face
 */
export async function openData(
  experiment: Experiment,
  parameters: Parameters,
  call: DataCall,
): Promise<RunData> {
  const name = String(parameters.data);
  const root = call.dataRoot === undefined ? {} : { root: call.dataRoot };
  if (dataSource(name).kind === "clips") return await openClips(experiment, parameters, call);
  return {
    dataset: asInput(await loadVerified(name, root), experiment.input, parameters),
    parameters,
    modules: [
      `lib/data/${name.replaceAll("-", "_")}.ts`,
      ...mapModules[experiment.input],
    ],
    dropped: [],
    damaged: [],
  };
}

/** The modules that make an input of flow maps. */
const mapModules: Readonly<Record<InputKind, readonly string[]>> = {
  "apex-flow": [],
  "apex-field": ["lib/pipeline/map_field.ts"],
  "flow-clip": ["lib/pipeline/flow_clip.ts"],
  "grey-clip": [],
};

/**
 * A data set of flow maps as a method's input.
 *
 * @throws RangeError for grey frames, of which a flow map has none
 */
export function asInput(dataset: Dataset, input: InputKind, parameters: Parameters): Dataset {
  switch (input) {
    case "apex-flow":
      return dataset;
    case "apex-field":
      return mapFields(dataset);
    case "flow-clip":
      return evenClips(dataset, Number(parameters.keyFrames));
    case "grey-clip":
      throw new RangeError(`${dataset.name} has no frames`);
  }
}

async function openClips(
  { input }: Experiment,
  given: Parameters,
  call: DataCall,
): Promise<RunData> {
  const landmarks = given.landmarks === "auto" ? await availableRoute() : String(given.landmarks);
  const parameters: Parameters = { ...given, landmarks };
  const set = await (call.readClips ?? loadVerifiedClips)(String(parameters.data), {
    labels: parameters.labels as LabelScheme,
    size: parameters.profile as SizeProfile,
    ...(call.dataRoot === undefined ? {} : { root: call.dataRoot }),
  });
  const { modules } = await (call.readCode ?? codeOf)(clipModules);
  const code = { ...modules, ...await packagesOf(["sharp"]) };
  const settings = clipSettings(input, parameters);
  const plan = await planClips(set, settings, { cache: call.cache, code });
  const { onClips } = call;
  if (onClips && plan.open.length > 0) {
    const total = plan.jobs.length;
    const cached = total - plan.open.length;
    const pool = openPool(Math.min(call.workers, plan.open.length));
    call.signal?.addEventListener("abort", pool.kill);
    call.signal?.throwIfAborted();
    await prepareClips(clipTasks([plan]), pool, {
      onProgress: (done, running) => onClips({ total, done: cached + done, running }),
    }).finally(pool.close);
  }
  const shared = { parameters, modules: [...clipModules, "lib/pipeline/copies.ts"] };
  if (onClips === undefined && plan.open.length > 0) {
    return {
      ...shared,
      dataset: assumedDataset(set),
      clips: plan,
      dropped: [],
      damaged: plan.damaged,
    };
  }
  const { dataset, file, dropped } = await gatherClips(plan, parameters);
  return { ...shared, dataset, prepared: file, dropped, damaged: plan.damaged };
}
