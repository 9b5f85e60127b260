/**
 * Worker processes that do work side by side, one TensorFlow thread each, so that results do not depend
 * on how many there are.
 *
 * A pool has a number of places, one a core. A place goes on with tasks of the same kind as long as there
 * are any, for a process learns a network once; then it turns to the kind that has most left to do and that
 * no other place is at; and when every kind has a place, it helps where most is left. So places are busy
 * until nothing is left, and no more workers live than there are places. A place keeps its process from
 * kind to kind, since starting TensorFlow takes seconds, unless it has grown large.
 *
 * Beside the places there is room for one piece of other work, such as a notebook: those wait for files,
 * processes and messages a good part of their time, in which a core would be idle.
 *
 * @module
 */
import { UserError } from "lib/core/errors.ts";
import {
  endWorker,
  kill,
  type Kind,
  makeOf,
  runOn,
  startWorker,
  type Worker,
} from "./worker_process.ts";

/** A piece of work for a worker process. */
export interface Task {
  readonly kind: Kind;
  /** What the worker gets, as JSON. */
  readonly job: unknown;
  /** What it is called in messages, such as `fold s01, seed 1`. */
  readonly name: string;
  /** About how many seconds it takes, if that is known. */
  readonly expected?: number;
  /** Called with the share that is done, 0 when the task begins. */
  readonly onShare?: (share: number) => void;
  /**
   * Whether what it is to make is there by now, whoever made it. Asked where tasks may have been given away
   * by an earlier call and come to their end while this one begins.
   */
  readonly isDone?: () => Promise<boolean>;
  /** Called when a worker process is started for it: what it takes then counts as the task's. */
  readonly onStart?: () => void;
}

/** Places for work. */
export interface Pool {
  /**
   * Does a task as soon as a place is free.
   *
   * @returns the seconds it took
   * @throws UserError for a reason the user can mend, after which nothing that waits is begun
   * @throws Dropped
   * @throws Error, naming the task, for any other reason
   */
  run(task: Task): Promise<number>;
  /** Does something else, beside the places or in one of them, before any task that waits. */
  hold<T>(work: () => Promise<T>): Promise<T>;
  /** Nothing that waits is begun any more; what is under way goes on. */
  drop(): void;
  /** Kills what is under way. */
  kill(): void;
  /** Ends the workers, once nothing is under way. */
  close(): Promise<void>;
}

/** A task was not begun, or not ended, because the pool was told so. */
export class Dropped extends Error {
  override readonly name = "Dropped";
}

/** A worker that dies is replaced and its task tried again, this many times in all. */
const attempts = 3;
/** A process that holds more than this is ended before another kind of task. */
const mostMegabytes = 900;

interface Place {
  busy: boolean;
  worker?: Worker;
}

interface Waiting {
  readonly task: Task;
  readonly kind: string;
  readonly begin: (place: Place) => Promise<void>;
  readonly refuse: (error: Dropped) => void;
}

interface Held {
  readonly begin: () => Promise<void>;
  readonly refuse: (error: Dropped) => void;
}

