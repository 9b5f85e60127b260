/**
 * Files that are either whole or not there.
 *
 * @module
 */
import { dirname, join, SEPARATOR } from "@std/path";
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

/**
 * Makes sure that a file to be written lies where its path says: a folder of results that somebody else made can
 * hold links, by which files would be written anywhere.
 *
 * @param root a folder that the user chose, itself perhaps a link
 * @param path a file below it
 * @throws UserError naming the link
 */
export async function refuseDetour(root: string, path: string): Promise<void> {
  const below = dirname(path).slice(root.length).split(SEPARATOR).filter((part) => part !== "");
  for (const [i] of below.entries()) {
    const folder = join(root, ...below.slice(0, i + 1));
    const info = await Deno.lstat(folder).catch(() => undefined);
    if (!info?.isSymlink) continue;
    throw new UserError("This is a link, by which results would be written elsewhere", {
      file: folder,
      fix: "Remove it, or give the folder that it leads to by --results",
    });
  }
}

/**
 * What speaks against reading a file whole, in one phrase: a folder cannot be read, a pipe or a device may
 * never end, and a file of any size would take all memory. A missing file is left to who reads it.
 *
 * @param most the largest number of bytes that such a file can have
 */
export async function fileProblem(path: string, most: number): Promise<string | undefined> {
  const info = await Deno.stat(path).catch(() => undefined);
  if (info === undefined) return undefined;
  if (info.isDirectory) return "This is a folder where a file is expected";
  if (!info.isFile) return "This is a pipe, a socket or a device where a file is expected";
  if (info.size <= most) return undefined;
  const [has, may] = [info.size, most].map((bytes) => (bytes / 2 ** 20).toFixed(1));
  return `The file has ${has} MiB, more than the ${may} MiB that such a file can have`;
}

/** Whether a path exists, whatever it is. */
export async function exists(path: string): Promise<boolean> {
  return await Deno.lstat(path).then(() => true, () => false);
}
