/**
 * `data.lock.json`: what every data set was when results were made from it. One entry a data set
 * with its licence, how to obtain it, one digest over all, and one line a file, sorted:
 * `"<path>": "<size in bytes> <SHA-256>"`. The frames of a clip share a line, which names their folder
 * and ends in `/`. It holds no data, so it can be public.
 *
 * @module
 */
import { dirname, fromFileUrl, join } from "@std/path";
import { DataError } from "lib/core/errors.ts";
import { fileProblem, writeAtomic } from "lib/core/files.ts";
import { type FileEntry, fileEntry, mapFiles, treeDigest } from "./files.ts";
import { isImagePath } from "./frame_folders.ts";
import { maxImageBytes } from "./image_header.ts";
import { readBounded } from "./read_bounded.ts";
import type { AnySource } from "./source.ts";

/** One data set in the lock file. */
export interface LockEntry {
  readonly licence: string;
  readonly obtain: string;
  /** Equals {@linkcode Dataset.digest} as long as nothing has changed; of clips, all digests' digest. */
  readonly digest: string;
  /** Of sets of clips: the digest of each label scheme, of generated ones as `<size>/<scheme>`. */
  readonly digests?: Readonly<Record<string, string>>;
  /** Path → size and SHA-256; absent for generated data. */
  readonly files?: Readonly<Record<string, string>>;
}

/** The lock file: data set → entry. */
export type Lock = Readonly<Record<string, LockEntry>>;

/** How the files of a data set differ from the lock file; paths below its folder, sorted. */
export interface LockReport {
  readonly name: string;
  readonly folder: string;
  /** Lines of the lock file: files, or folders of frames. */
  readonly expected: number;
  readonly missing: readonly string[];
  readonly extra: readonly string[];
  readonly changed: readonly string[];
  readonly unreadable: readonly string[];
}

const format = "fleeting-data-lock/1";

/** The lock file: the argument, else the environment variable FLEETING_LOCK, else the repository's. */
export function lockPath(file?: string): string {
  return file || Deno.env.get("FLEETING_LOCK") ||
    join(dirname(fromFileUrl(import.meta.url)), "..", "..", "data.lock.json");
}

/**
 * Reads the lock file; an absent one has no entries.
 *
 * @throws DataError when it cannot be read as a lock file
 */
export async function readLock(file: string): Promise<Lock> {
  const fix = "Take it from version control, or delete it and lock the data sets again";
  const problem = await fileProblem(file, maxLockBytes);
  if (problem !== undefined) throw new DataError(problem, { file, fix });
  let text: string;
  try {
    text = await Deno.readTextFile(file);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return {};
    throw new DataError(`Cannot read the lock file (${(error as Error).message})`, { file, fix });
  }
  let lock: { format?: unknown; datasets?: Lock } | null;
  try {
    lock = JSON.parse(text);
  } catch (error) {
    throw new DataError(`Not valid JSON (${(error as Error).message})`, { file, fix });
  }
  if (lock?.format !== format || !isRecord(lock.datasets)) {
    throw new DataError(`Not a lock file of format ${format}`, { file, field: "format", fix });
  }
  for (const [name, entry] of Object.entries(lock.datasets)) {
    const problem = entryProblem(entry);
    if (problem !== undefined) throw new DataError(problem, { file, field: name, fix });
  }
  return lock.datasets;
}

/** A hundred times the lines of the largest database. */
const maxLockBytes = 64 * 2 ** 20;

function entryProblem(entry: unknown): string | undefined {
  if (!isRecord(entry)) return "The entry is not an object";
  const { digest, digests = {}, files = {} } = entry as Record<string, unknown>;
  const texts = (value: unknown): value is Record<string, string> =>
    isRecord(value) && Object.values(value).every((one) => typeof one === "string");
  if (typeof digest !== "string") return "The entry has no digest";
  if (!texts(digests)) return "Its digests are no table of texts";
  if (!texts(files)) return "Its files are no table of texts";
  const stray = Object.keys(files).find((path) => !isPlainPath(path));
  return stray === undefined ? undefined : `'${stray}' is no path below the data set's folder`;
}

