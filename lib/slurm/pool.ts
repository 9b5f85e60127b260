/**
 * A pool whose worker processes run on the nodes of a cluster, as job arrays. What is done, and by which
 * files, is the same as on one machine; only who starts the processes is different.
 *
 * All that is known of submitted jobs lies in files, so that whoever submitted them may end, and whoever
 * asks for the same work later follows them.
 *
 * @module
 */
import { join } from "@std/path";
import { UserError } from "lib/core/errors.ts";
import { writeAtomic } from "lib/core/files.ts";
import { digest } from "lib/core/json.ts";
import { Dropped, openPool, type Pool, type Task } from "lib/run/pool.ts";
import { endOf } from "lib/run/serve.ts";
import type { SlurmConfig } from "./config.ts";
import { cancelWaiting, type Queued, queued, submit } from "./queue.ts";
import { batchScript } from "./script.ts";

/** How many of the jobs that are followed wait and run. */
export interface QueueState {
  readonly followed: number;
  readonly ended: number;
  readonly running: number;
  readonly waiting: number;
  /** Why the first of those that wait does. */
  readonly reason: string;
}

/** What {@linkcode openSlurmPool} needs. */
export interface SlurmCall {
  readonly config: SlurmConfig;
  /** Where batches lie: a folder that the nodes see. */
  readonly folder: string;
  /** How many notebooks run here at once. */
  readonly places: number;
  readonly onState?: (state: QueueState) => void;
}

/** A pool on a cluster. */
export interface SlurmPool extends Pool {
  /** How many jobs of earlier calls wait or run. */
  readonly found: number;
  /** The numbers of the Slurm jobs that are followed. */
  jobs(): readonly string[];
}

/** A batch as its file tells of it. */
interface BatchFile {
  readonly format: "fleeting-batch/1";
  /** Slurm's number. */
  readonly job: string;
  /** Digest of each task → its job file in the folder. */
  readonly tasks: Readonly<Record<string, string>>;
}

/** A job file that was submitted. */
interface Submitted {
  /** `<job>_<array index>`. */
  readonly id: string;
  readonly job: string;
  readonly file: string;
  readonly log: string;
}

interface Followed {
  readonly task: Task;
  readonly key: string;
  readonly resolve: (seconds: number) => void;
  readonly reject: (error: Error) => void;
  at?: Submitted;
  /** It is being submitted. */
  claimed: boolean;
  attempts: number;
  /** Looks at the queue without finding it. */
  missed: number;
  begun: boolean;
}

/** Work that comes together is submitted together. */
const gatherMs = 300;
/** Slurm's usual limit of an array is 1001. */
const largest = 1000;
/** A shared folder may show a file some seconds after it was written elsewhere. */
const patience = 3;

/**
 * Opens a pool on a cluster; jobs of earlier calls that still wait or run are found.
 *
 * @throws SetupError where there is no Slurm
 */
export async function openSlurmPool(call: SlurmCall): Promise<SlurmPool> {
  const { config, folder, onState } = call;
  const here = openPool(call.places);
  const earlier = await findEarlier(folder);
  const found = earlier.size;
  const followed = new Set<Followed>();
  let ended = 0;
  let gathering: ReturnType<typeof setTimeout> | undefined;
  let polling: ReturnType<typeof setTimeout> | undefined;
  let state: "open" | "dropped" | "detached" = "open";

  const jobs = () => [...new Set([...followed].flatMap(({ at }) => at?.job ?? []))];
  const settle = (one: Followed, error?: Error, seconds = 0): void => {
    followed.delete(one);
    ended++;
    if (error instanceof UserError) drop();
    error ? one.reject(error) : one.resolve(seconds);
  };
  const refuse = (which: (one: Followed) => boolean): void => {
    for (const one of [...followed].filter(which)) {
      followed.delete(one);
      one.reject(new Dropped(one.task.name));
    }
  };
  const drop = (): void => {
    if (state !== "open") return;
    state = "dropped";
    clearTimeout(gathering);
    void cancelWaiting(jobs()).catch(() => {});
    refuse(({ begun }) => !begun);
    here.drop();
  };
  const gather = (): void => {
    clearTimeout(gathering);
    gathering = setTimeout(() => {
      const ready = [...followed].filter(({ at, claimed }) => !at && !claimed);
      for (const one of ready) one.claimed = true;
      void submitAll(ready).then(plan, (error) => ready.forEach((one) => settle(one, error)));
    }, gatherMs);
  };
  const dropped = (): boolean => state === "dropped";
  const submitAll = async (ready: readonly Followed[]): Promise<void> => {
    const byKind = Map.groupBy(ready, ({ task }) => digest(task.kind));
    for (const alike of byKind.values()) {
      const most = largest * config.foldsPerTask;
      for (let from = 0; from < alike.length; from += most) {
        if (state !== "open") return;
        const job = await submitBatch(alike.slice(from, from + most), call);
        if (dropped()) await cancelWaiting([job]);
      }
    }
  };
  const plan = (): void => {
    clearTimeout(polling);
    if (followed.size > 0) {
      polling = setTimeout(() => void look().finally(plan), 1000 * config.pollSeconds);
    }
  };
  const look = async (): Promise<void> => {
    const queue = await queued().catch(() => undefined);
    // A controller that is busy or restarts is asked again later.
    if (queue === undefined) return;
    const byId = new Map(queue.map((one) => [one.id, one]));
    const again: Followed[] = [];
    for (const one of followed) {
      if (one.at) await lookAt(one, byId.get(one.at.id), again);
    }
    tell(byId);
    if (again.length > 0) gather();
  };
  const lookAt = async (one: Followed, inQueue: Queued | undefined, again: Followed[]) => {
    const { at, task } = one;
    const end = await endOf(at!.file);
    if (end?.kind === "done") return settle(one, undefined, end.seconds);
    if (end?.kind === "failed" && end.user) return settle(one, new UserError(end.message));
    if (end === undefined && inQueue !== undefined) {
      one.missed = 0;
      if (inQueue.running && !one.begun) {
        one.begun = true;
        task.onShare?.(0);
      }
      return;
    }
    if (end === undefined && ++one.missed < patience) return;
    const what = end?.message ??
      `it ended without saying why (out of memory or time?)\n${await tailOf(at!.log)}`;
    if (one.attempts >= config.attempts) {
      const times = config.attempts === 1 ? "" : ` ${config.attempts} times`;
      return settle(one, new Error(`${task.name}: failed${times}, see ${at!.log}: ${what}`));
    }
    delete one.at;
    [one.missed, one.begun, one.claimed] = [0, false, false];
    again.push(one);
  };
  const tell = (byId: ReadonlyMap<string, Queued>): void => {
    const states = [...followed].flatMap(({ at }) => at ? byId.get(at.id) ?? [] : []);
    const waiting = states.filter(({ running }) => !running);
    onState?.({
      followed: ended + followed.size,
      ended,
      running: states.length - waiting.length,
      waiting: waiting.length,
      reason: waiting[0]?.reason ?? "",
    });
  };
  return {
    found,
    jobs,
    run: (task) =>
      new Promise((resolve, reject) => {
        if (state !== "open") return reject(new Dropped(task.name));
        const key = keyOf(task);
        const at = earlier.get(key);
        earlier.delete(key);
        followed.add({
          ...{ task, key, resolve, reject, missed: 0, begun: false, claimed: false },
          attempts: at ? 1 : 0,
          ...(at ? { at } : {}),
        });
        gather();
      }),
    hold: (work) => here.hold(work),
    drop,
    kill() {
      // The jobs go on: whoever asks for the same follows them.
      state = "detached";
      clearTimeout(gathering);
      refuse(() => true);
      here.kill();
    },
    async close() {
      if (state === "open") state = "dropped";
      clearTimeout(gathering);
      clearTimeout(polling);
      await here.close();
      await removeEnded(folder);
    },
  };
}

