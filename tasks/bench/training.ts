/**
 * Measures the training step beside PyTorch's.
 *
 * @module
 */
import { join, relative } from "@std/path";
import { root } from "lib/experiment/find.ts";
import { backendEnvironment, type InstructionSet } from "lib/train/backend_environment.ts";
import { batchOf, gflopOf, measuredNames, paperSize } from "./networks.ts";
import { type BenchProcess, startProcess } from "./process.ts";
import { findPython, type Packages } from "./python.ts";
import { median, takeTurns } from "./rounds.ts";
import type { Measurement, OurTimes, TorchTimes } from "./training_table.ts";

/** What PyTorch needs; it runs without NumPy. On Linux its package brings CUDA along. */
export const torchPackages: Packages = {
  name: "bench-training",
  packages: ["torch==2.9.1"],
  size: Deno.build.os === "linux" && Deno.build.arch === "x86_64"
    ? "PyTorch, 3 GB to download, 7 GB on disk"
    : "PyTorch, 100 MB to download",
};

const folder = join(root, "tasks", "bench");
const instructionSets: readonly InstructionSet[] = ["avx2", "native"];
/** Steps in a turn: a second or more each. */
const steps: Readonly<Record<string, number>> = { "residual-3d": 8, [paperSize]: 3 };
const otherSteps = 30;
const warmUp = (count: number): number => Math.min(5, count);

/** Settings of {@linkcode measureTraining}. */
export interface TrainingOptions {
  /** A Python with PyTorch; default: one is set up. */
  readonly python: string | undefined;
  readonly rounds: number;
}

/** What {@linkcode measureTraining} gives. */
export interface TrainingMeasured {
  readonly libraries: readonly string[];
  readonly measurements: readonly Measurement[];
}

/**
 * Measures all networks.
 *
 * @throws SetupError when TensorFlow or PyTorch is missing
 */
export async function measureTraining(
  { python: given, rounds }: TrainingOptions,
): Promise<TrainingMeasured> {
  const python = await findPython(given, torchPackages);
  const measurements: Measurement[] = [];
  const libraries = new Set<string>();
  for (const name of measuredNames) {
    console.error(`training step of ${name}: getting ready`);
    const { ours, torch } = await startAll(name, python);
    try {
      for (const { facts } of [ours.avx2[0], torch[0]]) libraries.add(String(facts.library));
      measurements.push(await measure(name, { ours, torch }, rounds));
    } finally {
      await Promise.all([...Object.values(ours).flat(), ...torch].map((each) => each.end()));
    }
  }
  return { libraries: [...libraries], measurements };
}

/** Opens a network of ours. */
export const ourCommand: readonly string[] = [
  Deno.execPath(),
  ..."run --quiet --allow-read --allow-write --allow-env --allow-sys --allow-ffi".split(" "),
  relative(root, join(folder, "step.ts")),
];
/** Opens PyTorch's twin. */
export const torchCommand = (python: string): string[] => [python, join(folder, "step.py")];

type Pair = readonly [BenchProcess, BenchProcess];

/** Two processes of each kind: the first alone, then both together. */
interface Contestants {
  readonly ours: Readonly<Record<InstructionSet, Pair>>;
  readonly torch: Pair;
}

async function startAll(name: string, python: string): Promise<Contestants> {
  const ours = (isa: InstructionSet) =>
    startProcess([...ourCommand, name, isa], backendEnvironment({ isa, threads: 1 }));
  const torch = () => startProcess([...torchCommand(python), name], { OMP_NUM_THREADS: "2" });
  // PyTorch first: it is the one that may be missing.
  const twins: Pair = [await torch(), await torch()];
  return {
    torch: twins,
    ours: {
      avx2: [await ours("avx2"), await ours("avx2")],
      native: [await ours("native"), await ours("native")],
    },
  };
}

async function measure(name: string, all: Contestants, rounds: number): Promise<Measurement> {
  const count = steps[name] ?? otherSteps;
  const variants = all.torch[0].facts.variants as string[];
  const times = await takeTurns(contenders(all, variants, count), {
    rounds,
    title: `training step of ${name}`,
  });
  const result = (key: string): number => median(times[key]!);
  const ours: OurTimes[] = [];
  for (const isa of instructionSets) {
    const { ms } = await all.ours[isa][0].ask({ operations: Math.ceil(count / 4) });
    ours.push({
      isa,
      oneThread: result(`${isa}, one`),
      twoWorkers: result(`${isa}, both`),
      operations: ms as Record<string, number>,
    });
  }
  const torch = variants.map((variant): TorchTimes => ({
    variant,
    oneThread: result(`${variant}, one`),
    twoThreads: result(`${variant}, two threads`),
    twoProcesses: result(`${variant}, both`),
  }));
  return { network: name, batch: batchOf(name), gflop: gflopOf(name), ours, torch };
}

/** Everybody who takes turns, by name; each returns milliseconds a batch. */
function contenders(
  { ours, torch }: Contestants,
  variants: readonly string[],
  count: number,
): Record<string, () => Promise<number>> {
  const all: Record<string, () => Promise<number>> = {};
  for (const isa of instructionSets) {
    all[`${isa}, one`] = () => oneStep(ours[isa][0], { steps: count });
    all[`${isa}, both`] = () => wallTime(ours[isa], { steps: count });
  }
  for (const variant of variants) {
    const job = (threads: number) => ({ variant, threads, steps: count });
    all[`${variant}, one`] = () => oneStep(torch[0], job(1));
    all[`${variant}, two threads`] = () => wallTime([torch[0]], job(2));
    all[`${variant}, both`] = () => wallTime(torch, job(1));
  }
  return all;
}

interface StepsJob {
  readonly steps: number;
}

/** Milliseconds a batch in one process: the median step of a turn. */
async function oneStep(bench: BenchProcess, job: StepsJob): Promise<number> {
  await bench.ask({ ...job, steps: warmUp(job.steps) });
  const { ms } = await bench.ask(job);
  return median(ms as number[]);
}

/** Milliseconds a batch by the clock on the wall, from the common start until the last one is done. */
async function wallTime(benches: readonly BenchProcess[], job: StepsJob): Promise<number> {
  await Promise.all(benches.map((bench) => bench.ask({ ...job, steps: warmUp(job.steps) })));
  const start = performance.now();
  await Promise.all(benches.map((bench) => bench.ask(job)));
  return (performance.now() - start) / (job.steps * benches.length);
}
