/**
 * Folders of generated files in the user's cache: made once, checked at every use, and made again when
 * damaged.
 *
 * @module
 */
import { join } from "@std/path";
import { DataError } from "lib/core/errors.ts";
import { writeAtomic } from "lib/core/files.ts";
import { sha256 } from "lib/core/json.ts";
import { cacheFolder } from "lib/setup/paths.ts";
import { whileFree, withLock } from "lib/setup/lock.ts";
import { listFiles, readDataFile } from "./files.ts";
import { frameFacts } from "./frame_facts.ts";
import { isImagePath } from "./frame_folders.ts";

/** What is to be made. */
export interface GeneratedFolder<T> {
  /** Names the folder, such as `synthetic-smic-demo`. */
  readonly name: string;
  /** Another version gets another folder. */
  readonly version: string;
  /** Writes the files and returns what shall be known of them later: plain JSON. */
  readonly write: (folder: string) => Promise<T>;
  /** Called before the files are made, with the reason. */
  readonly onMake: (reason: "first use" | "damaged") => void;
  /** Called when another process makes them already. */
  readonly onWait: () => void;
}

interface Manifest<T> {
  readonly about: T;
  /** Path → SHA-256. */
  readonly files: Readonly<Record<string, string>>;
}

const manifestName = ".manifest.json";

/**
 * The folder, whole. Two processes at once make it once; one that is stopped leaves nothing that a
 * later one would take for whole.
 *
 * @throws DataError when the cache cannot be written
 */
export async function generatedFolder<T>(
  what: GeneratedFolder<T>,
): Promise<{ folder: string; about: T }> {
  const data = join(cacheFolder(), "data");
  const folder = join(data, `${what.name}-${what.version}`);
  const found = await wholeFolder<T>(folder);
  if (found !== undefined) return { folder, about: found };
  try {
    return await withLock(join(data, "locks", what.name), what.onWait, async () => {
      const meanwhile = await wholeFolder<T>(folder);
      if (meanwhile !== undefined) return { folder, about: meanwhile };
      what.onMake(await isThere(folder) ? "damaged" : "first use");
      await removeUnused(data, what);
      return { folder, about: await make(what, folder) };
    });
  } catch (error) {
    if (!(error instanceof Error) || !isOfSystem(error)) throw error;
    throw new DataError(`Cannot write generated clips (${error.message})`, {
      file: data,
      fix: "Make the folder writable, or set FLEETING_CACHE to one that is",
    });
  }
}

/** Whether a folder was made once; whether it is whole still, {@linkcode generatedFolder} finds out. */
export async function isMade(
  { name, version }: Pick<GeneratedFolder<unknown>, "name" | "version">,
): Promise<boolean> {
  return await isThere(join(cacheFolder(), "data", `${name}-${version}`, manifestName));
}

/** Whether the system refused: the folder is read-only, not allowed, no folder, or the disk is full. */
function isOfSystem(error: Error): boolean {
  return "code" in error || error instanceof Deno.errors.NotCapable;
}

async function isThere(folder: string): Promise<boolean> {
  return await Deno.stat(folder).then(() => true, () => false);
}

/** Writes into a folder beside and gives it its name when all is there. */
async function make<T>({ write }: GeneratedFolder<T>, folder: string): Promise<T> {
  const temporary = `${folder}.tmp`;
  await remove(temporary); // Of a process that was stopped: only the owner of the lock comes here.
  try {
    await Deno.mkdir(temporary, { recursive: true });
    const about = await write(temporary);
    const files: Record<string, string> = {};
    for (const path of await listFiles(temporary)) {
      files[path] = sha256(await readDataFile(join(temporary, path)));
    }
    const manifest: Manifest<T> = { about, files };
    await writeAtomic(join(temporary, manifestName), JSON.stringify(manifest));
    await remove(folder);
    await Deno.rename(temporary, folder);
    return about;
  } catch (error) {
    await remove(temporary);
    throw error;
  }
}

/**
 * Removes folders that processes were making when they were killed.
 *
 * @param data the folder of all generated folders
 */
export async function removeHalfMade(data: string): Promise<void> {
  const entries = await Array.fromAsync(Deno.readDir(data)).catch(() => []);
  for (const { name } of entries) {
    const [, of] = /^(.+)-[^-]+\.tmp$/.exec(name) ?? [];
    if (of === undefined) continue;
    await whileFree(join(data, "locks", of), () => remove(join(data, name))).catch(() => {});
  }
}

async function remove(folder: string): Promise<void> {
  await Deno.remove(folder, { recursive: true }).catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  });
}

const unusedAfter = 14 * 24 * 3600 * 1000;

/** Removes other versions that nobody has opened for two weeks: each takes up to gigabytes. */
async function removeUnused(
  data: string,
  { name, version }: GeneratedFolder<unknown>,
): Promise<void> {
  for (const entry of await Array.fromAsync(Deno.readDir(data))) {
    const other = entry.name.startsWith(`${name}-`) && entry.name !== `${name}-${version}`;
    if (!other) continue;
    const manifest = join(data, entry.name, manifestName);
    const used = await Deno.stat(manifest).then(({ mtime }) => mtime?.getTime(), () => undefined);
    if (used !== undefined && Date.now() - used > unusedAfter) await remove(join(data, entry.name));
  }
}

/** What is known of a folder's files, if they are all there and unchanged. */
async function wholeFolder<T>(folder: string): Promise<T | undefined> {
  let manifest: Manifest<T>;
  try {
    manifest = JSON.parse(await Deno.readTextFile(join(folder, manifestName)));
    // As `make` writes it: names from the folder itself, so none leads out of it.
    if (Object.keys(manifest.files).some((path) => path.split("/").includes(".."))) {
      return undefined;
    }
  } catch {
    return undefined; // Absent, cut off, or something else.
  }
  const paths = Object.keys(manifest.files);
  const facts = await frameFacts(folder, paths.filter(isImagePath));
  for (const path of paths) {
    const fact = facts.get(path);
    const digest = fact === undefined
      ? await Deno.readFile(join(folder, path)).then(sha256, () => "")
      : "sha256" in fact
      ? fact.sha256
      : "";
    if (digest !== manifest.files[path]) return undefined;
  }
  // Its time tells when it was last used; where it cannot be set, nothing is removed either.
  const now = new Date();
  await Deno.utime(join(folder, manifestName), now, now).catch(() => {});
  return manifest.about;
}
