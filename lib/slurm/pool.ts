/**
 * A pool whose worker processes run on the nodes of a cluster, as job arrays. What is done, and by which
 * files, is the same as on one machine; only who starts the processes is different.
 *
 * All that is known of submitted jobs lies in files, so that whoever submitted them may end, and whoever
 * asks for the same work later follows them.
 *
 * @module
 */
import { ParameterError } from "lib/core/errors.ts";
import { digest } from "lib/core/json.ts";
import { Dropped, openPool, type Pool } from "lib/run/pool.ts";
import { readSubmitted, removeEnded } from "./batch.ts";
import { look } from "./looking.ts";
import { aliveness, longestArray, queued } from "./queue.ts";
import {
  aliveIn,
  drop,
  type Followed,
  numbersOf,
  refuse,
  type SlurmCall,
  type State,
} from "./state.ts";
import { submitAll } from "./submitting.ts";

/** A pool on a cluster. */
export interface SlurmPool extends Pool {
  /** Slurm's numbers of the arrays that are followed. */
  jobs(): readonly string[];
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
  const submitted = await readSubmitted(call.folder, aliveness(await queued()));
  if (call.attach && ![...submitted.values()].some(({ run }) => run === call.run)) {
    throw new ParameterError("Nothing of this command was submitted before and is not yet done", {
      field: "--attach",
      fix: "Leave it out to submit what is missing",
    });
  }
  const state: State = {
    ...{ call, here: openPool(call.places), longest: await longestArray() },
    ...{ followed: new Set<Followed>(), numbers: new Map(), told: new Set<string>() },
    ...{ ended: 0, phase: "open" },
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

/** Takes a task: one that was submitted before is followed, another submitted soon. */
function follow(state: State, asked: Pick<Followed, "task" | "resolve" | "reject">): void {
  const { task, reject } = asked;
  if (state.phase !== "open") return reject(new Dropped(task.name));
  const key = digest({ kind: task.kind, job: task.job } as never);
  state.followed.add({ ...asked, key, attempts: 0, claimed: false, begun: false });
  gather(state);
}

function waiting({ followed }: State): Followed[] {
  return [...followed].filter(({ at, claimed }) => !at && !claimed);
}

/** Submits what is not submitted yet, once no more comes. */
function gather(state: State): void {
  clearTimeout(state.gathering);
  state.gathering = setTimeout(async () => {
    const ready = waiting(state);
    for (const one of ready) one.claimed = true;
    await submitAll(state, ready);
    plan(state);
  }, gatherMs);
}

/** Looks at the queue again after a while, as long as anything is followed. */
function plan(state: State): void {
  clearTimeout(state.polling);
  if (state.followed.size === 0 || state.phase === "detached") return;
  const ms = 1000 * state.call.config.pollSeconds;
  state.polling = setTimeout(async () => {
    await look(state);
    // Submitting plans the next look itself; a look in between would put it off.
    if (waiting(state).length > 0) gather(state);
    else plan(state);
  }, ms);
}
