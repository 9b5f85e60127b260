/**
 * The files of a data set: finding, reading and fingerprinting them.
 *
 * @module
 */
import { join } from "@std/path";
import { sha256 } from "lib/core/json.ts";
import { DataError } from "lib/core/errors.ts";

/** One file of a data set. */
export interface FileEntry {
  /** Below the data set's folder, with `/` on every system. */
  readonly path: string;
  /** In bytes. */
  readonly size: number;
  readonly sha256: string;
}

/**
 * The files below a folder, sorted by path, with links followed (data managers keep files as links).
 * Files that systems leave behind (`.DS_Store`, `Thumbs.db`, anything with a leading dot) are passed
 * over.
 *
 * @param skip says which further paths to pass over; a folder's path ends in `/`
 * @throws DataError when the folder or one below it cannot be listed
 */
export async function listFiles(
  folder: string,
  skip: (path: string) => boolean = () => false,
): Promise<string[]> {
  const files: string[] = [];
  const visit = async (below: string): Promise<void> => {
    for (const entry of await readFolder(join(folder, below))) {
      if (isDropping(entry.name)) continue;
      const path = `${below}${entry.name}`;
      const folderLike = entry.isSymlink ? await isFolder(join(folder, path)) : entry.isDirectory;
      if (skip(folderLike ? `${path}/` : path)) continue;
      if (folderLike) await visit(`${path}/`);
      else files.push(path);
    }
  };
  await visit("");
  return files.sort();
}

async function readFolder(folder: string): Promise<Deno.DirEntry[]> {
  try {
    return await Array.fromAsync(Deno.readDir(folder));
  } catch (error) {
    throw new DataError(`Cannot list this folder (${(error as Error).message})`, {
      file: folder,
      fix: "Make it readable",
    });
  }
}

function isDropping(name: string): boolean {
  return name.startsWith(".") || name === "Thumbs.db" || name === "desktop.ini";
}

/** Whether a path is a folder or a link to one. */
export async function isFolder(path: string): Promise<boolean> {
  return await Deno.stat(path).then((info) => info.isDirectory, () => false);
}

/**
 * Reads a file of a data set.
 *
 * @throws DataError naming the file when it cannot be read
 */
export async function readDataFile(file: string): Promise<Uint8Array> {
  try {
    return await Deno.readFile(file);
  } catch (error) {
    throw new DataError(`Cannot read this file (${(error as Error).message})`, {
      file,
      fix: "Make it readable, or copy it again from where the data set came from",
    });
  }
}

/** The size and SHA-256 of a file's bytes. */
export function fileEntry(path: string, bytes: Uint8Array): FileEntry {
  return { path, size: bytes.length, sha256: sha256(bytes) };
}

/**
 * One digest over the paths, sizes and contents of files: SHA-256 of one line a file, sorted by path,
 * `<sha256> <size> <path>`.
 */
export function treeDigest(entries: readonly FileEntry[]): string {
  const sorted = [...entries].sort((a, b) => (a.path < b.path ? -1 : 1));
  return sha256(sorted.map(({ path, size, sha256 }) => `${sha256} ${size} ${path}\n`).join(""));
}

/**
 * Maps with at most 32 calls under way, so that thousands of files do not run out of handles.
 * The result is in the order of the items.
 */
export async function mapFiles<T, R>(
  items: readonly T[],
  map: (item: T) => Promise<R>,
): Promise<R[]> {
  const results = new Array<R>(items.length);
  let next = 0;
  const run = async (): Promise<void> => {
    for (let i = next++; i < items.length; i = next++) results[i] = await map(items[i] as T);
  };
  await Promise.all(Array.from({ length: 32 }, run));
  return results;
}
