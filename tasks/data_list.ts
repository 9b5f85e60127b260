/**
 * What `deno task data list` prints.
 *
 * @module
 */
import { UserError } from "lib/core/errors.ts";
import { lockPath, readLock } from "lib/data/lock.ts";
import {
  type AnySource,
  type ClipCall,
  dataGroups,
  dataRoot,
  dataSources,
  glanceAtClipSet,
  loadDataset,
} from "lib/data/mod.ts";
import { table } from "./table.ts";

/** A table of all data sets with what is there of each, and one of the groups. */
export async function dataList(options: ClipCall): Promise<string> {
  const locked = await readLock(lockPath(options.lockFile));
  const rows = await Promise.all(dataSources.map(async (source) => [
    source.name,
    source.title,
    source.synthetic ? "yes" : "no",
    source.name in locked ? "yes" : "no",
    ...await whatIsThere(source, options),
    source.licence,
  ]));
  const head = ["name", "title", "synthetic", "locked", "clips", "subjects", "classes", "where"];
  const groups = Object.entries(dataGroups).map(([name, members]) => [name, members.join(", ")]);
  return `${table([[...head, "licence"], ...rows])}\n\n${
    table([["group", "data sets"], ...groups])
  }`;
}

/** Clips, subjects, classes and place of a data set, as far as it is there. */
async function whatIsThere(
  { name, kind, needsRoot }: AnySource,
  options: ClipCall,
): Promise<string[]> {
  let folder = "";
  try {
    folder = await dataRoot(name, options.root);
    const counts = kind === "clips"
      ? await countOfClips(name, options)
      : await countOfMaps(name, options);
    return [...counts.map(String), needsRoot ? folder : "generated"];
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return ["-", "-", "-", folder ? `${folder} (damaged: see verify)` : "not found"];
  }
}

async function countOfMaps(name: string, options: ClipCall): Promise<number[]> {
  const { samples, classes } = await loadDataset(name, options);
  return [samples.length, new Set(samples.map(({ subject }) => subject)).size, classes.length];
}

async function countOfClips(name: string, options: ClipCall): Promise<number[]> {
  const { clips, subjects, classes } = await glanceAtClipSet(name, options);
  return [clips, subjects, classes.length];
}