/** Opens a pool; no process starts before there is a task for it. */
export function openPool(size: number): Pool {
  const places = Array.from({ length: Math.max(1, size) }, (): Place => ({ busy: false }));
  let waiting: Waiting[] = [];
  let held: Held[] = [];
  const beside = { busy: false };
  let state: "open" | "dropped" | "killed" = "open";

  const fill = (): void => {
    occupy(beside, () => held.shift()?.begin);
    for (const place of places) occupy(place, () => held.shift()?.begin ?? takeTask(place));
  };
  const occupy = (
    room: { busy: boolean },
    take: () => (() => Promise<void>) | undefined,
  ): void => {
    if (room.busy) return;
    const begin = take();
    if (begin === undefined) return;
    room.busy = true;
    void begin().finally(() => {
      room.busy = false;
      fill();
    });
  };
  const takeTask = (place: Place): (() => Promise<void>) | undefined => {
    const elsewhere = places.flatMap((other) =>
      other !== place && other.busy && other.worker ? [other.worker.kind] : []
    );
    const next = choose(waiting, place.worker?.kind, elsewhere);
    if (next === undefined) return undefined;
    waiting = waiting.filter((one) => one !== next);
    return () => next.begin(place);
  };
  const refuseAll = (): void => {
    const refused = [...held, ...waiting];
    [held, waiting] = [[], []];
    for (const { refuse } of refused) refuse(new Dropped("not begun"));
  };
  const killed = (): boolean => state === "killed";
  const drop = (): void => {
    if (state === "open") state = "dropped";
    refuseAll();
  };
  return {
    run: (task) =>
      new Promise((resolve, reject) => {
        if (state !== "open") return reject(new Dropped(task.name));
        waiting.push({
          task,
          kind: JSON.stringify(task.kind),
          begin: (place) =>
            attempt(task, place, killed).then(resolve, (error) => {
              if (error instanceof UserError) drop();
              reject(error);
            }),
          refuse: reject,
        });
        // Tasks that come together are looked at together.
        queueMicrotask(fill);
      }),
    hold: (work) =>
      new Promise((resolve, reject) => {
        if (state !== "open") return reject(new Dropped("not begun"));
        held.push({ begin: () => work().then(resolve, reject), refuse: reject });
        queueMicrotask(fill);
      }),
    drop,
    kill() {
      state = "killed";
      refuseAll();
      for (const { worker } of places) if (worker) kill(worker);
    },
    async close() {
      drop();
      await Promise.all(places.map(leave));
    },
  };
}

/**
 * The task that a place does next.
 *
 * @param waiting tasks, or so many equal ones together (`count`)
 * @param own the kind that its worker process knows
 * @param elsewhere the kinds that other places are at
 */
export function choose<
  T extends {
    readonly task: Pick<Task, "expected">;
    readonly kind: string;
    readonly count?: number;
  },
>(
  waiting: readonly T[],
  own: string | undefined,
  elsewhere: readonly string[],
): T | undefined {
  const load = new Map<string, number>();
  for (const { task, kind, count = 1 } of waiting) {
    load.set(kind, (load.get(kind) ?? 0) + count * (task.expected ?? 1));
  }
  if (load.size === 0) return undefined;
  const most = (kinds: readonly string[]): string | undefined =>
    kinds.reduce<string | undefined>(
      (best, kind) => best === undefined || load.get(kind)! > load.get(best)! ? kind : best,
      undefined,
    );
  const kinds = [...load.keys()];
  const kind = own !== undefined && load.has(own)
    ? own
    : most(kinds.filter((kind) => !elsewhere.includes(kind))) ?? most(kinds);
  // The longest first, so that none is left for the end; of equals the one that came first.
  return waiting.filter((one) => one.kind === kind).reduce((best, one) =>
    (one.task.expected ?? 1) > (best.task.expected ?? 1) ? one : best
  );
}

/** Does a task in a place, with another worker when one dies. */
async function attempt(task: Task, place: Place, killed: () => boolean): Promise<number> {
  if (place.worker && !fits(place.worker, task.kind)) await leave(place);
  const started = performance.now();
  for (let number = 1;; number++) {
    if (killed()) throw new Dropped(task.name);
    if (place.worker === undefined) {
      place.worker = startWorker(task.kind);
      task.onStart?.();
    }
    place.worker.kind = JSON.stringify(task.kind);
    task.onShare?.(0);
    const end = await runOn(place.worker, task.job, task.onShare);
    if (end.kind === "done") return (performance.now() - started) / 1000;
    if (end.kind === "failed") {
      throw end.user ? new UserError(end.message) : new Error(`${task.name}: ${end.message}`);
    }
    await leave(place);
    if (killed()) throw new Dropped(task.name);
    if (number === attempts) {
      throw new Error(
        `${task.name}: the worker died ${attempts} times (out of memory?) ${end.complaints}`,
      );
    }
  }
}

/** Whether a worker may do tasks of a kind. */
function fits({ made, kind, megabytes }: Worker, wanted: Kind): boolean {
  if (made !== makeOf(wanted)) return false;
  return kind === JSON.stringify(wanted) || megabytes <= mostMegabytes;
}

/** Ends the worker of a place. */
async function leave(place: Place): Promise<void> {
  const { worker } = place;
  delete place.worker;
  if (worker !== undefined) await endWorker(worker);
}
