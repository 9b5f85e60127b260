/**
 * Preparing the clips of a set for a run: each once, in worker processes, kept by its content.
 *
 * @module
 */
import { dirname, fromFileUrl, join } from "@std/path";
import { DataError } from "lib/core/errors.ts";
import { writeAtomic } from "lib/core/files.ts";
import { canonicalJson, digest } from "lib/core/json.ts";
import { mapFiles } from "lib/data/files.ts";
import type { Clip, ClipSet } from "lib/data/clip.ts";
import type { Dataset, Sample } from "lib/data/types.ts";
import type { Parameters } from "lib/experiment/types.ts";
import { type InputKey, inputPath, type PreparedClip, readInput } from "lib/pipeline/input_file.ts";
import type { ClipSettings } from "lib/pipeline/settings.ts";
import type { Pool, Task } from "./pool.ts";
import { runTasks, type TaskCall } from "./tasks.ts";
import type { Kind } from "./worker_process.ts";

/** A clip as a worker gets it: its annotation, and the folder below which its frames lie. */
interface Source {
  readonly clip: Omit<Clip, "frame">;
  readonly folder: string;
}

/** A file to make of a clip. */
interface Output {
  readonly key: InputKey;
  readonly file: string;
}

/** One clip under one of the ways to prepare it. */
export interface ClipJob extends Source, Output {}

/** One clip under all the ways that are wanted: what a worker gets. */
export interface ClipTask extends Source {
  readonly outputs: readonly Output[];
}

/** Where the clips of a set stand. */
export interface ClipPlan {
  readonly set: ClipSet;
  readonly settings: ClipSettings;
  readonly jobs: readonly ClipJob[];
  /** Jobs without a sound file. */
  readonly open: readonly ClipJob[];
  /** Files that were there but damaged; they are made again. */
  readonly damaged: readonly string[];
  /** What the sound files hold. */
  readonly held: ReadonlyMap<string, Held>;
}

/** What a file holds: no face, or inputs of these names. */
type Held = "no face" | readonly string[];

function heldBy(prepared: PreparedClip): Held {
  return prepared.outcome === "ready" ? prepared.inputs.map(({ name }) => name) : "no face";
}

/** A set of clips ready for folds. */
export interface PreparedSet {
  /** The samples without their inputs, which only workers load; clips without a face are left out. */
  readonly dataset: Dataset;
  /** The file from which {@linkcode loadPrepared} makes the data set. */
  readonly file: string;
  /** Clips that dropped out, with the reason. */
  readonly dropped: readonly { readonly clip: string; readonly reason: string }[];
}

/** Files of prepared clips are looked up here, given the folder of finished folds. */
function inputFolder(folds: string, set: string): string {
  return join(dirname(folds), "inputs", set);
}

/**
 * Lists the jobs of a set and looks up which are done.
 *
 * @param code module → digest, of the way from frames to input
 * @param options `cache`: the folder of finished folds
 */
export async function planClips(
  set: ClipSet,
  settings: ClipSettings,
  options: {
    readonly code: Readonly<Record<string, string>>;
    readonly cache: string;
  },
): Promise<ClipPlan> {
  const folder = inputFolder(options.cache, set.name);
  const jobs = set.clips.map((clip): ClipJob => {
    const key: InputKey = {
      clip: clip.clip,
      digest: clip.digest,
      settings,
      code: options.code,
      arch: Deno.build.arch,
    };
    const { frame: _reader, ...annotation } = clip;
    return { key, clip: annotation, folder: set.folder, file: inputPath(folder, key) };
  });
  const held = new Map<string, Held>();
  const states = await mapFiles(jobs, async ({ file, key }) => {
    const found = await readInput(file, key);
    if (typeof found === "string") return found;
    held.set(file, heldBy(found));
    return "done";
  });
  return {
    set,
    settings,
    jobs,
    open: jobs.filter((_, i) => states[i] !== "done"),
    damaged: jobs.filter((_, i) => states[i] === "damaged").map(({ file }) => file).sort(),
    held,
  };
}

/** What prepares clips. */
export const kind: Kind = {
  name: "clips",
  isa: "native", // TensorFlow has no part in it.
  worker: fromFileUrl(new URL("./clip_worker.ts", import.meta.url)),
};

/** What is open in any of some plans, clip by clip, so that what the ways have in common is done once. */
export function clipTasks(plans: readonly ClipPlan[]): ClipTask[] {
  // Rows with equal settings want the same files.
  const files = new Map(plans.flatMap(({ open }) => open.map((job) => [job.file, job] as const)));
  const byClip = Map.groupBy(files.values(), ({ clip, folder }) => digest({ clip, folder }));
  return [...byClip.values()].map((jobs) => {
    const { clip, folder } = jobs[0]!;
    return { clip, folder, outputs: jobs.map(({ key, file }) => ({ key, file })) };
  });
}

/** Prepares clips in worker processes. */
export async function prepareClips(
  tasks: readonly ClipTask[],
  pool: Pool,
  call: TaskCall = {},
): Promise<void> {
  const named = tasks.map((job): Task => ({
    kind,
    job,
    name: `clip ${job.clip.clip}`,
    async isDone() {
      const found = await Promise.all(job.outputs.map(({ file, key }) => readInput(file, key)));
      return found.every((one) => typeof one !== "string");
    },
  }));
  await runTasks(pool, named, call);
}

