/**
 * The worker process that prepares clips, one job at a time; see `serve.ts` for how it is spoken to.
 *
 * @module
 */
import { join } from "@std/path";
import { readDataFile } from "lib/data/files.ts";
import { decodeFrame } from "lib/data/frames.ts";
import { type FaceFinder, openFaceFinder } from "lib/face/face.ts";
import { prepareClip } from "lib/pipeline/clip.ts";
import { writeInput } from "lib/pipeline/input_file.ts";
import type { ClipJob } from "./clip_jobs.ts";
import { serve } from "./serve.ts";

const finders = new Map<string, Promise<FaceFinder>>();

/** Opens a face finder once a process. */
function finderOf({ key }: ClipJob): Promise<FaceFinder> {
  const route = key.settings.landmarks;
  const finder = finders.get(route) ?? openFaceFinder(route);
  finders.set(route, finder);
  return finder;
}

/** Prepares one clip and writes its file. */
async function runJob(job: ClipJob): Promise<void> {
  const finder = await finderOf(job);
  const frame = async (position: number) => {
    const file = join(job.folder, job.clip.frameNames[position] ?? "");
    return await decodeFrame(await readDataFile(file), file);
  };
  const clip = { ...job.clip, frame };
  await writeInput(job.file, job.key, await prepareClip(clip, job.key.settings, { finder }));
}

if (import.meta.main) await serve(runJob);
