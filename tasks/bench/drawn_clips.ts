/**
 * Generated recordings of the size of CASME II's, for benches.
 *
 * @module
 */
import type { Recording } from "lib/data/synthetic/recording.ts";
import { recordings } from "lib/data/synthetic/recordings.ts";

/** One recording of each of some people. */
export function drawnPeople(count: number): Recording[] {
  const bySubject = new Map<string, Recording>();
  for (const recording of recordings("casme2", "paper")) {
    if (!bySubject.has(recording.subject)) bySubject.set(recording.subject, recording);
  }
  return [...bySubject.values()].slice(0, count);
}

/** The recording whose number of frames from onset to offset is nearest to a wanted one. */
export function drawnClip(frames: number): Recording {
  const distance = ({ onset, offset }: Recording) => Math.abs(offset - onset + 1 - frames);
  return recordings("casme2", "paper").reduce((best, each) =>
    distance(each) < distance(best) ? each : best
  );
}
