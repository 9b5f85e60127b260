/**
 * `deno task soak`: kills processes of small reproductions at random moments, again and again, and shows that
 * a plain run afterwards gives the bytes of one that was not disturbed, and that nothing is left behind.
 *
 * @module
 */
import { exitCode, ParameterError } from "lib/core/errors.ts";
import { type Rng, rng } from "lib/core/rng.ts";
import { processesIn, type ProcessInfo, until } from "lib/run/testing.ts";
import { newCommand, runTask } from "./cli.ts";
import { compare, leftovers, runPlainly, type SoakPlace, withSoakPlace } from "./soak_place.ts";
import { startReproduce } from "./testing.ts";

/** What is done to a run: which process is killed, or how often Ctrl-C is pressed. */
const deeds = ["worker", "kernel", "coordinator", "Ctrl-C", "Ctrl-C twice"] as const;
type Deed = typeof deeds[number];

/** How often each is drawn. */
const shares: Readonly<Record<Deed, number>> = {
  worker: 8,
  kernel: 4,
  coordinator: 5,
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
  const [wanted, perRound, seed] = ["kills", "perRound", "seed"].map((name) =>
    numberOf(name, options[name]!)
  ) as [number, number, number];
  const tally: Tally = { deeds: new Map(), kills: 0, differing: 0, left: 0 };
  const stream = rng(seed, "soak");
  await withSoakPlace((place) => soak({ place, stream, wanted, perRound, tally }));
  const { kills, differing, left } = tally;
  console.log([...tally.deeds].map(([deed, count]) => `${count} × ${deed}`).join(", "));
  console.log(`${kills} kills, ${differing} differing bytes, ${left} leftovers`);
  return differing + left > 0 ? exitCode.failed : exitCode.ok;
}

function numberOf(name: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1) return value;
  throw new ParameterError(`Expected a whole number of at least 1, got '${text}'`, { field: name });
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
  const count = stream.next() < 0.25 ? 2 : 1;
  const runs = Array.from({ length: count }, () => {
    const order = place.orders[stream.integer(place.orders.length)]!;
    const child = startReproduce(place, order, place.env);
    return { child, output: child.output() };
  });
  const all = Promise.all(runs.map(({ output }) => output));
  let ended = false;
  void all.then(() => ended = true);
  // A few kills a run, then it may end: so that something is computed, too.
  let left = 1 + stream.integer(4);
  while (!ended && left > 0 && tally.kills < goal) {
    await pause(300 + 3500 * stream.next());
    if (ended) break;
    const coordinators = runs.map(({ child }) => child.pid);
    const done = await kill(processesIn(place), coordinators, stream);
    if (done === undefined) continue;
    tally.kills++;
    left--;
    tally.deeds.set(done, (tally.deeds.get(done) ?? 0) + 1);
  }
  const outputs = await all;
  await until("no process is left", () => processesIn(place).length === 0, 60);
  for (const { code, signal, stderr } of outputs) {
    if (
      signal === null && ![exitCode.ok, exitCode.failed, exitCode.interrupted].includes(code as 0)
    ) {
      throw new Error(`A run ended with ${code}:\n${new TextDecoder().decode(stderr)}`);
    }
  }
}

/** Does one deed of those that are possible; says which. */
async function kill(
  living: readonly ProcessInfo[],
  coordinators: readonly number[],
  stream: Rng,
): Promise<Deed | undefined> {
  const own = living.filter(({ pid }) => coordinators.includes(pid));
  const program = living.filter(({ command }) => command.startsWith(Deno.execPath()));
  const victims: Readonly<Record<Deed, readonly ProcessInfo[]>> = {
    worker: program.filter(({ command }) => /lib\/run\/\w*worker\.ts/.test(command)),
    kernel: program.filter(({ command }) => command.includes("jupyter --kernel")),
    ...{ coordinator: own, "Ctrl-C": own, "Ctrl-C twice": own },
  };
  const possible = deeds.flatMap((deed) =>
    Array.from({ length: victims[deed].length > 0 ? shares[deed] : 0 }, () => deed)
  );
  if (possible.length === 0) return undefined;
  const deed = possible[stream.integer(possible.length)]!;
  const { pid } = victims[deed][stream.integer(victims[deed].length)]!;
  if (!deed.startsWith("Ctrl-C")) return send(pid, "SIGKILL") ? deed : undefined;
  if (!send(pid, "SIGINT")) return undefined;
  if (deed === "Ctrl-C twice") {
    await pause(500 * stream.next());
    send(pid, "SIGINT");
  }
  return deed;
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
