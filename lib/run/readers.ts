/**
 * How a plan reads what it depends on.
 *
 * @module
 */
import { remembering } from "lib/core/remembering.ts";
import { loadVerifiedClips } from "lib/data/mod.ts";
import { codeOf } from "./code.ts";

/** How code and sets of clips are read; by default anew in each plan. */
export interface Readers {
  readonly readCode: typeof codeOf;
  readonly readClips: typeof loadVerifiedClips;
}

/** Reads everything once: for many runs that are planned at one moment. */
export function openReaders(): Readers {
  return { readCode: remembering(codeOf), readClips: remembering(loadVerifiedClips) };
}
