/**
 * `deno task data export-synthetic`.
 *
 * @module
 */
import { exitCode, ParameterError } from "lib/core/errors.ts";
import type { SizeProfile } from "lib/data/clip.ts";
import { exportGenerated } from "lib/data/generated.ts";
import type { SetName } from "lib/data/synthetic/recording.ts";
import { requireWritable } from "./cli.ts";
import { countLine } from "./count_line.ts";

const sets: Readonly<Record<string, SetName>> = {
  "smic-hs": "smic",
  samm: "samm",
  casme2: "casme2",
};

/**
 * Writes generated clips in the official layout of a licensed data set.
 *
 * @param folder must be empty or not there
 */
export async function exportSynthetic(
  folder: string,
  { as, size }: { readonly as: string; readonly size: SizeProfile },
): Promise<number> {
  requireWritable(folder, "folder");
  await refuseContent(folder);
  const line = countLine(as);
  await exportGenerated(sets[as]!, size, folder, line.show);
  line.end();
  console.log(`${as}: generated clips (${size}) in its layout → ${folder}`);
  console.log(`See them by: deno task data inspect ${as} --data-root ${folder}`);
  return exitCode.ok;
}

async function refuseContent(folder: string): Promise<void> {
  let entries: Deno.DirEntry[];
  try {
    entries = await Array.fromAsync(Deno.readDir(folder));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    throw new ParameterError(
      `This is no folder that can be written (${(error as Error).message})`,
      {
        file: folder,
        fix: "Name a new folder",
      },
    );
  }
  if (entries.length === 0) return;
  throw new ParameterError("This folder is not empty, and what is in it might get lost", {
    file: folder,
    fix: "Name a new or an empty folder",
  });
}
