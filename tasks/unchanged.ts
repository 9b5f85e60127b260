/**
 * Whether a notebook need not run again, because nothing that it follows from has changed, and what it
 * wrote is still there as it wrote it.
 *
 * @module
 */
import { join, relative } from "@std/path";
import { isUnfinished, writeAtomic } from "lib/core/files.ts";
import { digest, sha256 } from "lib/core/json.ts";
import { root } from "lib/experiment/find.ts";

/** What one run of a notebook left behind. */
interface Stamp {
  readonly format: "fleeting-stamp/1";
  /** Digest of all that the run followed from. */
  readonly key: string;
  /** Each file that it wrote → digest. */
  readonly written: Readonly<Record<string, string>>;
}

/** A notebook whose run can be remembered. */
export interface Trace {
  /** The file of the stamp. */
  readonly stamp: string;
  /** All that the run follows from, beside {@linkcode sourcesDigest}. */
  readonly from: unknown;
  /** The files that it wrote; a folder stands for what it holds. */
  readonly writes: readonly string[];
}

/** The code and texts that any notebook may use, and the notebook itself. */
export async function sourcesDigest(notebook: string): Promise<string> {
  shared ??= Promise.all(["lib", "experiments", "vendor"].map((name) => filesIn(join(root, name))))
    .then(async (found) => {
      const files = found.flat().filter(isSource);
      return await digestsOf([...files, join(root, "deno.json"), join(root, "deno.lock")]);
    });
  return digest([await shared, await digestsOf([notebook]), Deno.version.deno]);
}

let shared: Promise<Record<string, string>> | undefined;

function isSource(file: string): boolean {
  return !/_(test|bench)\.ts$|\/testdata\//.test(file);
}

/** Whether a run of the same left everything as it would be again. */
export async function isUnchanged({ stamp, from, writes }: Trace): Promise<boolean> {
  const found = await readStamp(stamp);
  if (found?.key !== digest(from)) return false;
  return digest(found.written) === digest(await digestsOf(await existing(writes)));
}

/** Keeps what a run left behind. */
export async function remember({ stamp, from, writes }: Trace): Promise<void> {
  const written = await digestsOf(await existing(writes));
  const kept: Stamp = { format: "fleeting-stamp/1", key: digest(from), written };
  await writeAtomic(stamp, JSON.stringify(kept, undefined, 1) + "\n");
}

async function readStamp(file: string): Promise<Stamp | undefined> {
  try {
    return JSON.parse(await Deno.readTextFile(file));
  } catch {
    // Half a stamp is none: it only spares a run. What stands in its way is named when it is written.
    return undefined;
  }
}

/** File → digest of its bytes; nothing stands for one that is gone, cannot be read or is a folder. */
async function digestsOf(files: readonly string[]): Promise<Record<string, string>> {
  const entries = await Promise.all(
    files.map(async (file) => {
      const bytes = await Deno.readFile(file).catch(() => undefined);
      return [relative(root, file), bytes === undefined ? "" : sha256(bytes)];
    }),
  );
  return Object.fromEntries(entries);
}

/** The digests of the result files below some folders. */
export async function resultsBelow(folders: readonly string[]): Promise<Record<string, string>> {
  const files = (await Promise.all(folders.map(filesIn))).flat();
  return await digestsOf(files.filter((file) => file.endsWith(".arrow")));
}

/** The files among some paths and below those that are folders, without result files in folders. */
async function existing(paths: readonly string[]): Promise<string[]> {
  const found = await Promise.all(paths.map(async (path) => {
    const info = await Deno.stat(path).catch(() => undefined);
    if (!info?.isDirectory) return info ? [path] : [];
    return (await filesIn(path)).filter((file) => !file.endsWith(".arrow"));
  }));
  return found.flat();
}

/** The files below a folder, sorted; none when it is not there. */
async function filesIn(folder: string): Promise<string[]> {
  const found: string[] = [];
  try {
    for await (const entry of Deno.readDir(folder)) {
      const path = join(folder, entry.name);
      if (entry.isDirectory) found.push(...await filesIn(path));
      // Another run may be writing beside.
      else if (entry.isFile && !isUnfinished(entry.name)) found.push(path);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return found.sort();
}
