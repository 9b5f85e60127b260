/**
 * Batches as they lie in files: what was submitted, so that whoever comes later finds it.
 *
 * A batch is a folder with a name of its own, which its jobs in Slurm's queue carry too. It is whole before
 * anything is submitted, so that no job runs of which no file tells.
 *
 * @module
 */
import { join } from "@std/path";
import { writeAtomic } from "lib/core/files.ts";
import type { Task } from "lib/run/pool.ts";
import { endOf } from "lib/run/serve.ts";
import type { SlurmConfig } from "./config.ts";
import { batchScript } from "./script.ts";

/** Where a job is: an array task of a batch, and the file that it does. */
export interface Place {
  readonly batch: string;
  readonly index: number;
  readonly file: string;
  readonly log: string;
}

/** A batch as its file tells of it. */
interface BatchFile {
  readonly format: "fleeting-batch/1";
  /** The command that it belongs to. */
  readonly run: string;
  /** Digest of each task → its job file in this folder, and how often it was submitted with this. */
  readonly tasks: Readonly<Record<string, { readonly file: string; readonly attempt: number }>>;
}

/** A job that was submitted by this or an earlier call. */
export interface Submitted {
  readonly at: Place;
  readonly attempt: number;
  readonly run: string;
  /** It waits or runs. */
  readonly alive: boolean;
}

/** A job to submit. */
export interface Job {
  readonly task: Pick<Task, "kind" | "job">;
  readonly key: string;
  /** How often it was submitted before. */
  readonly attempts: number;
}

/**
 * Divides jobs into array tasks. What has failed before gets one of its own, lest it takes others with it
 * again and again.
 */
export function arrayTasks<J extends Pick<Job, "attempts">>(
  jobs: readonly J[],
  perTask: number,
): J[][] {
  const fresh = jobs.filter(({ attempts }) => attempts === 0);
  const tasks = jobs.filter(({ attempts }) => attempts > 0).map((job) => [job]);
  for (let from = 0; from < fresh.length; from += perTask) {
    tasks.push(fresh.slice(from, from + perTask));
  }
  return tasks;
}

/**
 * Writes a batch of jobs of one kind, ready to be submitted.
 *
 * @returns its script, and where each job is
 */
export async function writeBatch<J extends Job>(
  tasks: readonly (readonly J[])[],
  { folder, config, run }: {
    readonly folder: string;
    readonly config: SlurmConfig;
    readonly run: string;
  },
): Promise<{ name: string; path: string; script: string; places: Map<J, Place> }> {
  const name = crypto.randomUUID().replaceAll("-", "").slice(0, 12);
  const path = join(folder, name);
  const places = new Map(tasks.flatMap((jobs, index) =>
    jobs.map((job, i) => {
      const file = join(path, `${index}-${i}.json`);
      return [job, { batch: name, index, file, log: join(path, `${index}.log`) }] as const;
    })
  ));
  for (const [{ task }, { file }] of places) {
    await writeAtomic(file, JSON.stringify(task.job) + "\n");
  }
  const script = join(path, "batch.sh");
  const { kind } = tasks[0]![0]!.task;
  await writeAtomic(script, batchScript({ kind, name, folder: path, tasks: tasks.length }, config));
  const content: BatchFile = {
    format: "fleeting-batch/1",
    run,
    tasks: Object.fromEntries(
      [...places].map(([{ key, attempts }, { file }]) => [
        key,
        { file: file.slice(path.length + 1), attempt: attempts + 1 },
      ]),
    ),
  };
  await writeAtomic(join(path, "batch.json"), JSON.stringify(content, undefined, 1) + "\n");
  return { name, path, script, places };
}

interface Found {
  readonly name: string;
  readonly path: string;
  readonly batch: BatchFile;
}

async function batchesIn(folder: string): Promise<Found[]> {
  const found: Found[] = [];
  for (const name of await foldersIn(folder)) {
    const path = join(folder, name);
    try {
      const batch: BatchFile = JSON.parse(await Deno.readTextFile(join(path, "batch.json")));
      if (batch.format === "fleeting-batch/1") found.push({ name, path, batch });
    } catch {
      // It was never submitted, or another call has just removed it.
    }
  }
  return found;
}

/** The folders of batches, finished or not, by name. */
async function foldersIn(folder: string): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const { name, isDirectory } of Deno.readDir(folder)) {
      if (isDirectory && /^[0-9a-f]{12}$/.test(name)) names.push(name);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return names.sort();
}

/**
 * All that was submitted and whose batch is still there, by the digest of the task.
 *
 * @param isAlive whether a job waits or runs
 */
export async function readSubmitted(
  folder: string,
  isAlive: (place: Pick<Place, "batch" | "index">) => boolean,
): Promise<Map<string, Submitted>> {
  const submitted = new Map<string, Submitted>();
  for (const { name, path, batch: { run, tasks } } of await batchesIn(folder)) {
    for (const [key, { file, attempt }] of Object.entries(tasks)) {
      const index = Number(file.split("-")[0]);
      const known = submitted.get(key);
      const alive = isAlive({ batch: name, index });
      // Of several the one that is still alive counts, else the last attempt.
      const better = known === undefined ||
        !known.alive && (alive || attempt > known.attempt);
      if (!better) continue;
      const at = { batch: name, index, file: join(path, file), log: join(path, `${index}.log`) };
      submitted.set(key, { at, attempt, run, alive });
    }
  }
  return submitted;
}

/** Whether a batch was removed, which happens only when all its jobs are done. */
export async function isRemoved({ file }: Place): Promise<boolean> {
  try {
    await Deno.stat(file);
    return false;
  } catch (error) {
    return error instanceof Deno.errors.NotFound;
  }
}

const week = 7 * 24 * 3600 * 1000;

/**
 * Removes the batches of which nothing is wanted any more: those all of whose jobs were done, there or in a
 * later batch, and those that are a week old. The logs of others may be wanted.
 *
 * @param alive batches of which jobs wait or run
 */
export async function removeEnded(folder: string, alive: ReadonlySet<string>): Promise<void> {
  const batches = (await batchesIn(folder)).filter(({ name }) => !alive.has(name));
  const done = new Set<string>();
  for (const { path, batch } of batches) {
    for (const [key, { file }] of Object.entries(batch.tasks)) {
      if ((await endOf(join(path, file)))?.kind === "done") done.add(key);
    }
  }
  const ended = batches.filter(({ batch }) =>
    Object.keys(batch.tasks).every((key) => done.has(key))
  )
    .map(({ name }) => name);
  for (const name of await foldersIn(folder)) {
    const path = join(folder, name);
    const info = await Deno.stat(path).catch(() => undefined);
    const old = !alive.has(name) && Date.now() - (info?.mtime?.getTime() ?? Infinity) > week;
    // A shared folder may refuse while a node still holds a log open; a later call removes it.
    if (old || ended.includes(name)) await Deno.remove(path, { recursive: true }).catch(() => {});
  }
  // The folder itself goes with the last of them.
  await Deno.remove(folder).catch(() => {});
}
