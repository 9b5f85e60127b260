/**
 * One contest: ours and others on the same input.
 *
 * @module
 */
import type { Peers } from "./peers.ts";
import type { Comparison, Unit } from "./preprocessing_table.ts";
import { median, takeTurns } from "./rounds.ts";

/** What every comparison of the preprocessing bench is given. */
export interface BenchPlace {
  readonly peers: Peers;
  /** A folder for files that all programs read and write. */
  readonly folder: string;
  readonly rounds: number;
}

/** Another program. */
export interface Rival {
  /** Its name and version. */
  readonly beside: string;
  /** Why it cannot take part. */
  readonly missing?: string | undefined;
  /** Computes once; returns milliseconds. */
  readonly run: () => Promise<number>;
  /** How many times as fast we want to be. */
  readonly goal?: number;
  /** How well both agree, or how accurate both are; called when all have computed. */
  readonly note: () => string | Promise<string>;
}

/** What is compared. */
export interface Contest {
  readonly what: string;
  readonly unit: Unit;
  /** Computes once; returns milliseconds. */
  readonly ours: () => Promise<number> | number;
  readonly rivals: readonly Rival[];
}

/**
 * Lets everybody compute once to get warm, then in turns. A program that is missing or fails becomes a
 * row that says so.
 */
export async function compare(
  { what, unit, ours, rivals }: Contest,
  rounds: number,
): Promise<Comparison[]> {
  // A name of its own, which no program has.
  const contenders: Record<string, () => Promise<number> | number> = { ours };
  await ours();
  const missing = new Map<Rival, string>();
  for (const rival of rivals) {
    const reason = rival.missing ?? await failure(rival.run);
    if (reason === undefined) contenders[rival.beside] = rival.run;
    else missing.set(rival, reason);
  }
  const times = await takeTurns(contenders, { rounds, title: what });
  const rows: Comparison[] = [];
  for (const rival of rivals) {
    const { beside, goal } = rival;
    const reason = missing.get(rival);
    rows.push({
      what,
      unit,
      ours: median(times.ours!),
      beside,
      theirs: reason === undefined ? median(times[beside]!) : { missing: reason },
      ...(goal === undefined ? {} : { goal }),
      note: reason === undefined ? await rival.note() : "–",
    });
  }
  return rows;
}

async function failure(run: () => Promise<number>): Promise<string | undefined> {
  try {
    await run();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** The milliseconds that some work takes. */
export async function millisecondsOf(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
