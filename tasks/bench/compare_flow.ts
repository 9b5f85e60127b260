/**
 * TV-L1 beside OpenCV's, from pip and from the operating system, on pairs with known motion.
 *
 * @module
 */
import { join } from "@std/path";
import type { FlowField } from "lib/preprocess/flow_field.ts";
import { tvl1 } from "lib/preprocess/tvl1.ts";
import { type BenchPlace, compare, type Rival } from "./compare.ts";
import { drawFacePairs } from "./face_pairs.ts";
import { drawPair, endPointError, type Pair } from "./pairs.ts";
import type { Comparison } from "./preprocessing_table.ts";

/** The paper's input, and a usual one of networks. */
const sides = [134, 224] as const;
/** How many times as fast we want to be. */
const goals = { pip: 10, system: 4.5 } as const;

type Ask = (job: Readonly<Record<string, unknown>>) => Promise<Readonly<Record<string, unknown>>>;

/** Compares on drawn textures and on drawn faces; each row's accuracy is the mean end-point error. */
export async function compareFlow(place: BenchPlace): Promise<Comparison[]> {
  const rows: Comparison[] = [];
  const faces = drawFacePairs(sides);
  for (const side of sides) {
    const textures = [1, 2, 3, 4].map((seed) => drawPair(seed, side));
    rows.push(...await comparePairs("textures", textures, place));
    rows.push(...await comparePairs("faces", faces.get(side)!, place));
  }
  return rows;
}

async function comparePairs(
  kind: string,
  pairs: readonly Pair[],
  { peers, folder, rounds }: BenchPlace,
): Promise<Comparison[]> {
  const side = pairs[0]!.truth.width;
  const jobs = await Promise.all(pairs.map((pair, i) => writePair(pair, join(folder, `${i}`))));
  const ours = () => meanTime(pairs, ({ from, to }) => void tvl1(from, to));
  const errorOfOurs = meanError(pairs, pairs.map(({ from, to }) => tvl1(from, to)));
  const rival = (title: string, ask: Ask): Pick<Rival, "beside" | "run" | "note"> => ({
    beside: title,
    async run() {
      let sum = 0;
      for (const job of jobs) sum += Number((await ask(job)).ms);
      return sum / jobs.length;
    },
    // The files are overwritten by the next program that runs: each one computes them again.
    async note() {
      for (const job of jobs) await ask(job);
      const flows = await Promise.all(jobs.map(({ out }) => readFlow(out, side)));
      return `mean end-point error ${errorOfOurs} px, theirs ${meanError(pairs, flows)} px`;
    },
  });
  const { system } = peers;
  const pip = rival(`${peers.title("OpenCV")} (pip)`, peers.ask);
  const debian = "missing" in system
    ? { ...rival("OpenCV of the system", peers.ask), missing: system.missing }
    : rival(String(system.facts.library), system.ask);
  return await compare({
    what: `TV-L1 flow, ${side}×${side}, ${pairs.length} pairs of ${kind}`,
    unit: "ms",
    ours,
    rivals: [
      { ...pip, missing: peers.missing("NumPy", "OpenCV"), goal: goals.pip },
      { ...debian, goal: goals.system },
    ],
  }, rounds);
}

function meanTime(pairs: readonly Pair[], work: (pair: Pair) => void): number {
  const start = performance.now();
  for (const pair of pairs) work(pair);
  return (performance.now() - start) / pairs.length;
}

function meanError(pairs: readonly Pair[], flows: readonly FlowField[]): string {
  const sum = pairs.reduce((sum, { truth }, i) => sum + endPointError(flows[i]!, truth), 0);
  return (sum / pairs.length).toFixed(4);
}

/** Writes both images as 8-bit numbers and returns the job for them. */
async function writePair({ from, to, truth }: Pair, path: string) {
  const job = {
    do: "flow",
    from: `${path}-from.u8`,
    to: `${path}-to.u8`,
    side: truth.width,
    out: `${path}-flow.f32`,
  };
  const bytes = (data: Float32Array) => Uint8Array.from(data, (grey) => Math.round(grey * 255));
  await Deno.writeFile(job.from, bytes(from.data));
  await Deno.writeFile(job.to, bytes(to.data));
  return job;
}

/** Reads u and v from where they lie interleaved. */
async function readFlow(path: string, side: number): Promise<FlowField> {
  const both = new Float32Array((await Deno.readFile(path)).buffer);
  return {
    u: both.filter((_, i) => i % 2 === 0),
    v: both.filter((_, i) => i % 2 === 1),
    width: side,
    height: side,
  };
}
