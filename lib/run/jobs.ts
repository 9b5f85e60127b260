/**
 * Fold jobs: what is to be computed, under which key it is kept, and why it is not there yet.
 *
 * @module
 */
import { basename, dirname, join } from "@std/path";
import { canonicalJson, digest, type Json } from "lib/core/json.ts";
import { fileProblem, isOld, writeAtomic } from "lib/core/files.ts";
import type { InputKind, Parameters } from "lib/experiment/types.ts";
import type { Prediction } from "lib/results/types.ts";
import type { Checkpoints } from "lib/train/method.ts";
import type { FoldName } from "./fold.ts";

/** Everything a fold's numbers depend on; its digest is the fold's key. */
export interface FoldInputs extends FoldName {
  readonly method: string;
  readonly input: InputKind;
  /** Parameters that reach the fold; how many seeds are run does not. */
  readonly parameters: Parameters;
  readonly data: { readonly name: string; readonly digest: string };
  readonly code: Readonly<Record<string, string>>;
  readonly environment: Readonly<Record<string, string>>;
}

/** One unit of work: a worker reads the inputs and writes the file. */
export interface FoldJob {
  readonly inputs: FoldInputs;
  /** The fold file to write. */
  readonly file: string;
  /** Where the data set lies; not part of the key. */
  readonly dataRoot?: string;
  /** The file of the prepared clips, for sets of clips. */
  readonly prepared?: string;
  /** Least seconds between two checkpoints of a training. */
  readonly checkpointSeconds?: number;
}

/** What is kept of a finished fold. */
export interface KeptFold {
  readonly predictions: readonly Prediction[];
  /** As `processorOf`. */
  readonly processor?: string;
}

interface FoldFile extends KeptFold {
  readonly format: "fleeting-fold/1";
  readonly inputs: FoldInputs;
  /** SHA-256 of the rest, so that damage is noticed. */
  readonly digest: string;
}

/**
 * The file that holds a fold, `<folder>/<seed>-<fold>.<key>.json`.
 *
 * @param folder the cache folder of a data set and row
 */
export function foldPath(folder: string, inputs: FoldInputs): string {
  return join(folder, `${foldStem(inputs)}.${digest(inputs).slice(0, 20)}.json`);
}

function foldStem({ seed, fold }: FoldName): string {
  const readable = fold.replaceAll(/[^A-Za-z0-9]+/g, "-").slice(0, 60);
  return `${seed}-${readable}-${digest(fold).slice(0, 6)}`;
}

/** Writes a finished fold; the file is whole or not there. Its checkpoints go. */
export async function writeFold(job: FoldJob, kept: KeptFold): Promise<void> {
  const content = { format: "fleeting-fold/1", inputs: job.inputs, ...kept } as const;
  await writeAtomic(job.file, canonicalJson({ ...content, digest: digest(content) }) + "\n");
  const stem = `${foldStem(job.inputs)}.`;
  // Those of earlier code too: nobody will take them up.
  for (const name of checkpointsIn(dirname(job.file))) {
    if (name.startsWith(stem)) await removeIfThere(join(dirname(job.file), name));
  }
}

/**
 * Removes checkpoints of folds that are finished: of runs that were killed while another finished the
 * same fold; and those of other code or parameters that nobody has gone on with for a day.
 */
export async function removeCheckpoints(finished: Iterable<FoldJob>): Promise<void> {
  const byFolder = Map.groupBy(finished, ({ file }) => dirname(file));
  for (const [folder, jobs] of byFolder) {
    const checkpoints = checkpointsIn(folder);
    if (checkpoints.length === 0) continue;
    const files = new Set(jobs.map(({ file }) => basename(file)));
    const stems = new Set(jobs.map(({ inputs }) => foldStem(inputs)));
    for (const name of checkpoints) {
      const [stem = "", key = ""] = name.split(".");
      const path = join(folder, name);
      // A clock that jumps costs at most a training that begins anew.
      const old = async () => await Deno.stat(path).then(isOld, () => false);
      const idle = files.has(`${stem}.${key}.json`) || stems.has(stem) && await old();
      if (idle) await removeIfThere(path);
    }
  }
}

/** Another run may finish the same fold at the same moment. */
async function removeIfThere(path: string): Promise<void> {
  await Deno.remove(path, { recursive: true }).catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  });
}

