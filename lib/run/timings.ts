/**
 * How long folds took on this machine, kept from run to run. It only orders work and says how much time
 * is left: no result depends on it.
 *
 * @module
 */
import { dirname, join } from "@std/path";
import { writeAtomic } from "lib/core/files.ts";
import { digest } from "lib/core/json.ts";
import type { Facts } from "./facts.ts";
import type { FoldInputs } from "./jobs.ts";

/** How often something was done, and how long that took in all. */
export interface Timing {
  readonly count: number;
  readonly seconds: number;
  /** Those among them for which a process was started first, if any. */
  readonly fresh?: { readonly count: number; readonly seconds: number };
  /** What it was, as far as costs depend on it. */
  readonly facts?: Facts;
}

/** A timing with one piece more. */
export function withOneMore(
  timing: Timing = { count: 0, seconds: 0 },
  seconds: number,
  fresh: boolean,
): Timing {
  const { count, seconds: sum, fresh: begun = { count: 0, seconds: 0 }, ...rest } = timing;
  const more = fresh ? { count: begun.count + 1, seconds: begun.seconds + seconds } : begun;
  return {
    ...rest,
    count: count + 1,
    seconds: sum + seconds,
    ...(more.count > 0 ? { fresh: more } : {}),
  };
}

/** What was measured, by {@linkcode timingKey}. */
export type Timings = Readonly<Record<string, Timing>>;

/** Folds of equal keys take about equally long. */
export function timingKey(inputs: Pick<FoldInputs, "method" | "input" | "parameters" | "data">) {
  const { method, input, parameters, data: { name } } = inputs;
  return `${method} on ${name} ${digest({ input, parameters }).slice(0, 12)}`;
}

/** Another one where older files do not say enough; they are passed over then. */
const fileFormat = "fleeting-timings/2";

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
    if (format !== fileFormat) return {};
    const positive = (one?: Partial<Timing>) => one!.count! > 0 && one!.seconds! > 0;
    const sound = (one: Timing) => positive(one) && (one.fresh ? positive(one.fresh) : true);
    return Object.fromEntries(
      Object.entries(timings as Timings).filter(([, timing]) => sound(timing)),
    );
  } catch {
    return {};
  }
}

/**
 * Keeps what was measured, in place of what is known of the same keys.
 *
 * @param facts what was measured, by the same keys, where that is known
 */
export async function keepTimings(
  cache: string,
  measured: Timings,
  facts: Readonly<Record<string, Facts>> = {},
): Promise<void> {
  if (Object.keys(measured).length === 0) return;
  const described = Object.entries(measured).map(([key, timing]) => {
    const known = facts[key];
    return [key, known === undefined ? timing : { ...timing, facts: known }] as const;
  });
  const timings = { ...await readTimings(cache), ...Object.fromEntries(described) };
  const text = JSON.stringify({ format: fileFormat, timings }, undefined, 1) + "\n";
  // A folder that cannot be written to only costs an estimate.
  await writeAtomic(fileOf(cache), text).catch(() => {});
}
