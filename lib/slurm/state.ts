/**
 * What a pool on a cluster knows, and how tasks leave it.
 *
 * @module
 */
import { UserError } from "lib/core/errors.ts";
import { Dropped, type Pool, type Task } from "lib/run/pool.ts";
import type { Place } from "./batch.ts";
import type { SlurmConfig } from "./config.ts";
import { cancelWaiting, type Queued } from "./queue.ts";

/** How many of the jobs that are followed wait and run. */
export interface QueueState {
  readonly followed: number;
  readonly ended: number;
  readonly running: number;
  readonly waiting: number;
  /** Why the first of those that wait does. */
  readonly reason: string;
}

/** What a pool on a cluster needs. */
export interface SlurmCall {
  readonly config: SlurmConfig;
  /** Where batches lie: a folder that the nodes see. */
  readonly folder: string;
  /** What tells this command from others. */
  readonly run: string;
  /** Jobs of this command must have been submitted before. */
  readonly attach: boolean;
  /** How many notebooks run here at once. */
  readonly places: number;
  readonly onState?: (state: QueueState) => void;
  /** Told what a person should know. */
  readonly onNotice?: (text: string) => void;
}

/** A task that is followed. */
export interface Followed {
  readonly task: Task;
  readonly key: string;
  readonly resolve: (seconds: number) => void;
  readonly reject: (error: Error) => void;
  at?: Place;
  /** It is being submitted. */
  claimed: boolean;
  attempts: number;
  /** Since when it is neither in the queue nor known to have ended. */
  lostSince?: number;
  begun: boolean;
}

/** What a pool knows. */
export interface State {
  readonly call: SlurmCall;
  readonly here: Pool;
  readonly longest: number;
  readonly followed: Set<Followed>;
  /** Slurm's number of each batch that is known to it. */
  readonly numbers: Map<string, string>;
  /** What was told is not told again. */
  readonly told: Set<string>;
  ended: number;
  phase: "open" | "dropped" | "detached";
  gathering?: ReturnType<typeof setTimeout>;
  polling?: ReturnType<typeof setTimeout>;
}

/** The batches of which jobs wait or run. */
export function aliveIn(queue: readonly Queued[]): Set<string> {
  return new Set(queue.filter(({ state }) => state !== "ended").map(({ batch }) => batch));
}

/** Slurm's numbers of what is followed. */
export function numbersOf({ followed, numbers }: State): string[] {
  const batches = [...followed].flatMap(({ at }) => at?.batch ?? []);
  return [...new Set(batches.flatMap((batch) => numbers.get(batch) ?? []))].sort();
}

/** Tells something once. */
export function tellOnce({ told, call: { onNotice } }: State, text: string): void {
  if (!told.has(text)) onNotice?.(text);
  told.add(text);
}

/** A task is done, or has failed for good. */
export function settle(state: State, one: Followed, error?: Error, seconds = 0): void {
  if (!state.followed.delete(one)) return;
  state.ended++;
  if (error instanceof UserError) drop(state);
  error ? one.reject(error) : one.resolve(seconds);
}

/** Tasks are not begun, or not followed to their end. */
export function refuse({ followed }: State, which: (one: Followed) => boolean): void {
  for (const one of [...followed].filter(which)) {
    followed.delete(one);
    one.reject(new Dropped(one.task.name));
  }
}

/** Nothing that waits is begun any more. */
export function drop(state: State): void {
  if (state.phase !== "open") return;
  state.phase = "dropped";
  clearTimeout(state.gathering);
  void cancelWaiting(numbersOf(state)).catch(() => {});
  refuse(state, ({ begun }) => !begun);
  state.here.drop();
}
