/**
 * Submitting what waits as job arrays.
 *
 * @module
 */
import { digest } from "lib/core/json.ts";
import { plural } from "lib/results/format.ts";
import { endOf, type JobEnd } from "lib/run/serve.ts";
import { arrayTasks, readSubmitted, writeBatch } from "./batch.ts";
import { aliveness, cancelWaiting, queued, submit, SubmitError } from "./queue.ts";
import { type Followed, numbersOf, refuse, settle, type State, tellOnce } from "./state.ts";

/**
 * Submits tasks, those of each kind as arrays of at most the cluster's length; but those of which jobs wait
 * or run already are followed, whoever submitted them.
 */
export async function submitAll(state: State, ready: readonly Followed[]): Promise<void> {
  const { longest, call: { config } } = state;
  let missing: readonly Followed[];
  try {
    missing = await adopt(state, ready);
  } catch (error) {
    // What cannot be looked up might be submitted twice.
    for (const one of ready) one.claimed = false;
    return tellOnce(state, `${(error as Error).message}; it is asked again`);
  }
  for (const alike of Map.groupBy(missing, ({ task }) => digest(task.kind as never)).values()) {
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

/** Finds the jobs of tasks that were submitted before; returns the tasks without. */
async function adopt(state: State, ready: readonly Followed[]): Promise<readonly Followed[]> {
  if (ready.length === 0) return ready;
  const { folder, attach, run, onNotice } = state.call;
  const queue = await queued();
  for (const { batch, job } of queue) state.numbers.set(batch, job);
  const submitted = await readSubmitted(folder, aliveness(queue));
  const missing: Followed[] = [];
  let found = 0;
  for (const one of ready) {
    const before = submitted.get(one.key);
    const end = before && await endOf(before.at.file);
    // An end that is not known yet, or a failure, is judged like that of a job of our own.
    const judged = attach && one.attempts === 0 && before?.run === run && end?.kind !== "done";
    if (before === undefined || !(before.alive || judged)) {
      // It may have come to its end since it was planned; what it made may be gone since then, too.
      if (await one.task.isDone?.()) settle(state, one, undefined, secondsOf(end));
      else missing.push(one);
      continue;
    }
    [one.at, one.attempts, one.claimed] = [before.at, before.attempt, false];
    found++;
  }
  const are = found === 1 ? "is" : "are";
  if (found > 0) onNotice?.(`${plural(found, "job")} submitted before ${are} followed`);
  return missing;
}

function secondsOf(end: JobEnd | undefined): number {
  return end?.kind === "done" ? end.seconds : 0;
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
    const refusal = error instanceof SubmitError ? error.refusal : "refused";
    if (refusal !== "busy" || !await isTaken(name)) {
      await Deno.remove(path, { recursive: true });
      const others = [...state.followed].some(({ at }) => at !== undefined);
      if (refusal === "refused" || refusal === "limit" && !others) throw error;
      return tellOnce(state, `${(error as Error).message}; it is tried again`);
    }
  }
  for (const [one, at] of places) {
    one.at = at;
    one.attempts++;
  }
  if (state.phase === "dropped") await cancelWaiting([...numbersOf(state)]);
}

/** Whether a batch is in the queue, or was; where that cannot be known, later looks will tell. */
async function isTaken(name: string): Promise<boolean> {
  return await queued().then((queue) => queue.some(({ batch }) => batch === name), () => true);
}
