/**
 * One set-up at a time.
 *
 * @module
 */
import { join } from "@std/path";

/**
 * Calls `work` while this process alone holds the lock of `folder`. The lock is the system's, on an
 * open file: it goes when its owner ends, however it ends.
 *
 * @param folder made when it is missing
 * @param onWait called once when another process holds the lock
 */
export async function withLock<T>(
  folder: string,
  onWait: () => void,
  work: () => Promise<T>,
): Promise<T> {
  await Deno.mkdir(folder, { recursive: true });
  using file = await Deno.open(join(folder, "lock"), { create: true, write: true });
  if (!await file.tryLock(true)) {
    onWait();
    await file.lock(true);
  }
  try {
    return await work();
  } finally {
    await file.unlock();
  }
}

/** Does something while this process holds the lock of a folder; nothing when another holds it. */
export async function whileFree(folder: string, work: () => Promise<void>): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  using file = await Deno.open(join(folder, "lock"), { create: true, write: true });
  if (await file.tryLock(true)) await work();
}
