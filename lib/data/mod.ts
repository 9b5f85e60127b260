/**
 * The data sets, by name.
 *
 * @module
 */
import { DataError, ParameterError } from "lib/core/errors.ts";
import { digest } from "lib/core/json.ts";
import { type ClipCall, type DataOptions, dataRoot, dataSource, dataSources } from "./catalogue.ts";
import type { ClipSet } from "./clip.ts";
import { decodeAll } from "./clip_decode.ts";
import {
  allSchemes,
  clipOptions,
  clipSource,
  digestName,
  digestsOf,
  loadClipSet,
} from "./clip_sets.ts";
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
import { checkMaps } from "./map_bounds.ts";
import { form } from "./megc2019_flow.ts";
import type { ClipSource, DataSource } from "./source.ts";
import type { Dataset } from "./types.ts";

export { dataGroups } from "lib/experiment/data.ts";
export {
  type ClipCall,
  type DataOptions,
  dataRoot,
  datasetNames,
  dataSource,
  dataSources,
} from "./catalogue.ts";
export { glanceAtClipSet, loadClipSet, surveyClipSet } from "./clip_sets.ts";
export type { AnySource, ClipSource, DataSource } from "./source.ts";

function mapSource(name: string): DataSource {
  const source = dataSource(name);
  if (source.kind !== "clips") return source;
  const maps = dataSources.filter(({ kind }) => kind !== "clips").map(({ name }) => name);
  throw new ParameterError(`'${name}' holds clips, and flow maps are wanted here`, {
    fix: `Choose one of ${maps.join(", ")}`,
  });
}

/**
 * Loads a data set as it is on disk, without a look at the lock file.
 *
 * @throws ParameterError for an unknown name
 * @throws DataError naming the first file that is missing, misplaced or damaged, and the fix
 */
export async function loadDataset(name: string, { root }: DataOptions = {}): Promise<Dataset> {
  const source = mapSource(name);
  const folder = await dataRoot(name, root);
  if (source.needsRoot) await checkMaps(folder, await source.list(folder), form);
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
 * Loads a set of clips and makes sure that it is the one in the lock file.
 *
 * @throws DataError as {@linkcode loadClipSet} does; when it is not locked, or not in this size; when
 * it is not as locked, naming what differs
 */
export async function loadVerifiedClips(name: string, call: ClipCall = {}): Promise<ClipSet> {
  const source = clipSource(name);
  const entry = await entryOf(name, call);
  const options = clipOptions(call);
  const locked = entry.digests?.[digestName(source, options)];
  if (locked === undefined) {
    throw new DataError(`Data set '${name}' is not locked in the size ${options.size}`, {
      file: lockPath(call.lockFile),
      fix: `Run: deno task data lock ${name} --size ${options.size}`,
    });
  }
  const set = await loadClipSet(name, call);
  if (set.digest === locked) return set;
  const report = source.needsRoot ? describeReport(await verifyDataset(name, call)) : "";
  throw new DataError(`Not the data that ${lockPath(call.lockFile)} describes`, {
    file: set.folder,
    field: report || (source.needsRoot ? "annotation or labels" : "generated clips"),
    fix: source.needsRoot
      ? `Restore the files, or, if the change is meant, run: deno task data lock ${name}`
      : `Another version drew them: use the lock file of this version, or run: deno task data lock ${name}`,
  });
}

/**
 * Compares a data set with the lock file: hashes its files without decoding them, or generates it.
 *
 * @throws DataError when the data set is not there or has no entry
 */
export async function verifyDataset(name: string, call: ClipCall = {}): Promise<LockReport> {
  const source = dataSource(name);
  const entry = await entryOf(name, call);
  const folder = await dataRoot(name, call.root);
  const report = await compareWithLock(source, folder, entry);
  if (source.needsRoot) return report;
  const same = source.kind === "clips"
    ? await sameClips(source, entry, call)
    : (await source.load(folder)).digest === entry.digest;
  return same ? report : { ...report, changed: ["generated clips"] };
}

/**
 * Loads a data set and writes what it is into the lock file; other entries stay, and so do other sizes
 * of a generated set.
 *
 * @throws DataError as {@linkcode loadDataset} does: a damaged data set is not locked
 */
export async function lockDataset(name: string, call: ClipCall = {}): Promise<LockEntry> {
  const file = lockPath(call.lockFile);
  const lock = await readLock(file);
  const source = dataSource(name);
  const digests = source.kind === "clips"
    ? await lockedDigests(source, lock[name], call)
    : { digest: (await loadDataset(name, call)).digest };
  const entry = await lockEntry(source, await dataRoot(name, call.root), digests);
  await writeLock(file, { ...lock, [name]: entry });
  return entry;
}

async function sameClips(source: ClipSource, entry: LockEntry, call: ClipCall): Promise<boolean> {
  const digests = digestsOf(await allSchemes(source, call));
  return Object.entries(digests).every(([name, digest]) => entry.digests?.[name] === digest);
}

async function lockedDigests(
  source: ClipSource,
  old: LockEntry | undefined,
  call: ClipCall,
): Promise<Pick<LockEntry, "digest" | "digests">> {
  const sets = await allSchemes(source, call);
  if (source.needsRoot) await refuseDamage(Object.values(sets), call);
  const all = { ...(source.needsRoot ? {} : old?.digests), ...digestsOf(sets) };
  const digests = Object.fromEntries(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1)));
  return { digest: digest(digests), digests };
}

/** Decodes what no scheme leaves out: a fingerprint of a damaged image would look as good as any. */
async function refuseDamage(sets: readonly ClipSet[], { onProgress }: ClipCall): Promise<void> {
  const clips = new Map(sets.flatMap(({ clips }) => clips.map((clip) => [clip.clip, clip])));
  const [problem] = await decodeAll([...clips.values()], onProgress);
  if (problem !== undefined) throw problem;
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
