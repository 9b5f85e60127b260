/**
 * What set-ups that were killed left unfinished in the user's cache.
 *
 * @module
 */
import { join } from "@std/path";
import { exists } from "lib/core/files.ts";
import { whileFree } from "./lock.ts";

/**
 * Removes what was unpacked or downloaded half, unless a set-up is at work. Wheels that are whole stay: the
 * next set-up takes them.
 *
 * @param cache the user's cache folder
 */
export async function removeSetUpScratch(cache: string): Promise<void> {
  for (const folder of [cache, join(cache, "landmarks")]) {
    const scratch = join(folder, "scratch");
    if (!await exists(scratch)) continue;
    await whileFree(folder, () => Deno.remove(scratch, { recursive: true })).catch(() => {});
  }
}
