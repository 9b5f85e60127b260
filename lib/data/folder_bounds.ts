/**
 * A look over a data set's folder before anything in it is listed or opened.
 *
 * @module
 */
import { join, SEPARATOR } from "@std/path";
import { DataError } from "lib/core/errors.ts";

const keepPlain = "Put the file or folder itself there, or move it out of the data set";

/** Far above the files of the largest database, far below what takes minutes to list. */
const mostEntries = 5_000_000;

/**
 * Checks that a data set's folder holds files and folders under plain names, and links only to what lies
 * below the data root: a link elsewhere could show any file of this machine as a frame, a pipe or a device
 * would be waited for without end, and folders that contain each other have no last file. The data root
 * itself, and the data set's folder in it, may be links, since a user says where they are.
 *
 * @param folder the data set's folder
 * @param root the data root
 * @throws DataError naming what does not belong there
 */
export async function checkFolder(folder: string, root: string): Promise<void> {
  const real = await realPath(folder);
  const within = [real, await realPath(root)];
  const walk: Walk = { within, reached: new Map([[real, folder]]), entries: 0 };
  await visit(folder, real, walk);
}

interface Walk {
  /** Real folders that links may lead to. */
  readonly within: readonly string[];
  /** Real folder → the path by which it was reached. */
  readonly reached: Map<string, string>;
  entries: number;
}

async function visit(folder: string, real: string, walk: Walk): Promise<void> {
  // A folder that cannot be listed is whoever's to name who needs it.
  const entries = await Array.fromAsync(Deno.readDir(folder)).catch(() => []);
  walk.entries += entries.length;
  if (walk.entries > mostEntries) {
    throw new DataError(`There are more than ${mostEntries} files`, {
      file: folder,
      fix: "Point --data-root to the folder of the data set alone",
    });
  }
  for (const entry of entries) {
    if (isDropping(entry.name)) continue;
    const path = join(folder, entry.name);
    refuseName(entry.name, path);
    if (entry.isFile) continue;
    if (entry.isDirectory) await enter(path, join(real, entry.name), walk);
    else if (entry.isSymlink) await follow(path, walk);
    else {throw new DataError("This is a pipe, a socket or a device", {
        file: path,
        fix: keepPlain,
      });}
  }
}

/** What `listFiles` passes over. */
function isDropping(name: string): boolean {
  return name.startsWith(".") || name === "Thumbs.db" || name === "desktop.ini";
}

function refuseName(name: string, path: string): void {
  // deno-lint-ignore no-control-regex
  if (!/[\x00-\x1f\x7f-\x9f\\]/.test(name)) return;
  throw new DataError("This name has characters that no name of a clip has", {
    file: path,
    fix: "Rename it without control characters and backslashes",
  });
}

async function enter(path: string, real: string, walk: Walk): Promise<void> {
  const other = walk.reached.get(real);
  if (other !== undefined) {
    throw new DataError(`This leads to the same folder as '${other}'`, {
      file: path,
      fix: keepPlain,
    });
  }
  walk.reached.set(real, path);
  await visit(path, real, walk);
}

async function follow(path: string, walk: Walk): Promise<void> {
  const target = await Deno.realPath(path).catch(() => undefined);
  // It leads nowhere, or in a circle: nothing can be read by it, and whoever tries names it.
  if (target === undefined) return;
  const inside = walk.within.some((folder) => target === folder || isBelow(target, folder));
  if (!inside) {
    throw new DataError(`This link leads out of the data root, to '${target}'`, {
      file: path,
      fix: `${keepPlain}, or point --data-root to a folder that holds both`,
    });
  }
  const info = await Deno.stat(target);
  if (info.isDirectory) return await enter(path, target, walk);
  if (!info.isFile) {
    throw new DataError("This link leads to a pipe, a socket or a device", {
      file: path,
      fix: keepPlain,
    });
  }
}

function isBelow(path: string, folder: string): boolean {
  return path.startsWith(folder.endsWith(SEPARATOR) ? folder : `${folder}${SEPARATOR}`);
}

async function realPath(folder: string): Promise<string> {
  return await Deno.realPath(folder).catch(() => folder);
}
