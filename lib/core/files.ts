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
 * A process that is killed leaves its temporary file; the next that writes into the folder removes it.
 *
 * @throws UserError naming the file when the disk is full or the folder cannot be written
 */
export async function writeAtomic(path: string, content: Uint8Array | string): Promise<void> {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  if (await hasBytes(path, bytes)) return;
  try {
    await Deno.mkdir(dirname(path), { recursive: true });
    await lookOnce(dirname(path));
    for (let attempt = 1;; attempt++) {
      try {
        return await writeAndRename(path, bytes);
      } catch (error) {
        // Somebody took it for left behind: between its making and its lock, or where locks do not
        // reach from one machine to the other.
        if (!(error instanceof Deno.errors.NotFound) || attempt === 3) throw error;
      }
    }
  } catch (error) {
    throw await writeError(path, error as Error);
  }
}

async function writeAndRename(path: string, bytes: Uint8Array): Promise<void> {
  const temporary = join(dirname(path), `.${crypto.randomUUID()}.tmp`);
  try {
    using file = await Deno.open(temporary, { createNew: true, write: true });
    // Says that the writer lives: a lock goes with its process, however that ends.
    await file.lock(true).catch(() => {});
    for (let written = 0; written < bytes.length;) {
      written += await file.write(bytes.subarray(written));
    }
    await Deno.rename(temporary, path);
  } catch (error) {
    await Deno.remove(temporary).catch(() => {});
    throw error;
  }
}

async function writeError(path: string, { message }: Error): Promise<UserError> {
  if (await Deno.lstat(path).then((found) => found.isDirectory, () => false)) {
    return new UserError("There is a folder where this file belongs", {
      file: path,
      fix: "Remove the folder, then run the command again; finished work is kept",
    });
  }
  return new UserError(`Cannot write this file (${message})`, {
    file: path,
    fix: "Free some disk space or make the folder writable, then run the command again; " +
      "finished work is kept",
  });
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

/** Folders in which this process has looked for what others left. */
const looked = new Set<string>();

async function lookOnce(folder: string): Promise<void> {
  if (looked.has(folder)) return;
  looked.add(folder);
  await removeUnfinished(folder);
}

/** Whether a name is one under which {@linkcode writeAtomic} writes before it renames. */
export function isUnfinished(name: string): boolean {
  return /^\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.tmp$/.test(name);
}

/**
 * Removes the temporary files that killed processes left in a folder. One that a living process is
 * writing stays, on whatever machine that process runs.
 *
 * @param options `below`: in the folders in it, too
 */
export async function removeUnfinished(folder: string, { below = false } = {}): Promise<void> {
  for (const { name, isFile, isDirectory } of await entriesOf(folder)) {
    const path = join(folder, name);
    if (isDirectory && below) await removeUnfinished(path, { below });
    if (isFile && isUnfinished(name)) await removeLeft(path);
  }
}

/** The entries of a folder; none where it cannot be read. */
async function entriesOf(folder: string): Promise<Deno.DirEntry[]> {
  try {
    return await Array.fromAsync(Deno.readDir(folder));
  } catch {
    return [];
  }
}

/** Removes a temporary file if nobody is writing it; one that cannot be removed stays. */
async function removeLeft(path: string): Promise<void> {
  try {
    using file = await Deno.open(path, { write: true });
    if (await isLeft(file)) await Deno.remove(path);
  } catch { /* It has got its name meanwhile, or lies where nothing can be written. */ }
}

async function isLeft(file: Deno.FsFile): Promise<boolean> {
  try {
    return await file.tryLock(true);
  } catch {
    // No locks on this file system. Writing takes seconds, and whoever is interrupted tries again.
    return isOld(await file.stat());
  }
}

const day = 24 * 3600 * 1000;

/**
 * Whether a file was last written more than a day ago; or than a day ahead, which it was not either: the
 * clock has been set.
 */
export function isOld({ mtime }: Pick<Deno.FileInfo, "mtime">): boolean {
  return mtime !== null && Math.abs(Date.now() - mtime.getTime()) > day;
}

/** Whether a path exists, whatever it is. */
export async function exists(path: string): Promise<boolean> {
  return await Deno.lstat(path).then(() => true, () => false);
}
