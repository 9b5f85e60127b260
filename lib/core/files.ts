/**
 * Files that are either whole or not there.
 *
 * @module
 */
import { dirname, join } from "@std/path";
import { UserError } from "./errors.ts";

/**
 * Writes a file by a temporary name in the same folder and a rename, so that a reader sees the old
 * bytes or the new ones and never a part. Creates missing folders. Writes nothing when the file
 * already has these bytes, so that its time stamp tells when the content changed.
 *
 * @throws UserError naming the file when the disk is full or the folder cannot be written
 */
export async function writeAtomic(path: string, content: Uint8Array | string): Promise<void> {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  if (await hasBytes(path, bytes)) return;
  const temporary = join(dirname(path), `.${crypto.randomUUID()}.tmp`);
  try {
    await Deno.mkdir(dirname(path), { recursive: true });
    await Deno.writeFile(temporary, bytes);
    await Deno.rename(temporary, path);
  } catch (error) {
    await Deno.remove(temporary).catch(() => {});
    throw new UserError(`Cannot write this file (${(error as Error).message})`, {
      file: path,
      fix: "Free some disk space or make the folder writable, then run the command again; " +
        "finished work is kept",
    });
  }
}

async function hasBytes(path: string, bytes: Uint8Array): Promise<boolean> {
  try {
    if ((await Deno.stat(path)).size !== bytes.length) return false;
    const old = await Deno.readFile(path);
    return old.every((byte, i) => byte === bytes[i]);
  } catch {
    return false;
  }
}

/** Whether a path exists, whatever it is. */
export async function exists(path: string): Promise<boolean> {
  return await Deno.lstat(path).then(() => true, () => false);
}