/** Whether a path stays below the folder that it is looked up in. */
function isPlainPath(path: string): boolean {
  const parts = path.replace(/\/$/, "").split("/");
  // deno-lint-ignore no-control-regex
  const odd = /[\x00-\x1f\\]/;
  return parts.every((part) => part !== "" && part !== "." && part !== ".." && !odd.test(part));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Writes the lock file, sorted; the old one stays whole if that fails. */
export async function writeLock(file: string, lock: Lock): Promise<void> {
  const names = Object.keys(lock).sort();
  const datasets = Object.fromEntries(names.map((name) => [name, lock[name]]));
  await writeAtomic(file, JSON.stringify({ format, datasets }, null, 2) + "\n");
}

/**
 * Makes the entry of a data set from its files.
 *
 * @param digests the loaded data set's
 * @throws DataError naming the first file that cannot be read
 */
export async function lockEntry(
  source: AnySource,
  folder: string,
  digests: Pick<LockEntry, "digest" | "digests">,
): Promise<LockEntry> {
  const { licence, obtain } = source;
  if (!source.needsRoot) return { licence, obtain, ...digests };
  const units = unitsOf(source, await source.list(folder));
  const entries = await mapFiles([...units], (unit) => hash(folder, unit));
  const files = Object.fromEntries(entries.map((entry) => [entry.path, lockLine(entry)]));
  return { licence, obtain, ...digests, files };
}

/** What gets a line of its own: a file, or all frames of a folder. */
type Unit = readonly [name: string, paths: readonly string[]];

function unitsOf(
  { kind }: AnySource,
  paths: readonly string[],
): ReadonlyMap<string, readonly string[]> {
  const units = new Map<string, string[]>();
  for (const path of paths) {
    const frame = kind === "clips" && isImagePath(path);
    const name = frame ? path.slice(0, path.lastIndexOf("/") + 1) : path;
    const unit = units.get(name);
    if (unit === undefined) units.set(name, [path]);
    else unit.push(path);
  }
  return units;
}

async function hash(folder: string, [name, paths]: Unit): Promise<FileEntry> {
  const entries: FileEntry[] = [];
  for (const path of paths) {
    entries.push(fileEntry(path, await readBounded(join(folder, path), maxImageBytes)));
  }
  if (!name.endsWith("/")) return entries[0]!;
  const size = entries.reduce((sum, entry) => sum + entry.size, 0);
  return { path: name, size, sha256: treeDigest(entries) };
}

function lockLine({ size, sha256 }: FileEntry): string {
  return `${size} ${sha256}`;
}

/** Compares the files of a data set with its entry: every file is read and hashed. */
export async function compareWithLock(
  source: AnySource,
  folder: string,
  entry: LockEntry,
): Promise<LockReport> {
  const files = entry.files ?? {};
  const units = unitsOf(source, await source.list(folder));
  const names = [...units.keys()];
  const states = await mapFiles([...units], async (unit) => {
    const [name] = unit;
    if (!Object.hasOwn(files, name)) return "extra";
    const found = await hash(folder, unit).catch(() => undefined);
    if (found === undefined) return "unreadable";
    return lockLine(found) === files[name] ? "same" : "changed";
  });
  const having = (state: string) => names.filter((_, i) => states[i] === state);
  return {
    name: source.name,
    folder,
    expected: Object.keys(files).length,
    missing: Object.keys(files).filter((name) => !units.has(name)).sort(),
    extra: having("extra"),
    changed: having("changed"),
    unreadable: having("unreadable"),
  };
}

const faults = ["missing", "extra", "changed", "unreadable"] as const;

/** Whether nothing differs. */
export function isClean(report: LockReport): boolean {
  return faults.every((fault) => report[fault].length === 0);
}

/** What differs, in words: counts and the first ten names of each kind; empty when nothing does. */
export function describeReport(report: LockReport): string {
  return faults.filter((fault) => report[fault].length > 0).map((fault) => {
    const paths = report[fault];
    const shown = paths.slice(0, 10).map((path) => `'${path}'`).join(", ");
    const more = paths.length > 10 ? `, and ${paths.length - 10} more` : "";
    return `${paths.length} ${fault}: ${shown}${more}`;
  }).join("; ");
}