function keyOf({ kind, job }: Pick<Task, "kind" | "job">): string {
  return digest({ kind, job } as never);
}

/** Writes and submits an array, and says in each task where it is; returns Slurm's number. */
async function submitBatch(
  ready: readonly Followed[],
  { config, folder }: SlurmCall,
): Promise<string> {
  const name = crypto.randomUUID().slice(0, 8);
  const batch = join(folder, name);
  await Deno.mkdir(batch, { recursive: true });
  const places = ready.map((one, i) => {
    const index = Math.floor(i / config.foldsPerTask);
    return { one, index, file: join(batch, `${index}-${i % config.foldsPerTask}.json`) };
  });
  for (const { one, file } of places) {
    await writeAtomic(file, JSON.stringify(one.task.job) + "\n");
  }
  const { kind } = ready[0]!.task;
  const script = join(batch, "batch.sh");
  const tasks = places.at(-1)!.index + 1;
  await writeAtomic(script, batchScript({ kind, folder: batch, tasks }, config));
  const job = await submit(script);
  const content: BatchFile = {
    format: "fleeting-batch/1",
    job,
    tasks: Object.fromEntries(places.map(({ one, file }) => [one.key, file])),
  };
  await writeAtomic(join(batch, "batch.json"), JSON.stringify(content, undefined, 1) + "\n");
  for (const { one, index, file } of places) {
    one.at = { id: `${job}_${index}`, job, file, log: join(batch, `${index}.log`) };
    one.attempts++;
  }
  return job;
}

async function batchesIn(folder: string): Promise<{ path: string; batch: BatchFile }[]> {
  const names: string[] = [];
  try {
    for await (const { name, isDirectory } of Deno.readDir(folder)) {
      if (isDirectory) names.push(name);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  const read = await Promise.all(
    names.sort().map(async (name) => {
      const path = join(folder, name);
      try {
        const batch: BatchFile = JSON.parse(await Deno.readTextFile(join(path, "batch.json")));
        return batch.format === "fleeting-batch/1" ? [{ path, batch }] : [];
      } catch {
        // It was never submitted.
        return [];
      }
    }),
  );
  return read.flat();
}

/** What earlier calls submitted and still waits or runs. */
async function findEarlier(folder: string): Promise<Map<string, Submitted>> {
  const alive = new Set((await queued() ?? []).map(({ id }) => id));
  const earlier = new Map<string, Submitted>();
  for (const { path, batch } of await batchesIn(folder)) {
    for (const [key, file] of Object.entries(batch.tasks)) {
      const index = /(\d+)-\d+\.json$/.exec(file)?.[1] ?? "";
      const id = `${batch.job}_${index}`;
      if (!alive.has(id) || await endOf(file) !== undefined) continue;
      earlier.set(key, { id, job: batch.job, file, log: join(path, `${index}.log`) });
    }
  }
  return earlier;
}

/** Removes the batches all of whose jobs were done; the logs of others may be wanted. */
async function removeEnded(folder: string): Promise<void> {
  for (const { path, batch } of await batchesIn(folder)) {
    const ends = await Promise.all(Object.values(batch.tasks).map(endOf));
    if (ends.every((end) => end?.kind === "done")) await Deno.remove(path, { recursive: true });
  }
  // The folder itself goes with the last of them.
  await Deno.remove(folder).catch(() => {});
}

async function tailOf(file: string): Promise<string> {
  const text = await Deno.readTextFile(file).catch(() => "");
  return text.trimEnd().slice(-1000);
}
