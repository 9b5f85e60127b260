/**
 * How much memory a training step takes, and so which batch fits.
 *
 * @module
 */
import { backendEnvironment } from "lib/train/backend_environment.ts";
import { markdownTable } from "lib/results/format.ts";
import { paperSize } from "./networks.ts";
import { startProcess } from "./process.ts";
import { findPython } from "./python.ts";
import { ourCommand, torchCommand, torchPackages } from "./training.ts";

/** One batch's need. */
export interface BatchMemory {
  readonly batch: number;
  /** The most that our process had, and milliseconds of a step with one thread. */
  readonly ours: Need;
  readonly torch: Need;
}

/** What a process took. */
export interface Need {
  readonly megabytes: number;
  readonly ms: number;
}

/** Batch norm of PyTorch refuses a batch of one. */
const sizes = [2, 4, 8] as const;

/**
 * Steps of the paper's network with a few batch sizes, each in a process of its own.
 *
 * @param given a Python with PyTorch; default: one is set up
 * @throws SetupError when TensorFlow or PyTorch is missing
 */
export async function measureMemory(given: string | undefined): Promise<BatchMemory[]> {
  const python = await findPython(given, torchPackages);
  const [ours, torch] = [ourCommand, torchCommand(python)];
  const network = paperSize;
  const found: BatchMemory[] = [];
  for (const batch of sizes) {
    console.error(`memory of ${network}: batch ${batch}`);
    found.push({
      batch,
      ours: await need([...ours, network, "native", `${batch}`], { steps: 2 }),
      torch: await need([...torch, network, `${batch}`], {
        variant: "channels-last",
        threads: 1,
        steps: 2,
      }),
    });
  }
  return found;
}

async function need(command: readonly string[], job: unknown): Promise<Need> {
  const env = backendEnvironment({ isa: "native", threads: 1 });
  const process = await startProcess(command, env);
  try {
    const { ms, megabytes } = await process.ask(job);
    return { ms: (ms as number[]).at(-1) as number, megabytes: megabytes as number };
  } finally {
    await process.end();
  }
}

/**
 * The largest batch that fits into so much memory, on the line through the two largest that were measured.
 *
 * @param needs megabytes by batch, ascending, two at least
 */
export function largestBatch(
  needs: readonly { readonly batch: number; readonly megabytes: number }[],
  megabytes: number,
): number {
  const [before, last] = needs.slice(-2) as [typeof needs[0], typeof needs[0]];
  const each = (last.megabytes - before.megabytes) / (last.batch - before.batch);
  return Math.max(0, Math.floor(last.batch + (megabytes - last.megabytes) / each));
}

/** Peak memory by batch, and which batch fits. */
function memoryTable(memory: readonly BatchMemory[], megabytes: number): string {
  const round = (value: number): string => value.toFixed(0);
  const rows = memory.map(({ batch, ours, torch }) => [
    `${batch}`,
    round(ours.megabytes),
    round(torch.megabytes),
    round(ours.ms / batch),
    round(torch.ms / batch),
  ]);
  const fits = (who: "ours" | "torch"): number =>
    largestBatch(memory.map((row) => ({ batch: row.batch, ...row[who] })), megabytes);
  const head = ["batch", "ours, MB", "PyTorch, MB", "ours, ms a clip", "PyTorch, ms a clip"];
  return `${markdownTable(head, rows)}\n\nOf this machine's ${
    round(megabytes)
  } MB the largest batch ` +
    `that fits is, along the line through the last two rows, ${fits("ours")} for ours and ` +
    `${fits("torch")} for PyTorch.`;
}

/** The whole report. */
export function memoryReport(
  memory: readonly BatchMemory[],
  { machine, megabytes }: { readonly machine: readonly string[]; readonly megabytes: number },
): string {
  return [
    "# Memory of a training step",
    "The paper's network on 16 frames of 134 × 134, a quarter as wide; one thread, all of the processor's " +
    "instructions, PyTorch channels-last. The most that a process had after two steps, and the second " +
    "step's time. Ours counts Deno and TensorFlow themselves. A measurement, so a repetition differs.",
    machine.join("; "),
    memoryTable(memory, megabytes),
  ].join("\n\n");
}
