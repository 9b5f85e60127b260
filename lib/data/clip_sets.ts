/**
 * Sets of clips, by name.
 *
 * @module
 */
import { DataError, ParameterError } from "lib/core/errors.ts";
import { type ClipCall, dataRoot, dataSource, dataSources } from "./catalogue.ts";
import type { ClipSet, LabelScheme } from "./clip.ts";
import type { ClipGlance, ClipSurvey } from "./clip_survey.ts";
import type { ClipOptions, ClipSource } from "./source.ts";

const schemes: readonly LabelScheme[] = ["paper", "megc3", "original5"];

/**
 * Finds a set of clips in the list.
 *
 * @throws ParameterError for an unknown name and for a set of flow maps
 */
export function clipSource(name: string): ClipSource {
  const source = dataSource(name);
  if (source.kind === "clips") return source;
  const clips = dataSources.filter(({ kind }) => kind === "clips").map(({ name }) => name);
  throw new ParameterError(`'${name}' holds flow maps, and clips are wanted here`, {
    fix: `Choose one of ${clips.join(", ")}`,
  });
}

/** Counts the clips of a set without reading or drawing a frame. */
export async function glanceAtClipSet(name: string, call: ClipCall = {}): Promise<ClipGlance> {
  return await clipSource(name).glance(await dataRoot(name, call.root), clipOptions(call));
}

/** A call with its defaults. */
export function clipOptions(
  { labels = "paper", size = "demo", onProgress }: ClipCall,
): ClipOptions {
  return { labels, size, ...(onProgress === undefined ? {} : { onProgress }) };
}

/**
 * Loads a set of clips as it is on disk, without a look at the lock file. A generated set is drawn on
 * first use.
 *
 * @throws ParameterError for an unknown name and for a set of flow maps
 * @throws DataError naming the first clip and file with a problem, and the fix
 */
export async function loadClipSet(name: string, call: ClipCall = {}): Promise<ClipSet> {
  const source = clipSource(name);
  const folder = await dataRoot(name, call.root);
  const set = await source.loadClips(folder, clipOptions(call));
  if (set.clips.length === 0) {
    throw new DataError(`Data set '${name}' has no clips here`, {
      file: set.folder,
      fix: set.leftOut.length > 0
        ? `All ${set.leftOut.length} are left out: ${set.leftOut[0]!.reason}`
        : source.obtain,
    });
  }
  return set;
}

/** Opens a set of clips and lists what is wrong with it instead of stopping there. */
export async function surveyClipSet(name: string, call: ClipCall = {}): Promise<ClipSurvey> {
  return await clipSource(name).survey(await dataRoot(name, call.root), clipOptions(call));
}

/** The name of a digest in a lock entry. */
export function digestName(source: ClipSource, { labels, size }: ClipOptions): string {
  return source.needsRoot ? labels : `${size}/${labels}`;
}

/** The set in each label scheme, by the name of its digest in a lock entry. */
export async function allSchemes(
  source: ClipSource,
  call: ClipCall,
): Promise<Record<string, ClipSet>> {
  const sets: Record<string, ClipSet> = {};
  for (const labels of schemes) {
    const options = clipOptions({ ...call, labels });
    sets[digestName(source, options)] = await loadClipSet(source.name, { ...call, labels });
  }
  return sets;
}

/** The digests of {@linkcode allSchemes}. */
export function digestsOf(sets: Readonly<Record<string, ClipSet>>): Record<string, string> {
  return Object.fromEntries(Object.entries(sets).map(([name, { digest }]) => [name, digest]));
}
