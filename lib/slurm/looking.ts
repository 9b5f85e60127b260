/**
 * Looking at the queue: what became of the tasks that are followed.
 *
 * @module
 */
import { endOf } from "lib/run/serve.ts";
import { isRemoved } from "./batch.ts";
import { judge } from "./judge.ts";
import { findQueued, type Queued, queued, waitsForever } from "./queue.ts";
import { type Followed, refuse, settle, type State, tellOnce } from "./state.ts";

/** Looks once. Tasks that are to be submitted again have no place then. */
export async function look(state: State): Promise<void> {
  let queue: readonly Queued[];
  try {
    queue = await queued();
  } catch (error) {
    // A controller that is busy or restarts is asked again later.
    return tellOnce(state, `${(error as Error).message}; it is asked again`);
  }
  for (const { batch, job } of queue) state.numbers.set(batch, job);
  const find = findQueued(queue);
  const seen = (one: Followed) => one.at && find(one.at);
  const again: { name: string; what: string }[] = [];
  for (const one of [...state.followed]) {
    const what = one.at && await lookAt(state, one, seen(one));
    if (what !== undefined) again.push({ name: one.task.name, what });
  }
  for (const [what, [one, ...others]] of Map.groupBy(again, ({ what }) => what)) {
    const more = others.length === 0 ? "" : ` and ${others.length} more`;
    state.call.onNotice?.(`${one!.name}${more}: ${what}; submitted again`);
  }
  tell(state, [...state.followed].flatMap((one) => seen(one) ?? []));
}

/** Looks at one task; returns why it is to be submitted again, if it is. */
async function lookAt(
  state: State,
  one: Followed,
  inQueue: Queued | undefined,
): Promise<string | undefined> {
  const { at, task } = one;
  const end = await endOf(at!.file);
  if (end === undefined && await isRemoved(at!)) {
    // Another call has followed it to its end.
    settle(state, one);
    return undefined;
  }
  const { shareSeconds } = state.call.config;
  const lostSeconds = (performance.now() - (one.lostSince ?? performance.now())) / 1000;
  const verdict = judge({ end, inQueue, lostSeconds, shareSeconds });
  if (verdict.kind !== "unclear") delete one.lostSince;
  if (verdict.kind === "done") settle(state, one, undefined, verdict.seconds);
  if (verdict.kind === "refused") settle(state, one, verdict.error);
  if (verdict.kind === "unclear") one.lostSince ??= performance.now();
  if (verdict.kind === "runs" && !one.begun) {
    one.begun = true;
    task.onShare?.(0);
  }
  return verdict.kind === "failed" ? await failed(state, one, verdict) : undefined;
}

/** Has a job submitted again and returns why, or gives it up. */
async function failed(
  state: State,
  one: Followed,
  { what, next }: { readonly what: string; readonly next: "again" | "free" | "never" },
): Promise<string | undefined> {
  const { config } = state.call;
  const { log } = one.at!;
  if (next === "never" || next === "again" && one.attempts >= config.attempts) {
    const times = one.attempts === 1 ? "once" : `${one.attempts} times`;
    const said = await tailOf(log);
    const error = new Error(
      `${one.task.name}: submitted ${times}, last: ${what}; see ${log}${said && `\n${said}`}`,
    );
    settle(state, one, error);
    return undefined;
  }
  delete one.at;
  if (next === "free") one.attempts--;
  [one.begun, one.claimed] = [false, false];
  // After a stop it is not begun again.
  if (state.phase === "open") return what;
  refuse(state, (other) => other === one);
  return undefined;
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

async function tailOf(file: string): Promise<string> {
  const text = await Deno.readTextFile(file).catch(() => "");
  return text.trimEnd().slice(-1000);
}
