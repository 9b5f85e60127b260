/**
 * A pool whose worker processes run on the nodes of a cluster, as job arrays. What is done, and by which
 * files, is the same as on one machine; only who starts the processes is different.
 *
 * All that is known of submitted jobs lies in files, so that whoever submitted them may end, and whoever
 * asks for the same work later follows them.
 *
 * @module
 */
import { ParameterError, UserError } from "lib/core/errors.ts";
import { digest } from "lib/core/json.ts";
import { Dropped, openPool, type Pool, type Task } from "lib/run/pool.ts";
import { endOf } from "lib/run/serve.ts";
import { plural } from "lib/results/format.ts";
import {
  arrayTasks,
  isRemoved,
  type Place,
  readSubmitted,
  removeEnded,
  type Submitted,
  writeBatch,
} from "./batch.ts";
import type { SlurmConfig } from "./config.ts";
import { judge } from "./judge.ts";
import {
  cancelWaiting,
  findQueued,
  longestArray,
  type Queued,
  queued,
  submit,
  SubmitError,
  waitsForever,
} from "./queue.ts";

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

/** A pool on a cluster. */
export interface SlurmPool extends Pool {
  /** Slurm's numbers of the arrays that are followed. */
  jobs(): readonly string[];
}

interface Followed {
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
interface State {
  readonly call: SlurmCall;
  readonly here: Pool;
  readonly longest: number;
  readonly earlier: Map<string, Submitted>;
  readonly followed: Set<Followed>;
  /** Slurm's number of each batch that is known to it. */
  readonly numbers: Map<string, string>;
  /** What was told is not told again. */
  readonly told: Set<string>;
  /** Batches of which jobs wait or run. */
  alive: ReadonlySet<string>;
  ended: number;
  found: number;
  phase: "open" | "dropped" | "detached";
  gathering?: ReturnType<typeof setTimeout>;
  polling?: ReturnType<typeof setTimeout>;
}

/** Work that comes together is submitted together. */
const gatherMs = 300;

/**
 * Opens a pool on a cluster; jobs of earlier calls that still wait or run are found.
 *
 * @throws SetupError where there is no Slurm, or it does not answer
 * @throws ParameterError when nothing was submitted before that could be followed, though it is to be
 */
export async function openSlurmPool(call: SlurmCall): Promise<SlurmPool> {
  const alive = aliveIn(await queued());
  const earlier = await readSubmitted(call.folder, alive);
  if (call.attach && ![...earlier.values()].some(({ run }) => run === call.run)) {
    throw new ParameterError("Nothing of this command was submitted before and is not yet done", {
      field: "--attach",
      fix: "Leave it out to submit what is missing",
    });
  }
  const state: State = {
    ...{ call, earlier, alive, here: openPool(call.places), longest: await longestArray() },
    ...{ followed: new Set<Followed>(), numbers: new Map(), told: new Set<string>() },
    ...{ ended: 0, found: 0, phase: "open" },
  };
  return {
    jobs: () => numbersOf(state),
    run: (task) => new Promise((resolve, reject) => follow(state, { task, resolve, reject })),
    hold: (work) => state.here.hold(work),
    drop: () => drop(state),
    kill() {
      // The jobs go on: whoever asks for the same follows them.
      state.phase = "detached";
      clearTimeout(state.gathering);
      refuse(state, () => true);
      state.here.kill();
    },
    async close() {
      const detached = state.phase === "detached";
      if (!detached) state.phase = "dropped";
      clearTimeout(state.gathering);
      clearTimeout(state.polling);
      await state.here.close();
      if (!detached) await removeEnded(call.folder, aliveIn(await queued().catch(() => [])));
    },
  };
}

function aliveIn(queue: readonly Queued[]): Set<string> {
  return new Set(queue.filter(({ state }) => state !== "ended").map(({ batch }) => batch));
}

function numbersOf({ followed, numbers }: State): string[] {
  const batches = [...followed].flatMap(({ at }) => at?.batch ?? []);
  return [...new Set(batches.flatMap((batch) => numbers.get(batch) ?? []))].sort();
}

/** Takes a task: one that was submitted before is followed, another submitted soon. */
function follow(state: State, asked: Pick<Followed, "task" | "resolve" | "reject">): void {
  const { task, reject } = asked;
  if (state.phase !== "open") return reject(new Dropped(task.name));
  const key = digest({ kind: task.kind, job: task.job } as never);
  const before = state.earlier.get(key);
  state.earlier.delete(key);
  const known = before !== undefined &&
    (state.alive.has(before.at.batch) || state.call.attach && before.run === state.call.run);
  if (known) state.found++;
  state.followed.add({
    ...{ ...asked, key, claimed: false, begun: false },
    ...(known ? { at: before.at, attempts: before.attempt } : { attempts: 0 }),
  });
  gather(state);
}

/** Submits what is not submitted yet, once no more comes. */
function gather(state: State): void {
  clearTimeout(state.gathering);
  state.gathering = setTimeout(async () => {
    if (state.found > 0) {
      const are = state.found === 1 ? "is" : "are";
      state.call.onNotice?.(`${plural(state.found, "job")} submitted before ${are} followed`);
      state.found = 0;
    }
    const ready = [...state.followed].filter(({ at, claimed }) => !at && !claimed);
    for (const one of ready) one.claimed = true;
    await submitAll(state, ready);
    plan(state);
  }, gatherMs);
}

async function submitAll(state: State, ready: readonly Followed[]): Promise<void> {
  const { longest, call: { config } } = state;
  for (const alike of Map.groupBy(ready, ({ task }) => digest(task.kind as never)).values()) {
    const tasks = arrayTasks(alike, config.foldsPerTask);
    for (let from = 0; from < tasks.length; from += longest) {
      const part = tasks.slice(from, from + longest);
      try {
        if (state.phase === "open") await submitPart(state, part);
      } catch (error) {
        for (const one of part.flat()) settle(state, one, error as Error);
      }
      for (const one of part.flat()) one.claimed = false;
    }
  }
  // What was not begun when the pool was told to stop never will be.
  if (state.phase !== "open") refuse(state, ({ at }) => at === undefined);
}

/** Submits an array, and says in each task where it is; leaves it for later when that may help. */
async function submitPart(state: State, part: readonly (readonly Followed[])[]): Promise<void> {
  const { name, path, script, places } = await writeBatch(part, state.call);
  try {
    const job = await submit(script);
    state.numbers.set(name, job);
    state.call.onNotice?.(`${plural(places.size, "job")} submitted as ${job}`);
  } catch (error) {
    // A controller that is late with its answer may have taken it all the same.
    const taken = await queued().then((queue) => aliveIn(queue).has(name), () => false);
    if (!taken) {
      await Deno.remove(path, { recursive: true });
      const mayHelp = error instanceof SubmitError && (error.refusal === "busy" ||
        error.refusal === "limit" && [...state.followed].some(({ at }) => at !== undefined));
      if (!mayHelp) throw error;
      return tellOnce(state, `${(error as Error).message}; it is tried again`);
    }
  }
  for (const [one, at] of places) {
    one.at = at;
    one.attempts++;
  }
  if (state.phase === "dropped") await cancelWaiting([...numbersOf(state)]);
}

function tellOnce({ told, call: { onNotice } }: State, text: string): void {
  if (!told.has(text)) onNotice?.(text);
  told.add(text);
}

/** Looks at the queue again after a while, as long as anything is followed. */
function plan(state: State): void {
  clearTimeout(state.polling);
  if (state.followed.size === 0 || state.phase === "detached") return;
  const ms = 1000 * state.call.config.pollSeconds;
  state.polling = setTimeout(() => void look(state).finally(() => plan(state)), ms);
}

async function look(state: State): Promise<void> {
  let queue: readonly Queued[];
  try {
    queue = await queued();
  } catch (error) {
    // A controller that is busy or restarts is asked again later.
    return tellOnce(state, `${firstLine((error as Error).message)}; it is asked again`);
  }
  state.alive = aliveIn(queue);
  for (const { batch, job } of queue) state.numbers.set(batch, job);
  const find = findQueued(queue);
  const seen = (one: Followed) => one.at && find(one.at);
  for (const one of [...state.followed]) {
    if (one.at) await lookAt(state, one, seen(one));
  }
  tell(state, [...state.followed].flatMap((one) => seen(one) ?? []));
  if ([...state.followed].some(({ at, claimed }) => !at && !claimed)) gather(state);
}

async function lookAt(state: State, one: Followed, inQueue: Queued | undefined): Promise<void> {
  const { at, task } = one;
  const end = await endOf(at!.file);
  if (end === undefined && await isRemoved(at!)) {
    // Another call has followed it to its end.
    return settle(state, one);
  }
  const { shareSeconds } = state.call.config;
  const lostSeconds = (performance.now() - (one.lostSince ?? performance.now())) / 1000;
  const verdict = judge({ end, inQueue, lostSeconds, shareSeconds });
  if (verdict.kind !== "unclear") delete one.lostSince;
  if (verdict.kind === "done") return settle(state, one, undefined, verdict.seconds);
  if (verdict.kind === "refused") return settle(state, one, verdict.error);
  if (verdict.kind === "unclear") one.lostSince ??= performance.now();
  if (verdict.kind === "runs" && !one.begun) {
    one.begun = true;
    task.onShare?.(0);
  }
  if (verdict.kind === "failed") await failed(state, one, verdict);
}

/** Has a job submitted again, or gives it up. */
async function failed(
  state: State,
  one: Followed,
  { what, next }: { readonly what: string; readonly next: "again" | "free" | "never" },
): Promise<void> {
  const { config } = state.call;
  const { log } = one.at!;
  if (next === "never" || next === "again" && one.attempts >= config.attempts) {
    const times = one.attempts === 1 ? "once" : `${one.attempts} times`;
    const said = await tailOf(log);
    const error = new Error(
      `${one.task.name}: submitted ${times}, last: ${what}; see ${log}${said && `\n${said}`}`,
    );
    return settle(state, one, error);
  }
  state.call.onNotice?.(`${one.task.name}: ${firstLine(what)}; it is submitted again`);
  delete one.at;
  if (next === "free") one.attempts--;
  [one.begun, one.claimed] = [false, false];
  // After a stop it is not begun again.
  if (state.phase !== "open") refuse(state, (other) => other === one);
}

function tell(state: State, seen: readonly Queued[]): void {
  const waiting = seen.filter((one) => one.state === "waiting");
  for (const [reason, alike] of Map.groupBy(waiting.filter(waitsForever), (one) => one.reason)) {
    const jobs = [...new Set(alike.map(({ job }) => job))].join(" ");
    tellOnce(
      state,
      `jobs wait until somebody does something (${reason}): see scontrol show job ${jobs}`,
    );
  }
  state.call.onState?.({
    followed: state.ended + state.followed.size,
    ended: state.ended,
    running: seen.filter((one) => one.state === "running").length,
    waiting: waiting.length,
    reason: waiting[0]?.reason ?? "",
  });
  if (state.followed.size === 0) state.ended = 0;
}

function settle(state: State, one: Followed, error?: Error, seconds = 0): void {
  if (!state.followed.delete(one)) return;
  state.ended++;
  if (error instanceof UserError) drop(state);
  error ? one.reject(error) : one.resolve(seconds);
}

function refuse({ followed }: State, which: (one: Followed) => boolean): void {
  for (const one of [...followed].filter(which)) {
    followed.delete(one);
    one.reject(new Dropped(one.task.name));
  }
}

/** Nothing that waits is begun any more. */
function drop(state: State): void {
  if (state.phase !== "open") return;
  state.phase = "dropped";
  clearTimeout(state.gathering);
  void cancelWaiting(numbersOf(state)).catch(() => {});
  refuse(state, ({ begun }) => !begun);
  state.here.drop();
}

function firstLine(text: string): string {
  return text.split("\n")[0]!;
}

async function tailOf(file: string): Promise<string> {
  const text = await Deno.readTextFile(file).catch(() => "");
  return text.trimEnd().slice(-1000);
}
