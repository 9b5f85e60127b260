/**
 * Writes a generated set's frames by several threads.
 *
 * @module
 */
import { DataError } from "lib/core/errors.ts";
import type { Said, Share } from "./worker.ts";
import type { WriteOptions } from "./write.ts";

/**
 * Writes the frames of all recordings of a set, one thread a processor. The files do not depend on the
 * number of threads.
 *
 * @param total the number of recordings
 * @throws DataError when a file cannot be written
 */
export async function writeFramesInParallel(
  { total, ...what }: Omit<Share, "part" | "parts"> & { readonly total: number },
  { onProgress }: WriteOptions = {},
): Promise<void> {
  const parts = Math.min(total, navigator.hardwareConcurrency);
  let done = 0;
  const threads = Array.from(
    { length: parts },
    () => new Worker(new URL("./worker.ts", import.meta.url), { type: "module" }),
  );
  try {
    await Promise.all(threads.map((thread, part) =>
      new Promise<void>((resolve, reject) => {
        thread.onmessage = ({ data }: MessageEvent<Said>) => {
          if ("message" in data) reject(new DataError(data.message));
          else if (data.said === "all") resolve();
          else onProgress?.(++done, total);
        };
        thread.onerror = (event) => {
          event.preventDefault();
          reject(new Error(`A thread that draws clips failed: ${event.message}`));
        };
        thread.postMessage({ ...what, part, parts } satisfies Share);
      })
    ));
  } finally {
    for (const thread of threads) thread.terminate();
  }
}
