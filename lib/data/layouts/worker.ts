/**
 * Draws and writes a share of a generated set's recordings, in a thread of its own.
 *
 * @module
 */
import type { SizeProfile } from "lib/data/clip.ts";
import { recordings } from "lib/data/synthetic/recordings.ts";
import type { SetName } from "lib/data/synthetic/recording.ts";
import { shareOf } from "./shares.ts";
import { writeFrames } from "./write.ts";

/** What a thread is asked to do. */
export interface Share {
  readonly set: SetName;
  readonly size: SizeProfile;
  readonly folder: string;
  /** Which of so many shares. */
  readonly part: number;
  readonly parts: number;
}

/** What a thread says: a recording is written, all are, or why it had to stop. */
export type Said = { readonly said: "one" | "all" } | { readonly message: string };

// This runs as a worker's main module, whose global is not typed as such here.
const thread = self as unknown as {
  onmessage: (event: MessageEvent<Share>) => void;
  postMessage: (said: Said) => void;
};

thread.onmessage = async ({ data: { set, size, folder, part, parts } }) => {
  try {
    const share = shareOf(recordings(set, size), part, parts);
    await writeFrames(set, share, folder, {
      onProgress: () => thread.postMessage({ said: "one" }),
    });
    thread.postMessage({ said: "all" });
  } catch (error) {
    thread.postMessage({ message: (error as Error).message });
  }
};
