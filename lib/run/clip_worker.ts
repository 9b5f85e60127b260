/**
 * The worker process that prepares clips, one job at a time; see `serve.ts` for how it is spoken to.
 *
 * @module
 */
import { join } from "@std/path";
import { decodeFrame } from "lib/data/frames.ts";
import { maxImageBytes } from "lib/data/image_header.ts";
import { readBounded } from "lib/data/read_bounded.ts";
import { type FaceFinder, openFaceFinder } from "lib/face/face.ts";
import { prepareEach } from "lib/pipeline/clip.ts";
import { writeInput } from "lib/pipeline/input_file.ts";
import type { ClipSettings } from "lib/pipeline/settings.ts";
import type { ClipTask } from "./clip_jobs.ts";
import { serve } from "./serve.ts";

const finders = new Map<string, Promise<FaceFinder>>();

/** Opens a face finder once a process. */
function finderOf({ landmarks }: ClipSettings): Promise<FaceFinder> {
  const finder = finders.get(landmarks) ?? openFaceFinder(landmarks);
  finders.set(landmarks, finder);
  return finder;
}

/** Prepares one clip in all the ways that are wanted, and writes each file as soon as it can be. */
async function runJob({ clip, folder, outputs }: ClipTask): Promise<void> {
  const frame = async (position: number) => {
    const file = join(folder, clip.frameNames[position] ?? "");
    return await decodeFrame(await readBounded(file, maxImageBytes), file);
  };
  const settings = outputs.map(({ key }) => key.settings);
  const toolsOf = async (settings: ClipSettings) => ({ finder: await finderOf(settings) });
  const left = [...outputs];
  for await (const prepared of prepareEach({ ...clip, frame }, settings, toolsOf)) {
    const { file, key } = left.shift()!;
    await writeInput(file, key, prepared);
  }
}

if (import.meta.main) await serve(runJob);
