/**
 * A folder for the temporary files of a process and of those that it starts. It goes with the process; when
 * that is killed, the next process that needs one removes it.
 *
 * @module
 */
import { tmpdir } from "node:os";
import { join } from "@std/path";
import { UserError } from "./errors.ts";

const prefix = "fleeting-";
const lockName = "lock";

let own: string | undefined;
/** Held as long as this process lives: a lock goes with its process, however that ends. */
let held: Deno.FsFile | undefined;

/**
 * The folder of this process, made at the first call.
 *
 * @throws UserError when it cannot be made
 */
export function scratchFolder(): string {
  if (own !== undefined) return own;
  removeLeftScratch();
  const parent = tmpdir();
  try {
    while (own === undefined) own = claim(join(parent, prefix + crypto.randomUUID()));
  } catch (error) {
    throw new UserError(`Cannot make a temporary folder (${(error as Error).message})`, {
      file: parent,
      fix: "Free some space there, or set TMPDIR to a folder that can be written",
    });
  }
  globalThis.addEventListener("unload", removeOwn);
  return own;
}

/** Where a process that this one starts shall make its temporary files. */
export function scratchVariables(): Record<string, string> {
  const folder = scratchFolder();
  return { TMPDIR: folder, TMP: folder, TEMP: folder };
}

/** Makes this process, too, put there what asks for no folder, such as native libraries. */
export function useScratch(): void {
  for (const [name, folder] of Object.entries(scratchVariables())) Deno.env.set(name, folder);
}

/** Makes a folder and locks it; nothing when another process took it for left behind meanwhile. */
function claim(folder: string): string | undefined {
  Deno.mkdirSync(folder, { mode: 0o700 });
  try {
    const file = Deno.openSync(join(folder, lockName), { createNew: true, write: true });
    file.lockSync(true);
    Deno.statSync(join(folder, lockName));
    held = file;
    return folder;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

function removeOwn(): void {
  if (own !== undefined) removeFolder(own);
  own = undefined;
  held?.close();
  held = undefined;
}

/** Removes the folders of processes that are gone. */
export function removeLeftScratch(): void {
  const parent = tmpdir();
  for (const name of namesIn(parent)) {
    if (/^fleeting-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(name)) {
      removeLeft(join(parent, name));
    }
  }
}

function removeLeft(folder: string): void {
  try {
    using file = Deno.openSync(join(folder, lockName), { write: true });
    if (file.tryLockSync(true)) removeFolder(folder);
  } catch (error) {
    // Without a lock it is empty: about to be used, and then made again, or never used.
    if (error instanceof Deno.errors.NotFound) tryTo(() => Deno.removeSync(folder));
  }
}

/** A process that was just killed may still be in the middle of making a file. */
function removeFolder(folder: string): void {
  for (let attempt = 0; attempt < 5; attempt++) {
    if (tryTo(() => Deno.removeSync(folder, { recursive: true }))) return;
  }
}

function tryTo(work: () => void): boolean {
  try {
    work();
    return true;
  } catch (error) {
    return error instanceof Deno.errors.NotFound;
  }
}

function namesIn(folder: string): string[] {
  try {
    return [...Deno.readDirSync(folder)].map(({ name }) => name);
  } catch {
    return [];
  }
}
