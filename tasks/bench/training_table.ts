/**
 * The measured training step as Markdown.
 *
 * @module
 */
import { markdownTable } from "lib/results/format.ts";

/** Ours with one instruction set, milliseconds a batch. */
export interface OurTimes {
  readonly isa: string;
  readonly oneThread: number;
  /** Two warm processes at once, by the clock on the wall. */
  readonly twoWorkers: number;
  /** Milliseconds a step by TensorFlow operation, the longest first; one thread. */
  readonly operations: Readonly<Record<string, number>>;
}

/** One variant of PyTorch's, milliseconds a batch. */
export interface TorchTimes {
  /** Such as `one stream, channels-last`. */
  readonly variant: string;
  readonly oneThread: number;
  readonly twoThreads: number;
  /** Two warm processes at once, one thread each, by the clock on the wall. */
  readonly twoProcesses: number;
}

/** One network's times. */
export interface Measurement {
  readonly network: string;
  readonly batch: number;
  /** Billions of multiplications and additions of a batch, forth and back, where they were counted. */
  readonly gflop?: number | undefined;
  readonly ours: readonly OurTimes[];
  readonly torch: readonly TorchTimes[];
}

/** The largest ratios, ours to PyTorch's, that we are content with. */
export const trainingGoals = { oneThread: 1, machine: 0.8 } as const;

type Column = "oneThread" | "twoThreads" | "twoProcesses";

/** The fastest variant of PyTorch's. */
export function best(torch: readonly TorchTimes[], column: Column): number {
  return Math.min(...torch.map((times) => times[column]));
}

const ms = (value: number): string => value.toFixed(1);
const ratio = (a: number, b: number): string => (a / b).toFixed(2);
/** A ratio with a mark when it misses its goal. */
const judged = (a: number, b: number, goal: number): string =>
  `${ratio(a, b)}${a / b > goal ? " (missed)" : ""}`;

/** The table that compares with PyTorch's fastest variant, a row for each of our instruction sets. */
export function comparison(measurements: readonly Measurement[]): string {
  const head = [
    "network (batch)",
    "instructions",
    "ours, 1 thread",
    "PyTorch, 1 thread",
    `ratio (goal ${trainingGoals.oneThread.toFixed(1)})`,
    "ours, 2 workers",
    "PyTorch, 2 threads",
    `ratio (goal ${trainingGoals.machine.toFixed(1)})`,
    "PyTorch, 2 processes",
    "ratio",
    "1 to 2 workers",
  ];
  const rows = measurements.flatMap(({ network, batch, ours, torch }) => {
    const [one, threads, processes] = [
      best(torch, "oneThread"),
      best(torch, "twoThreads"),
      best(torch, "twoProcesses"),
    ];
    return ours.map(({ isa, oneThread, twoWorkers }) => [
      `${network} (${batch})`,
      isa,
      ms(oneThread),
      ms(one),
      judged(oneThread, one, trainingGoals.oneThread),
      ms(twoWorkers),
      ms(threads),
      judged(twoWorkers, threads, trainingGoals.machine),
      ms(processes),
      ratio(twoWorkers, processes),
      ratio(oneThread, twoWorkers),
    ]);
  });
  return markdownTable(head, rows);
}

/** All that was measured of PyTorch. */
export function variants(measurements: readonly Measurement[]): string {
  const head = ["network", "PyTorch's variant", "1 thread", "2 threads", "2 processes"];
  const rows = measurements.flatMap(({ network, torch }) =>
    torch.map((times) => [
      network,
      times.variant,
      ms(times.oneThread),
      ms(times.twoThreads),
      ms(times.twoProcesses),
    ])
  );
  return markdownTable(head, rows);
}

/** How much is computed a second, of the networks whose products were counted. */
export function speeds(measurements: readonly Measurement[]): string {
  const rows = measurements.flatMap(({ network, batch, gflop, ours, torch }) => {
    if (gflop === undefined) return [];
    const per = (ms: number): string => (1000 * gflop / ms).toFixed(1);
    const native = ours.find(({ isa }) => isa === "native") ?? ours[0]!;
    return [[
      `${network} (${batch})`,
      gflop.toFixed(2),
      per(native.oneThread),
      per(best(torch, "oneThread")),
      per(native.twoWorkers),
      per(best(torch, "twoThreads")),
    ]];
  });
  const head = [
    "network (batch)",
    "GFLOP a batch",
    "ours, 1 thread, GFLOP/s",
    "PyTorch, 1 thread",
    "ours, 2 workers",
    "PyTorch, 2 threads",
  ];
  return markdownTable(head, rows);
}

