/**
 * How much memory a training step takes, and so which batch fits.
 *
 * @module
 */
import { backendEnvironment } from "lib/train/backend_environment.ts";
import { startProcess } from "./process.ts";

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

interface Commands {
  readonly ours: readonly string[];
  readonly torch: readonly string[];
}

const sizes = [1, 2, 4, 8] as const;

/** Steps with a few batch sizes, each in a process of its own; PyTorch's in its channels-last layout. */
export async function measureMemory(
  network: string,
  { ours, torch }: Commands,
): Promise<BatchMemory[]> {
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
