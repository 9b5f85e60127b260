/**
 * Fingerprints and sizes of frames, remembered between runs: a licensed set has gigabytes, and reading
 * them again for every command would take longer than most commands.
 *
 * A remembered file counts as unchanged when its length and its time stamps are the same, as in git.
 * `deno task data verify` does not rely on that and reads everything.
 *
 * @module
 */
import { join } from "@std/path";
import { DataError } from "lib/core/errors.ts";
import { writeAtomic } from "lib/core/files.ts";
import { sha256 } from "lib/core/json.ts";
import { cacheFolder } from "lib/setup/paths.ts";
import { mapFiles } from "./files.ts";
import { imageHeader, maxImageBytes } from "./image_header.ts";
import { readBounded } from "./read_bounded.ts";

/** What is known of a frame's file. */
export interface FrameFact {
  /** Bytes. */
  readonly size: number;
  readonly sha256: string;
  readonly width: number;
  readonly height: number;
}

/** How facts are gathered. */
export interface FactOptions {
  /** Called now and then with the number of files done. */
  readonly onProgress?: (done: number, total: number) => void;
}

// Path → [length and time stamps, digest, width, height]
type Memory = Record<string, Remembered>;
type Remembered = readonly [stamp: string, sha256: string, width: number, height: number];

/**
 * Gathers the facts of frames.
 *
 * @param paths below the folder
 * @returns path → facts, or the error of a file that is missing, empty, cut off or no image
 */
export async function frameFacts(
  folder: string,
  paths: readonly string[],
  { onProgress }: FactOptions = {},
): Promise<ReadonlyMap<string, FrameFact | DataError>> {
  const file = memoryFile(folder);
  const known = await recall(file);
  const memory: Memory = {};
  let done = 0;
  const facts = await mapFiles(paths, async (path): Promise<FrameFact | DataError> => {
    const stamp = await stampOf(join(folder, path));
    const old = Object.hasOwn(known, path) ? known[path] : undefined;
    if (stamp !== undefined && old !== undefined && old[0] === stamp.text) {
      memory[path] = old;
      return factOf(old);
    }
    const fact = await readFact(folder, path);
    if (!(fact instanceof DataError) && stamp !== undefined && !stamp.fresh) {
      memory[path] = [stamp.text, fact.sha256, fact.width, fact.height];
    }
    if (++done % 100 === 0) onProgress?.(done, paths.length);
    return fact;
  });
  if (done > 0) await remember(file, { ...known, ...memory });
  return new Map(paths.map((path, i) => [path, facts[i]!]));
}

function factOf([stamp, sha256, width, height]: Remembered): FrameFact {
  return { size: Number(stamp.split(" ")[0]), sha256, width, height };
}

async function readFact(folder: string, path: string): Promise<FrameFact | DataError> {
  const file = join(folder, path);
  try {
    const bytes = await readBounded(file, maxImageBytes);
    const { width, height } = imageHeader(bytes, file);
    return { size: bytes.length, sha256: sha256(bytes), width, height };
  } catch (error) {
    if (error instanceof DataError) return error;
    throw error;
  }
}

/** What tells one state of a file from another without reading it. */
interface Stamp {
  readonly text: string;
  /** Whether it could be written again without a new stamp: then it is not worth remembering. */
  readonly fresh: boolean;
}

async function stampOf(file: string): Promise<Stamp | undefined> {
  const info = await Deno.stat(file).catch(() => undefined);
  if (info === undefined) return undefined;
  const changed = info.mtime?.getTime() ?? Date.now();
  // Some file systems count in steps of two seconds, the others in steps of up to ten milliseconds.
  const step = changed % 1000 === 0 ? 2000 : 100;
  return {
    text: `${info.size} ${changed} ${info.ctime?.getTime()} ${info.ino}`,
    fresh: Date.now() - changed < step,
  };
}

/** Where the memory of a folder lies; undefined where there is no home folder. */
function memoryFile(folder: string): string | undefined {
  try {
    return join(cacheFolder(), "frames", `${sha256(folder).slice(0, 32)}.json`);
  } catch {
    return undefined;
  }
}

async function recall(file: string | undefined): Promise<Memory> {
  if (file === undefined) return {};
  try {
    const { version, files, digest } = JSON.parse(await Deno.readTextFile(file));
    const sound = version === 2 && digest === digestOf(files) &&
      Object.values(files).every(isRemembered);
    return sound ? files : {};
  } catch {
    return {}; // Absent or damaged: it is made anew.
  }
}

function isRemembered(value: unknown): value is Remembered {
  if (!Array.isArray(value) || value.length !== 4) return false;
  const [stamp, sha256, ...sides] = value;
  return typeof stamp === "string" && /^[0-9a-f]{64}$/.test(sha256) &&
    sides.every((side) => Number.isSafeInteger(side) && side > 0);
}

/** Writes the memory; a cache that cannot be written costs time, and nothing else. */
async function remember(file: string | undefined, files: Memory): Promise<void> {
  if (file === undefined) return;
  const memory = { version: 2, files, digest: digestOf(files) };
  await writeAtomic(file, JSON.stringify(memory)).catch(() => {});
}

/** A damaged memory would say that a sound frame has changed. */
function digestOf(files: Memory): string {
  return sha256(JSON.stringify(files));
}