function checkpointsIn(folder: string): string[] {
  return namesIn(folder).filter((name) => name.endsWith(".checkpoint"));
}

/** The checkpoints of a fold under way: `<fold file>.<name>.checkpoint`. */
export function checkpointsOf({ file, checkpointSeconds }: FoldJob): Checkpoints {
  const pathOf = (name: string) => `${file}.${name.replaceAll(" ", "-")}.checkpoint`;
  return {
    async load(name) {
      try {
        // What is no checkpoint at a glance counts as none: a training begins anew by it.
        if (await fileProblem(pathOf(name), mostBytes) === undefined) {
          const bytes = await Deno.readFile(pathOf(name));
          if (bytes[0] === "{".charCodeAt(0) && isShallow(bytes)) return bytes;
        }
      } catch { /* What cannot be read counts as none, too. */ }
      // It must not stand in the way of the next.
      await removeIfThere(pathOf(name));
      return undefined;
    },
    save: (name, bytes) => writeAtomic(pathOf(name), bytes),
    ...(checkpointSeconds === undefined ? {} : { everySeconds: checkpointSeconds }),
  };
}

const mostBytes = 2 ** 31;

/** Whether the line of JSON has as few levels as ours; deeper ones could not be walked through. */
function isShallow(bytes: Uint8Array): boolean {
  const end = bytes.indexOf(10);
  const head = new TextDecoder().decode(bytes.subarray(0, Math.max(0, end)));
  return head.length < 100_000 && head.split(/[[{]/).length < 100;
}

/**
 * Reads a finished fold.
 *
 * @returns `missing` when there is no file; `damaged` when it is not what was written
 */
export async function readFold(job: FoldJob): Promise<KeptFold | "missing" | "damaged"> {
  let text: string;
  try {
    if (await fileProblem(job.file, mostBytes) !== undefined) return "damaged";
    text = await Deno.readTextFile(job.file);
  } catch (error) {
    return error instanceof Deno.errors.NotFound ? "missing" : "damaged";
  }
  try {
    const { digest: written, ...content } = JSON.parse(text) as FoldFile;
    const { predictions, processor } = content;
    const sound = written === digest(content) && digest(content.inputs) === digest(job.inputs) &&
      (processor === undefined || typeof processor === "string");
    return sound ? { predictions, ...(processor === undefined ? {} : { processor }) } : "damaged";
  } catch {
    return "damaged";
  }
}

/** The names in a folder, or none when there is no such folder. */
function namesIn(folder: string): string[] {
  try {
    return [...Deno.readDirSync(folder)].map((entry) => entry.name);
  } catch {
    return [];
  }
}

/**
 * Why a fold has to be computed: what differs from the nearest finished version of the same fold.
 *
 * @returns one line a cause, such as `code: lib/blocks/dense.ts changed`
 */
export async function whyMissing(job: FoldJob): Promise<string[]> {
  const stem = basename(job.file).split(".")[0] ?? "";
  const folder = dirname(job.file);
  const others = namesIn(folder)
    .filter((name) => name.startsWith(`${stem}.`) && name.endsWith(".json"))
    .sort();
  let best: string[] | undefined;
  for (const name of others) {
    const causes = await Deno.readTextFile(join(folder, name))
      .then((text) => differences(JSON.parse(text).inputs, job.inputs))
      .catch(() => undefined);
    if (causes && (best === undefined || causes.length < best.length)) best = causes;
  }
  return best ?? ["never computed"];
}

/** The parts in which two folds' inputs differ, one line each. */
export function differences(before: FoldInputs, after: FoldInputs): string[] {
  return [
    ...changes("parameter", before.parameters, after.parameters, true),
    ...changes("data", before.data, after.data, false),
    ...changes("code", before.code, after.code, false),
    ...changes("environment", before.environment, after.environment, true),
  ];
}

function changes(
  kind: string,
  before: Readonly<Record<string, Json>>,
  after: Readonly<Record<string, Json>>,
  showValues: boolean,
): string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names.filter((name) => before[name] !== after[name]).map((name) => {
    if (showValues) return `${kind}: ${name} ${before[name] ?? "-"} → ${after[name] ?? "-"}`;
    if (!(name in before)) return `${kind}: ${name} is new`;
    return `${kind}: ${name} ${name in after ? "changed" : "is gone"}`;
  });
}
