/**
 * Dealing recordings out to threads.
 *
 * @module
 */
import type { Recording } from "lib/data/synthetic/recording.ts";

/**
 * The recordings that one of several threads writes. A person is drawn once for all of their clips, so
 * subjects stay together: each goes, the one with the most pixels first, to the thread with the least to do.
 *
 * @param part which thread, from 0
 */
export function shareOf(
  recordings: readonly Recording[],
  part: number,
  parts: number,
): Recording[] {
  const pixels = new Map<string, number>();
  for (const { subject, frameCount, width, height } of recordings) {
    pixels.set(subject, (pixels.get(subject) ?? 0) + frameCount * width * height);
  }
  const load = new Array<number>(parts).fill(0);
  const mine = new Set<string>();
  // The sort is stable, so equal subjects keep the order of the recordings.
  for (const [subject, count] of [...pixels].sort(([, a], [, b]) => b - a)) {
    const least = load.indexOf(Math.min(...load));
    load[least]! += count;
    if (least === part) mine.add(subject);
  }
  return recordings.filter(({ subject }) => mine.has(subject));
}
