/**
 * `deno task bench [training | memory | preprocessing | descriptors | workers]`: our computing beside what
 * one would use instead, on this machine, as ratios; and one table of them all.
 *
 * Everybody takes turns, so that a machine that slows down slows down all. Times differ from run to run;
 * the files that are written are measurements, not results to compare byte by byte.
 *
 * @module
 */
import { join } from "@std/path";
import { didYouMean, exitCode, ParameterError } from "lib/core/errors.ts";
import { writeAtomic } from "lib/core/files.ts";
import { root } from "lib/experiment/find.ts";
import { describeMachine } from "lib/setup/machine.ts";
import { keepRecords } from "./bench/keep_records.ts";
import type { BenchRecord } from "./bench/record.ts";
import { newCommand, runTask } from "./cli.ts";

interface Options {
  readonly python: string | undefined;
  readonly rounds: number;
}

/** What a bench gives. */
interface Measured {
  readonly report: string;
  readonly records: readonly BenchRecord[];
  /** Versions of what was compared with. */
  readonly libraries: readonly string[];
}

/** What can be measured: each loads only what it needs. */
const benches = {
  async training(options: Options): Promise<Measured> {
    const { measureTraining } = await import("./bench/training.ts");
    const { trainingReport } = await import("./bench/training_table.ts");
    const { recordsOfTraining } = await import("./bench/records.ts");
    const { libraries, measurements } = await measureTraining(options);
    const torch = libraries.find((name) => name.startsWith("PyTorch")) ?? "PyTorch";
    return {
      report: trainingReport(measurements, { libraries, machine: await machineFacts() }),
      records: recordsOfTraining(measurements, torch),
      libraries,
    };
  },
  async memory({ python }: Options): Promise<Measured> {
    const { measureMemory, memoryReport } = await import("./bench/memory.ts");
    const { recordsOfMemory } = await import("./bench/records.ts");
    const memory = await measureMemory(python);
    const megabytes = Deno.systemMemoryInfo().total / 2 ** 20;
    return {
      report: memoryReport(memory, { megabytes, machine: await machineFacts() }),
      records: recordsOfMemory(memory, "PyTorch"),
      libraries: [],
    };
  },
  async preprocessing(options: Options): Promise<Measured> {
    const { measurePreprocessing } = await import("./bench/preprocessing.ts");
    const { preprocessingReport } = await import("./bench/preprocessing_table.ts");
    const { recordsOfClips, recordsOfComparisons } = await import("./bench/records.ts");
    const { libraries, ...times } = await measurePreprocessing(options);
    const part = "preprocessing";
    return {
      report: preprocessingReport(times, [...libraries, ...await machineFacts()]),
      records: [
        ...recordsOfComparisons(part, times.comparisons),
        ...recordsOfClips(part, times.clips),
      ],
      libraries,
    };
  },
  async descriptors(options: Options): Promise<Measured> {
    const { measureDescriptors } = await import("./bench/descriptors.ts");
    const { descriptorsReport } = await import("./bench/descriptors_table.ts");
    const { recordsOfComparisons } = await import("./bench/records.ts");
    const { libraries, comparisons } = await measureDescriptors(options);
    return {
      report: descriptorsReport(comparisons, [...libraries, ...await machineFacts()]),
      records: recordsOfComparisons("descriptors", comparisons),
      libraries,
    };
  },
  async workers({ rounds }: Options): Promise<Measured> {
    const { measureWorkers, workersReport } = await import("./bench/workers.ts");
    const { recordsOfWorkers } = await import("./bench/records.ts");
    const times = await measureWorkers({ rounds });
    return {
      report: workersReport(times, await machineFacts()),
      records: recordsOfWorkers(times),
      libraries: [],
    };
  },
} as const;

const files: Readonly<Record<keyof typeof benches, string>> = {
  training: "training-step.md",
  memory: "memory.md",
  preprocessing: "preprocessing.md",
  descriptors: "descriptors.md",
  workers: "workers.md",
};

const folder = join(root, "results", "bench");

/** Deno's version and the processor; nothing that tells when or where. */
async function machineFacts(): Promise<string[]> {
  const facts = new Map(await describeMachine());
  return [`Deno ${Deno.version.deno}`, facts.get("System") ?? ""];
}

function commandLine() {
  const names = Object.keys(benches);
  return newCommand("deno task bench")
    .description(
      "Measures our computing beside what one would use instead, and writes results/bench. " +
        "Leave the machine alone meanwhile.",
    )
    .argument("[what]", `${names.join(" or ")} (default: all, one after the other)`)
    .option(
      "--python <program>",
      "a Python that has the packages to compare with (default: set up)",
    )
    .option("--rounds <n>", "how often everybody takes a turn, 1 to 100", "5")
    .option("--no-write", "print the tables only")
    .parse(Deno.args, { from: "user" });
}

async function main(): Promise<void> {
  const command = commandLine();
  const flags = command.opts<{ python?: string; rounds: string; write: boolean }>();
  const rounds = Number(flags.rounds);
  if (!Number.isInteger(rounds) || rounds < 1 || rounds > 100) {
    throw new ParameterError(`'${flags.rounds}' is no number of rounds`, {
      field: "--rounds",
      fix: "Give a whole number from 1 to 100",
    });
  }
  // By Deno.exit, which lets a bench remove its files.
  Deno.addSignalListener("SIGINT", () => Deno.exit(exitCode.interrupted));
  for (const name of chosen(command.args[0])) {
    const { report, records, libraries } = await benches[name]({ python: flags.python, rounds });
    console.log(`${report}\n`);
    if (!flags.write) continue;
    await writeAtomic(join(folder, files[name]), `${report}\n`);
    await keepRecords(root, name, { records, facts: [...libraries, ...await machineFacts()] });
    // The gate looks at how it is laid out.
    const args = ["fmt", "--quiet", "README.md"];
    await new Deno.Command(Deno.execPath(), { args, cwd: root }).output();
  }
}

function chosen(what: string | undefined): (keyof typeof benches)[] {
  const names = Object.keys(benches) as (keyof typeof benches)[];
  if (what === undefined) return names;
  const found = names.filter((name) => name === what);
  if (found.length > 0) return found;
  throw new ParameterError(`There is no bench '${what}'`, { fix: didYouMean(what, names) });
}

if (import.meta.main) await runTask(main);
