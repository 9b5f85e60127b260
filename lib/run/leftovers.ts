/**
 * What processes that were killed left behind, wherever a run writes.
 *
 * @module
 */
import { dirname, join } from "@std/path";
import { removeUnfinished } from "lib/core/files.ts";
import { removeLeftScratch } from "lib/core/scratch.ts";
import { removeHalfMade } from "lib/data/generated_folder.ts";
import { root } from "lib/experiment/find.ts";
import { removeSetUpScratch } from "lib/setup/scratch.ts";
import { cacheFolder } from "lib/setup/paths.ts";
import type { RunOptions } from "./options.ts";

/** Folders beside the finished folds, in which a run keeps things. */
const beside = ["inputs", "notebooks", "slurm"];

/** Folders in the user's cache whose files are written one by one. */
const ofUser = ["", "frames", "landmarks", "weights"];

/**
 * Removes temporary files and folders whose writers are gone; what a living process is writing stays. What
 * cannot be removed stays, too: it is in nobody's way.
 *
 * @param sets the data sets of the run
 */
export async function removeLeftovers(
  { cache, results }: Pick<RunOptions, "cache" | "results">,
  sets: readonly string[],
): Promise<void> {
  removeLeftScratch();
  const [own, below] = [dirname(cache), { below: true }];
  await removeUnfinished(own);
  await removeUnfinished(join(root, ".cache", "code"));
  for (const folder of [cache, ...beside.map((name) => join(own, name))]) {
    await removeUnfinished(folder, below);
  }
  for (const set of new Set(sets)) await removeUnfinished(join(results, set), below);
  await removeOfUser();
}

async function removeOfUser(): Promise<void> {
  let user: string;
  try {
    user = cacheFolder();
  } catch {
    return; // There is no home folder, so nothing was left in it.
  }
  for (const name of ofUser) await removeUnfinished(join(user, name));
  await removeHalfMade(join(user, "data"));
  await removeSetUpScratch(user);
}
