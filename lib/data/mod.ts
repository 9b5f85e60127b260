/**
 * The data sets, by name.
 *
 * @module
 */
import { dirname, fromFileUrl, join } from "@std/path";
import { DataError, didYouMean, ParameterError } from "lib/core/errors.ts";
import { isFolder } from "./files.ts";
import {
  compareWithLock,
  describeReport,
  type LockEntry,
  lockEntry,
  lockPath,
  type LockReport,
  readLock,
  writeLock,
} from "./lock.ts";
import { megc2019Flow } from "./megc2019_flow.ts";
import type { DataSource } from "./source.ts";
import { syntheticFlow } from "./synthetic_flow.ts";
import type { Dataset } from "./types.ts";

export type { DataSource } from "./source.ts";

/** Every data set, sorted by name. To add one, write its {@linkcode DataSource} and name it here. */
export const dataSources: readonly DataSource[] = [megc2019Flow, syntheticFlow];

/** The names of {@linkcode dataSources}. */
export const datasetNames: readonly string[] = dataSources.map(({ name }) => name);

/** Where a data set is looked for. */
export interface DataOptions {
  /** The data root, as `--data-root` gives it; see {@linkcode dataRoot}. */
  readonly root?: string;
  /** The lock file; see {@linkcode lockPath}. */
  readonly lockFile?: string;
}

/**
 * Finds a data set in the list.
 *
 * @throws ParameterError with the closest name when there is none of this name
 */
export function dataSource(name: string): DataSource {
  const source = dataSources.find((source) => source.name === name);
  if (source === undefined) {
    throw new ParameterError(`There is no data set '${name}'`, {
      fix: didYouMean(name, datasetNames),
    });
  }
  return source;
}

/**
 * The folder of a data set: `<root>/<name>`, or the root itself when it has the data set's layout. The
 * root is the argument, else the environment variable FLEETING_DATA, else `data` in the repository.
 * Returns the empty string for a generated data set.
 *
 * @throws ParameterError for an unknown name
 * @throws DataError when neither folder is there; it says how to get the data and how to point to it
 */
export async function dataRoot(name: string, root?: string): Promise<string> {
  const source = dataSource(name);
  if (!source.needsRoot) return "";
  const base = root || Deno.env.get("FLEETING_DATA") ||
    join(dirname(fromFileUrl(import.meta.url)), "..", "..", "data");
  const folder = join(base, name);
  if (await isFolder(folder)) return folder;
  if (await source.hasLayout(base)) return base;
  throw new DataError(`Data set '${name}' is not there (looked for this folder)`, {
    file: folder,
    fix: `${source.obtain}. Then put it there, or say where it is by --data-root FOLDER or ` +
      "FLEETING_DATA=FOLDER",
  });
}

/**
 * Loads a data set as it is on disk, without a look at the lock file.
 *
 * @throws ParameterError for an unknown name
 * @throws DataError naming the first file that is missing, misplaced or damaged, and the fix
 */
export async function loadDataset(name: string, { root }: DataOptions = {}): Promise<Dataset> {
  const source = dataSource(name);
  const folder = await dataRoot(name, root);
  const dataset = await source.load(folder);
  if (dataset.samples.length === 0) {
    throw new DataError(`Data set '${name}' has no clips here`, {
      file: folder,
      fix: source.obtain,
    });
  }
  return dataset;
}

/**
 * Loads a data set and makes sure that it is the one in the lock file.
 *
 * @throws DataError as {@linkcode loadDataset} does; when it has no entry, saying how to lock it; when
 * files are missing, extra, changed or unreadable, naming them
 */
export async function loadVerified(name: string, options: DataOptions = {}): Promise<Dataset> {
  const entry = await entryOf(name, options);
  const dataset = await loadDataset(name, options);
  if (dataset.digest === entry.digest) return dataset;
  const report = await verifyDataset(name, options);
  throw new DataError(`Not the data that ${lockPath(options.lockFile)} describes`, {
    file: report.folder || name,
    field: describeReport(report) || "digest",
    fix: "Restore the files, or, if the change is meant, run: " +
      `deno task data lock ${name}`,
  });
}

/**
 * Compares a data set with the lock file: hashes its files without decoding them, or generates it.
 *
 * @throws DataError when the data set is not there or has no entry
 */
export async function verifyDataset(name: string, options: DataOptions = {}): Promise<LockReport> {
  const source = dataSource(name);
  const entry = await entryOf(name, options);
  const folder = await dataRoot(name, options.root);
  const report = await compareWithLock(source, folder, entry);
  if (source.needsRoot) return report;
  const { digest } = await source.load(folder);
  return digest === entry.digest ? report : { ...report, changed: ["generated clips"] };
}

/**
 * Loads a data set and writes what it is into the lock file; other entries stay.
 *
 * @throws DataError as {@linkcode loadDataset} does: a damaged data set is not locked
 */
export async function lockDataset(name: string, options: DataOptions = {}): Promise<LockEntry> {
  const file = lockPath(options.lockFile);
  const lock = await readLock(file);
  const { digest } = await loadDataset(name, options);
  const entry = await lockEntry(dataSource(name), await dataRoot(name, options.root), digest);
  await writeLock(file, { ...lock, [name]: entry });
  return entry;
}

async function entryOf(name: string, { lockFile }: DataOptions): Promise<LockEntry> {
  dataSource(name);
  const file = lockPath(lockFile);
  const entry = (await readLock(file))[name];
  if (entry === undefined) {
    throw new DataError(`Data set '${name}' is not locked: changes to it would go unnoticed`, {
      file,
      fix: `Run: deno task data lock ${name}`,
    });
  }
  return entry;
}