/** Where our step's time goes, a row for each of our instruction sets. */
export function operations(measurements: readonly Measurement[]): string {
  const rows = measurements.flatMap(({ network, ours }) =>
    ours.map((times) => [network, times.isa, shares(times, 4)])
  );
  return markdownTable(["network", "instructions", "TensorFlow operations"], rows, {
    right: false,
  });
}

function shares({ operations, oneThread }: OurTimes, count: number): string {
  return Object.entries(operations).slice(0, count).map(([name, time]) =>
    `${name} ${Math.round(100 * time / oneThread)} %`
  ).join(", ");
}

/** A sentence for each missed goal: what the time is spent on, or how far two workers scale. */
export function causes(measurements: readonly Measurement[]): string[] {
  return measurements.flatMap(({ network, ours, torch }) =>
    ours.flatMap((times) => {
      const where = `${network} with ${times.isa} misses the goal`;
      return [...oneThreadCause(where, times, torch), ...machineCause(where, times, torch)];
    })
  );
}

function oneThreadCause(
  where: string,
  { oneThread, operations }: OurTimes,
  torch: readonly TorchTimes[],
): string[] {
  const theirs = best(torch, "oneThread");
  if (oneThread / theirs <= trainingGoals.oneThread) return [];
  // The fewest operations that make up most of the step.
  const names: string[] = [];
  let sum = 0;
  for (const [name, time] of Object.entries(operations)) {
    if (sum > oneThread / 2) break;
    names.push(name);
    sum += time;
  }
  return [
    `${where} for one thread (${ratio(oneThread, theirs)}): of our ${ms(oneThread)} ms, ` +
    `TensorFlow's ${names.join(", ")} alone take${names.length === 1 ? "s" : ""} ${ms(sum)} ms; ` +
    `everything in PyTorch's step takes ${ms(theirs)} ms.`,
  ];
}

function machineCause(
  where: string,
  { oneThread, twoWorkers }: OurTimes,
  torch: readonly TorchTimes[],
): string[] {
  const [one, two] = [best(torch, "oneThread"), best(torch, "twoThreads")];
  if (twoWorkers / two <= trainingGoals.machine) return [];
  return [
    `${where} for the machine (${ratio(twoWorkers, two)}): with one thread the ratio is ` +
    `${ratio(oneThread, one)}; a second worker makes us ${ratio(oneThread, twoWorkers)} times as ` +
    `fast, a second thread makes PyTorch ${ratio(one, two)} times as fast.`,
  ];
}

/** The whole report. */
export function trainingReport(
  measurements: readonly Measurement[],
  { machine, libraries }: {
    /** Versions and processor, a fact each. */
    readonly machine: readonly string[];
    readonly libraries: readonly string[];
  },
): string {
  return [
    "# Training step",
    "Milliseconds a batch: the median of all rounds, in which all variants take turns; for two " +
    "workers or processes, wall time from their common start over the batches that both did. Ours " +
    "with AVX2, the default, and with all of the processor's own instructions (`--isa native`); " +
    "PyTorch, which always uses those, with the fastest of its variants. Smaller ratios are better " +
    "for us. A measurement, so a repetition differs.",
    [...libraries, ...machine].join("; "),
    comparison(measurements),
    ...causes(measurements),
    "## PyTorch's variants",
    "Both memory layouts; STSTNet as published, in three streams, and as the one stream that computes " +
    "the same, which ours uses.",
    variants(measurements),
    "## Where our step's time goes",
    "TensorFlow's longest operations, each called by itself with a clock around it, as shares of one " +
    "thread's step, which computes them as one graph: their sum can be above it.",
    operations(measurements),
    "## Products a second",
    "Multiplications and additions of convolutions and fully connected layers, forth and back, over the " +
    "time of the whole step; ours with the processor's own instructions.",
    speeds(measurements),
  ].join("\n\n");
}
