/**
 * Submitting what waits as job arrays.
 *
 * @module
 */
import { digest } from "lib/core/json.ts";
import { plural } from "lib/results/format.ts";
import { arrayTasks, writeBatch } from "./batch.ts";
import { cancelWaiting, queued, submit, SubmitError } from "./queue.ts";
import {
  aliveIn,
  type Followed,
  numbersOf,
  refuse,
  settle,
  type State,
  tellOnce,
} from "./state.ts";

/** Submits tasks, those of each kind as arrays of at most the cluster's length. */
export async function submitAll(state: State, ready: readonly Followed[]): Promise<void> {
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
