/**
 * How long folds took on this machine, kept from run to run. It only orders work and says how much time
 * is left: no result depends on it.
 *
 * @module
 */
import { dirname, join } from "@std/path";
import { writeAtomic } from "lib/core/files.ts";
import { digest } from "lib/core/json.ts";
import type { FoldInputs } from "./jobs.ts";

/** How often something was done, and how long that took in all. */
export interface Timing {
  readonly count: number;
  readonly seconds: number;
}

/** What was measured, by {@linkcode timingKey}. */
export type Timings = Readonly<Record<string, Timing>>;

/** Folds of equal keys take about equally long. */
export function timingKey(inputs: Pick<FoldInputs, "method" | "input" | "parameters" | "data">) {
  const { method, input, parameters, data: { name } } = inputs;
  return `${method} on ${name} ${digest({ input, parameters }).slice(0, 12)}`;
}

function fileOf(cache: string): string {
  return join(dirname(cache), "timings.json");
}

/**
 * What was measured in earlier runs; nothing where the file is missing or damaged.
 *
 * @param cache the folder of finished folds
 */
export async function readTimings(cache: string): Promise<Timings> {
  try {
    const { format, timings } = JSON.parse(await Deno.readTextFile(fileOf(cache)));
    if (format !== "fleeting-timings/1") return {};
    const sound = (one: Partial<Timing>) => one.count! > 0 && one.seconds! > 0;
    return Object.fromEntries(
      Object.entries(timings as Timings).filter(([, timing]) => sound(timing)),
    );
  } catch {
    return {};
  }
}

/** Keeps what was measured, in place of what is known of the same keys. */
export async function keepTimings(cache: string, measured: Timings): Promise<void> {
  if (Object.keys(measured).length === 0) return;
  const timings = { ...await readTimings(cache), ...measured };
  const text = JSON.stringify({ format: "fleeting-timings/1", timings }, undefined, 1) + "\n";
  // A folder that cannot be written to only costs an estimate.
  await writeAtomic(fileOf(cache), text).catch(() => {});
}
