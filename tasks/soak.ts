/**
 * `deno task soak`: kills processes of small reproductions at random moments, again and again, and shows that
 * a plain run afterwards gives the bytes of one that was not disturbed, and that nothing is left behind.
 *
 * @module
 */
import { join } from "@std/path";
import { exitCode, ParameterError } from "lib/core/errors.ts";
import { type Rng, rng } from "lib/core/rng.ts";
import { filesBelow, processesIn, until } from "lib/run/testing.ts";
import { newCommand, runTask } from "./cli.ts";
import { compare, leftovers, runPlainly, type SoakPlace, withSoakPlace } from "./soak_place.ts";
import { startReproduce } from "./testing.ts";

/** What is done to a run: which process is killed, or how often Ctrl-C is pressed. */
const deeds = ["worker", "kernel", "coordinator", "Ctrl-C", "Ctrl-C twice"] as const;
type Deed = typeof deeds[number];

/** How often each is drawn. */
const shares: Readonly<Record<Deed, number>> = {
  worker: 9,
  kernel: 5,
  coordinator: 3,
  "Ctrl-C": 2,
  "Ctrl-C twice": 2,
};

/** What has been done and found. */
interface Tally {
  readonly deeds: Map<Deed, number>;
  kills: number;
  differing: number;
  left: number;
}

interface Soak {
  readonly place: SoakPlace;
  readonly stream: Rng;
  /** How many kills there shall be in all, and before each comparison. */
  readonly wanted: number;
  readonly perRound: number;
  readonly tally: Tally;
}

async function main(): Promise<number> {
  const command = newCommand("deno task soak")
    .option("--kills <number>", "how many processes to kill", "200")
    .option("--per-round <number>", "how many before each comparison", "40")
    .option("--seed <number>", "of the random moments", "1");
  const options = command.parse(Deno.args, { from: "user" }).opts<Record<string, string>>();
  const wanted = numberOf("--kills", options.kills!);
  const perRound = numberOf("--per-round", options.perRound!);
  const seed = numberOf("--seed", options.seed!);
  const tally: Tally = { deeds: new Map(), kills: 0, differing: 0, left: 0 };
  const stream = rng(seed, "soak");
  await withSoakPlace((place) => soak({ place, stream, wanted, perRound, tally }));
  const { kills, differing, left } = tally;
  console.log(`${kills} kills, ${differing} differing bytes, ${left} leftovers`);
  return differing + left > 0 ? exitCode.failed : exitCode.ok;
}

function numberOf(field: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1) return value;
  throw new ParameterError(`Expected a whole number of at least 1, got '${text}'`, { field });
}

async function soak(call: Soak): Promise<void> {
  const { place, tally, wanted, perRound } = call;
  await plainly(place, "undisturbed");
  await Deno.rename(place.run, place.whole);
  while (tally.kills < wanted) {
    const goal = Math.min(tally.kills + perRound, wanted);
    while (tally.kills < goal) await disturb(call, goal);
    await plainly(place, `after ${tally.kills} kills`);
    const { bytes, files } = await compare(place);
    const left = leftovers(place);
    tally.differing += bytes;
    tally.left += left.length;
    for (const file of files) console.log(`differs: ${file}`);
    for (const one of left) console.log(`left: ${one}`);
    console.log([...tally.deeds].map(([deed, count]) => `${count} × ${deed}`).join(", "));
    await Deno.remove(place.run, { recursive: true });
  }
}

async function plainly(place: SoakPlace, what: string): Promise<void> {
  const began = performance.now();
  for (const { code, err } of await runPlainly(place)) {
    if (code !== exitCode.ok) throw new Error(`A plain run failed with ${code}:\n${err}`);
  }
  console.log(`${what}: run plainly in ${((performance.now() - began) / 1000).toFixed(0)} s`);
}

/** Starts one run, or two at once, and disturbs until all have ended. */
async function disturb({ place, stream, tally }: Soak, goal: number): Promise<void> {
  await forget(place, stream);
  const runs = Array.from({ length: stream.next() < 0.25 ? 2 : 1 }, () => {
    const order = place.orders[stream.integer(place.orders.length)]!;
    const child = startReproduce(place, order, place.env);
    return { pid: child.pid, output: child.output() };
  });
  const all = Promise.all(runs.map(({ output }) => output));
  let ended = false;
  void all.then(() => ended = true);
  const victims = (deed: Deed) => victimsOf(deed, place, runs.map(({ pid }) => pid));
  const waitFor = async (holds: () => boolean) => {
    while (!ended && !holds()) await pause(20);
  };
  // Some kills a run, then it may end: so that something is computed, too.
  for (let left = 1 + stream.integer(8); left > 0 && tally.kills < goal; left--) {
    const deed = drawn(stream);
    await waitFor(() => victims(deed).length > 0);
    const moment = performance.now() + 2000 * stream.next();
    await waitFor(() => performance.now() > moment);
    if (ended) break;
    if (!await does(deed, victims(deed), stream)) continue;
    tally.kills++;
    tally.deeds.set(deed, (tally.deeds.get(deed) ?? 0) + 1);
  }
  await expectEnd(await all, place);
}

/** Removes some of what is kept, so that there is always something to compute. */
async function forget({ run }: SoakPlace, stream: Rng): Promise<void> {
  for (const path of filesBelow(run)) {
    if (stream.next() < 0.4) await Deno.remove(join(run, path));
  }
}

/** Runs that were disturbed end well, failed or interrupted, with everything they started. */
async function expectEnd(
  outputs: readonly Deno.CommandOutput[],
  place: SoakPlace,
): Promise<void> {
  await until("no process is left", () => processesIn(place).length === 0, 60);
  const usual: readonly number[] = [exitCode.ok, exitCode.failed, exitCode.interrupted];
  for (const { code, signal, stderr } of outputs) {
    if (signal !== null || usual.includes(code)) continue;
    throw new Error(`A run ended with ${code}:\n${new TextDecoder().decode(stderr)}`);
  }
}

function drawn(stream: Rng): Deed {
  const all = deeds.flatMap((deed) => Array.from({ length: shares[deed] }, () => deed));
  return all[stream.integer(all.length)]!;
}

/** The processes to which a deed can be done. */
function victimsOf(
  deed: Deed,
  place: SoakPlace,
  coordinators: readonly number[],
): readonly number[] {
  const living = processesIn(place);
  const having = (part: RegExp) =>
    living.filter(({ command }) => command.startsWith(Deno.execPath()) && part.test(command));
  const found = deed === "worker"
    ? having(/lib\/run\/\w*worker\.ts/)
    : deed === "kernel"
    ? having(/jupyter --kernel/)
    : living.filter(({ pid }) => coordinators.includes(pid));
  return found.map(({ pid }) => pid);
}

/** Does something to one of some processes; says whether it lived until then. */
async function does(deed: Deed, victims: readonly number[], stream: Rng): Promise<boolean> {
  if (victims.length === 0) return false;
  const pid = victims[stream.integer(victims.length)]!;
  if (!deed.startsWith("Ctrl-C")) return send(pid, "SIGKILL");
  if (!send(pid, "SIGINT")) return false;
  if (deed === "Ctrl-C twice") {
    await pause(1000 * stream.next());
    send(pid, "SIGINT");
  }
  return true;
}

function send(pid: number, signal: Deno.Signal): boolean {
  try {
    Deno.kill(pid, signal);
    return true;
  } catch {
    return false; // It has just ended.
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

await runTask(main);
