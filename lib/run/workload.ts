/**
 * How much is left to do, in seconds, from what was measured before and since.
 *
 * @module
 */
import { type Timing, type Timings, withOneMore } from "./timings.ts";

/** Pieces of work by kind. */
export interface Workload {
  /** So many pieces of a kind are to be done. */
  add(kind: string, count: number): void;
  /** One piece is done; `fresh`: a process was started for it. */
  done(kind: string, seconds: number, fresh?: boolean): void;
  /** One piece will not be done. */
  forget(kind: string): void;
  /** About how long a piece of a kind takes, if that is known. */
  expected(kind: string): number | undefined;
  /** About how long the rest takes; null while nothing is known of any kind. */
  secondsLeft(): number | null;
  /** What was measured since. */
  measured(): Timings;
}

/**
 * Opens a workload.
 *
 * @param places how many pieces are done at once; 0 when that is not known
 * @param before what was measured in earlier runs
 */
export function openWorkload(places: () => number, before: Timings): Workload {
  const left = new Map<string, number>();
  const since = new Map<string, Timing>();
  const expected = (kind: string): number | undefined => {
    const { count, seconds } = since.get(kind) ?? before[kind] ?? { count: 0, seconds: 0 };
    return count === 0 ? undefined : seconds / count;
  };
  const less = (kind: string): void => void left.set(kind, Math.max(0, (left.get(kind) ?? 0) - 1));
  return {
    add: (kind, count) => void left.set(kind, (left.get(kind) ?? 0) + count),
    done(kind, seconds, fresh = false) {
      since.set(kind, withOneMore(since.get(kind), seconds, fresh));
      less(kind);
    },
    forget: less,
    expected,
    secondsLeft() {
      const kinds = [...left].filter(([, count]) => count > 0);
      if (kinds.length === 0) return 0;
      if (places() === 0) return null;
      const known = [...left.keys()].flatMap((kind) => expected(kind) ?? []);
      if (known.length === 0) return null;
      // Of what was never measured, as long as the rest on average.
      const usual = known.reduce((sum, seconds) => sum + seconds, 0) / known.length;
      const seconds = kinds.reduce((sum, [kind, n]) => sum + n * (expected(kind) ?? usual), 0);
      const pieces = kinds.reduce((sum, [, count]) => sum + count, 0);
      return seconds / Math.min(places(), pieces);
    },
    measured: () => Object.fromEntries(since),
  };
}