/** A prepared set as {@linkcode loadPrepared} reads it. */
interface Manifest {
  readonly format: "fleeting-inputs/1";
  readonly name: string;
  readonly synthetic: boolean;
  readonly classes: readonly string[];
  readonly channels: readonly string[];
  readonly digest: string;
  readonly augment: string;
  readonly clips: readonly {
    readonly sample: Omit<Sample, "input" | "copies">;
    readonly file: string;
    readonly key: InputKey;
  }[];
}

const channels = {
  "apex-flow": ["u", "v", "strain"],
  "apex-field": ["u", "v", "strain"],
  "flow-clip": ["u", "v"],
  "grey-clip": ["grey"],
};

/**
 * Gathers a prepared set.
 *
 * @throws DataError when more clips than `missingFaces` allows have no face, naming them
 */
export async function gatherClips(
  { set, settings, jobs, held }: ClipPlan,
  parameters: Parameters,
): Promise<PreparedSet> {
  const outcomes = await mapFiles(
    jobs,
    async ({ file, key }) => held.get(file) ?? heldBy(await readSound(file, key)),
  );
  const faceless = jobs.filter((_, i) => outcomes[i] === "no face").map(({ key }) => key.clip);
  requireFaces(set, faceless, Number(parameters.missingFaces));
  const clips = jobs.flatMap(({ clip, file, key }, i) => {
    if (outcomes[i] === "no face") return [];
    const { subject, database, label } = clip;
    return [{ sample: { clip: clip.clip, subject, database, label }, file, key }];
  });
  const manifest: Manifest = {
    format: "fleeting-inputs/1",
    name: set.name,
    synthetic: set.synthetic,
    classes: set.classes,
    channels: channels[settings.input],
    digest: set.digest,
    augment: String(parameters.augment),
    clips,
  };
  const file = join(dirname(jobs[0]!.file), `${digest(manifest).slice(0, 20)}.json`);
  await writeAtomic(file, canonicalJson(manifest) + "\n");
  const dropped = faceless.map((clip) => ({ clip, reason: "no face found in its onset frame" }));
  const copies = parameters.augment === "before-split" ? copyNames(outcomes) : undefined;
  return { dataset: withoutInputs(manifest, copies), file, dropped };
}

async function readSound(file: string, key: InputKey): Promise<PreparedClip> {
  const found = await readInput(file, key);
  if (typeof found !== "string") return found;
  throw new Error(`${file} was written and is now ${found}`);
}

function requireFaces(set: ClipSet, faceless: readonly string[], allowed: number): void {
  if (faceless.length <= allowed * set.clips.length) return;
  const shown = faceless.slice(0, 5).join(", ") + (faceless.length > 5 ? ", …" : "");
  throw new DataError(
    `No face was found in ${faceless.length} of ${set.clips.length} clips (${shown}), more than the ` +
      `allowed share of ${allowed}`,
    {
      file: set.name,
      field: "missingFaces",
      fix:
        `Look at them with: deno task data inspect ${set.name}; or allow more by --missing-faces`,
    },
  );
}

/**
 * Loads a prepared set with its inputs.
 *
 * @throws DataError when a file of it is missing or damaged
 */
export async function loadPrepared(file: string): Promise<Dataset> {
  const manifest = JSON.parse(await Deno.readTextFile(file)) as Manifest;
  const samples = await mapFiles(manifest.clips, async ({ sample, file, key }) => {
    const found = await readInput(file, key);
    if (typeof found === "string" || found.outcome === "no face") {
      throw new DataError("This prepared clip was removed or damaged since the run began", {
        file,
        fix: "Run the same command again",
      });
    }
    const [first, ...copies] = found.inputs;
    if (manifest.augment !== "before-split") {
      const volumes = copies.map(({ volume }) => volume);
      return [{
        ...sample,
        input: first!.volume,
        ...(volumes.length > 0 ? { copies: volumes } : {}),
      }];
    }
    return found.inputs.map(({ name, volume }) => ({ ...copyOf(sample, name), input: volume }));
  });
  const { name, synthetic, classes, channels, digest } = manifest;
  return { name, synthetic, classes, channels, digest, samples: samples.flat() };
}

/** The names of all inputs of a clip; equal for all clips. */
function copyNames(outcomes: readonly Held[]): readonly string[] {
  return outcomes.find((held) => held !== "no face") ?? [];
}

/** A copy counts as a clip of its own: that is what splitting after augmentation means. */
function copyOf<S extends { readonly clip: string }>(sample: S, name: string): S {
  return name === "original" ? sample : { ...sample, clip: `${sample.clip}#${name}` };
}

const nothing = { data: new Float32Array(0), shape: [0] };

/** What a set will be if no clip drops out. */
export function assumedDataset({ name, synthetic, classes, digest, clips }: ClipSet): Dataset {
  const samples = clips.map(({ clip, subject, database, label }) => ({
    clip,
    subject,
    database,
    label,
    input: nothing,
  }));
  return { name, synthetic, classes, channels: [], digest, samples };
}

function withoutInputs(manifest: Manifest, copies: readonly string[] | undefined): Dataset {
  const { name, synthetic, classes, channels, digest } = manifest;
  const samples = manifest.clips.flatMap(({ sample }) =>
    (copies ?? ["original"]).map((copy) => ({ ...copyOf(sample, copy), input: nothing }))
  );
  return { name, synthetic, classes, channels, digest, samples };
}
