/**
 * A few drawn clips on disk, for tests of runs from frames.
 *
 * @module
 */
import { join } from "@std/path";
import { syntheticMark } from "lib/data/clip_survey.ts";
import { lockDataset } from "lib/data/mod.ts";
import { writeLayout } from "lib/data/layouts/write.ts";
import type { Recording } from "lib/data/synthetic/recording.ts";
import { recordings } from "lib/data/synthetic/recordings.ts";

/** Two clips of different emotions of each of three subjects. */
function fewRecordings(): Recording[] {
  const bySubject = Map.groupBy(recordings("smic", "demo"), ({ subject }) => subject);
  const pairs = [...bySubject.values()].flatMap(([first, ...others]) => {
    const other = others.find(({ emotion }) => emotion !== first!.emotion);
    return other === undefined ? [] : [[first!, other]];
  });
  return pairs.slice(0, 3).flat();
}

/** Writes six clips in the official layout of SMIC into the folder `smic-hs` of a data root. */
export async function writeFewClips(dataRoot: string): Promise<void> {
  await writeLayout("smic", fewRecordings(), join(dataRoot, "smic-hs"));
  await Deno.writeTextFile(join(dataRoot, "smic-hs", syntheticMark), "");
}

/**
 * Does something while these clips count as locked; the lock file is then named by the environment, for
 * processes that are started meanwhile, too.
 */
export async function whileLocked(
  { dataRoot, lockFile }: { readonly dataRoot: string; readonly lockFile: string },
  work: () => Promise<void>,
): Promise<void> {
  const before = Deno.env.get("FLEETING_LOCK");
  Deno.env.set("FLEETING_LOCK", lockFile);
  try {
    await lockDataset("smic-hs", { root: dataRoot, lockFile });
    await work();
  } finally {
    if (before === undefined) Deno.env.delete("FLEETING_LOCK");
    else Deno.env.set("FLEETING_LOCK", before);
  }
}
