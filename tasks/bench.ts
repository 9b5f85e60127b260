/**
 * `deno task bench`: the training step beside PyTorch's, on this machine, as ratios.
 *
 * Both take turns, so that a machine that slows down slows down both. Times differ from run to run;
 * the file that is written is a measurement, not a result to compare byte by byte.
 *
 * @module
 */
import { join, relative } from "@std/path";
import { writeAtomic } from "lib/core/files.ts";
import { root } from "lib/experiment/find.ts";
import { ensureVenv, venvProgram } from "lib/notebook/venv.ts";
import { markdownTable } from "lib/results/format.ts";
import { describeMachine } from "lib/setup/machine.ts";
import { backendEnvironment } from "lib/train/backend_environment.ts";
import { newCommand, runTask } from "./cli.ts";

const folder = join(root, "tasks", "bench");
const steps: Readonly<Record<string, number>> = {
  "stst-net": 40,
  "off-apex-net": 40,
  "residual-3d": 20,
};
const layouts = ["contiguous", "channels-last"] as const;

/** Milliseconds a step: the median over all steps of all turns. */
function median(times: readonly number[]): number {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}

async function timesOf(command: string, args: string[], env = {}): Promise<number[]> {
  const { success, stdout, stderr } = await new Deno.Command(command, { args, cwd: root, env })
    .output();
  const text = new TextDecoder();
  if (!success) throw new Error(`${command} ${args.join(" ")} failed: ${text.decode(stderr)}`);
  return JSON.parse(text.decode(stdout));
}

function ours(name: string): Promise<number[]> {
  const script = relative(root, join(folder, "step.ts"));
  return timesOf(
    Deno.execPath(),
    ["run", "-A", "--quiet", script, name, String(steps[name])],
    backendEnvironment({ isa: "native", threads: 1 }),
  );
}

interface Times {
  readonly oneThread: { ours: number[]; torch: Record<string, number[]> };
  readonly machine: { ours: number[]; torch: Record<string, number[]> };
}

/** Measures one network: one thread each, then two of our processes against two of its threads. */
async function measure(name: string, python: string, rounds: number): Promise<Times> {
  const torch = (threads: number, layout: string) =>
    timesOf(python, [
      join(folder, "step.py"),
      name,
      String(steps[name]),
      String(threads),
      layout,
    ], { OMP_NUM_THREADS: String(threads) });
  const empty = () => ({ ours: [], torch: { contiguous: [], "channels-last": [] } });
  const times: Times = { oneThread: empty(), machine: empty() };
  for (let round = 0; round < rounds; round++) {
    console.error(`${name}: round ${round + 1} of ${rounds}`);
    times.oneThread.ours.push(...await ours(name));
    for (const layout of layouts) {
      times.oneThread.torch[layout]!.push(...await torch(1, layout));
    }
    times.machine.ours.push(...(await Promise.all([ours(name), ours(name)])).flat());
    for (const layout of layouts) times.machine.torch[layout]!.push(...await torch(2, layout));
  }
  return times;
}

/** A row of the table: milliseconds for one batch; two workers finish two batches in a step's time. */
function row(name: string, { oneThread, machine }: Times): string[] {
  const best = (torch: Record<string, number[]>) => Math.min(...Object.values(torch).map(median));
  const [one, oneTorch] = [median(oneThread.ours), best(oneThread.torch)];
  const [two, twoTorch] = [median(machine.ours) / 2, best(machine.torch)];
  const ms = (value: number) => value.toFixed(1);
  const ratio = (a: number, b: number) => (a / b).toFixed(2);
  return [
    name,
    ms(one),
    ms(oneTorch),
    ratio(one, oneTorch),
    ms(two),
    ms(twoTorch),
    ratio(two, twoTorch),
    ratio(one, two),
  ];
}

async function main(): Promise<void> {
  const command = newCommand("deno task bench")
    .description("Measures the training step beside PyTorch's. Leave the machine alone meanwhile.")
    .option("--python <program>", "a Python with PyTorch (default: one is installed, 5 GB)")
    .option("--rounds <n>", "how often both take turns", "3")
    .parse(Deno.args, { from: "user" });
  const flags = command.opts<{ python?: string; rounds: string }>();
  const python = flags.python ?? await managedPython();
  const rows: string[][] = [];
  for (const name of Object.keys(steps)) {
    rows.push(row(name, await measure(name, python, Number(flags.rounds))));
  }
  const head = [
    "network",
    "ours, 1 thread",
    "PyTorch, 1 thread",
    "ratio",
    "ours, 2 workers",
    "PyTorch, 2 threads",
    "ratio",
    "1 to 2 workers",
  ];
  const machine = (await describeMachine()).filter(([name]) => /System|Deno/.test(name));
  const text = [
    "# Training step\n",
    "Milliseconds a batch (median), ours with the processor's own instructions (`--isa native`), " +
    "PyTorch with the faster of its two memory layouts. Two workers are two processes with one " +
    "thread each. Smaller ratios are better for us. A measurement, so a repetition differs.\n",
    `${machine.map(([name, value]) => `${name.replace(":", "")}: ${value}`).join("; ")}\n`,
    markdownTable(head, rows),
  ].join("\n");
  console.log(text);
  await writeAtomic(join(root, "results", "bench", "training-step.md"), `${text}\n`);
}

/** PyTorch in a virtual environment of the project. */
async function managedPython(): Promise<string> {
  const venv = join(root, ".cache", "bench-venv");
  await ensureVenv({
    folder: venv,
    lock: join(root, ".cache", "bench-venv-lock"),
    packages: ["torch==2.9.1", "numpy==2.3.5"],
    report: (line) => console.error(line),
  });
  return venvProgram(venv, "python");
}

await runTask(main);
