/**
 * How long work takes on so many places, by the rule of the pool itself: which task a place takes next is
 * decided by `choose`, only the time is made up.
 *
 * @module
 */
import { choose } from "lib/run/pool.ts";

/** Equal tasks that are offered together. */
export interface Lot {
  readonly count: number;
  /** Of each task. */
  readonly seconds: number;
  /** What the scheduler is told that a task takes, if anything. */
  readonly expected?: number;
  /** The kind of process that computes it; absent for what is done in a place, before all that waits. */
  readonly kind?: string;
  /** Seconds that a process takes more for the first of these tasks that it gets. */
  readonly once?: number;
  /** Lots, by index, that have to be done before. */
  readonly after: readonly number[];
}

/** What came out. */
export interface Course {
  /** From the beginning to the end of the last task. */
  readonly seconds: number;
  /** Of all places together, without waiting. */
  readonly busy: number;
  /** Processes that were started. */
  readonly starts: number;
  /** Busy seconds of each lot. */
  readonly lots: readonly number[];
}

interface Place {
  kind?: string;
  readonly begun: Set<number>;
  /** What it is at, and until when. */
  task?: { readonly lot: number; readonly end: number };
}

interface Stand {
  /** Tasks that nobody has begun. */
  waiting: number;
  /** Tasks that are not done. */
  left: number;
  open: boolean;
}

/**
 * Goes through lots as the pool would.
 *
 * @param options `places`: how many tasks are done at once; `startSeconds`: what a process takes to start
 * @throws RangeError when lots wait for each other
 */
export function simulate(
  lots: readonly Lot[],
  { places: size, startSeconds }: { readonly places: number; readonly startSeconds: number },
): Course {
  const places = Array.from({ length: Math.max(1, size) }, (): Place => ({ begun: new Set() }));
  const stands = lots.map(({ count }): Stand => ({ waiting: count, left: count, open: false }));
  const spent = lots.map(() => 0);
  const queue: number[] = [];
  let [now, starts] = [0, 0];
  const begin = (place: Place, index: number): void => {
    const lot = lots[index]!;
    let seconds = lot.seconds;
    if (lot.kind !== undefined && place.kind !== lot.kind) {
      place.kind = lot.kind;
      place.begun.clear();
      starts++;
      seconds += startSeconds;
    }
    if (lot.kind !== undefined && !place.begun.has(index)) {
      place.begun.add(index);
      seconds += lot.once ?? 0;
    }
    stands[index]!.waiting--;
    spent[index]! += seconds;
    place.task = { lot: index, end: now + seconds };
  };
  for (;;) {
    openLots(lots, stands, queue);
    fill(places, { lots, stands, queue, begin });
    const busy = places.filter((place) => place.task !== undefined);
    if (busy.length === 0) break;
    const next = busy.reduce((a, b) => b.task!.end < a.task!.end ? b : a);
    now = next.task!.end;
    stands[next.task!.lot]!.left--;
    delete next.task;
  }
  if (stands.some(({ left }) => left > 0)) throw new RangeError("Some lots wait for each other");
  return { seconds: now, busy: spent.reduce((a, b) => a + b, 0), starts, lots: spent };
}

/** Adds the lots that may begin now to those that might before. */
function openLots(lots: readonly Lot[], stands: readonly Stand[], queue: number[]): void {
  for (let changed = true; changed;) {
    changed = false;
    lots.forEach(({ after, count }, i) => {
      const stand = stands[i]!;
      if (stand.open || !after.every((j) => stands[j]!.open && stands[j]!.left === 0)) return;
      stand.open = true;
      changed ||= count === 0;
      queue.push(i);
    });
  }
}

interface Filling {
  readonly lots: readonly Lot[];
  readonly stands: readonly Stand[];
  readonly queue: readonly number[];
  readonly begin: (place: Place, lot: number) => void;
}

function fill(places: readonly Place[], { lots, stands, queue, begin }: Filling): void {
  for (const place of places) {
    if (place.task !== undefined) continue;
    const waiting = queue.filter((i) => stands[i]!.waiting > 0);
    if (waiting.length === 0) return;
    const held = waiting.find((i) => lots[i]!.kind === undefined);
    if (held !== undefined) {
      begin(place, held);
      continue;
    }
    const elsewhere = places.flatMap((other) =>
      other !== place && other.task && other.kind !== undefined ? [other.kind] : []
    );
    const offers = waiting.map((index) => {
      const { kind, expected } = lots[index]!;
      const task = expected === undefined ? {} : { expected };
      return { index, kind: kind!, count: stands[index]!.waiting, task };
    });
    begin(place, choose(offers, place.kind, elsewhere)!.index);
  }
}
