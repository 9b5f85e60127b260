/**
 * The whole way of a clip of CASME II's size: from files to network input, and which stage takes how
 * long.
 *
 * @module
 */
import { join } from "@std/path";
import type { Clip } from "lib/data/clip.ts";
import { clipOverFiles } from "lib/data/clip_files.ts";
import { fileEntry, mapFiles, readDataFile } from "lib/data/files.ts";
import { officialLayouts } from "lib/data/layouts/official.ts";
import { writeFrames } from "lib/data/layouts/write.ts";
import type { Recording } from "lib/data/synthetic/recording.ts";
import { clipParameters } from "lib/experiment/clip_parameters.ts";
import type { InputKind, Parameters } from "lib/experiment/types.ts";
import { availableRoute, type FaceFinder, openFaceFinder } from "lib/face/face.ts";
import { prepareClip } from "lib/pipeline/clip.ts";
import { type ClipSettings, clipSettings } from "lib/pipeline/settings.ts";
import { millisecondsOf } from "./compare.ts";
import { drawnClip } from "./drawn_clips.ts";
import type { WholeClip } from "./preprocessing_table.ts";

const frames = 70;

/** What is prepared: the paper's way with everything on, and the default of flow maps. */
const ways: readonly { what: string; input: InputKind; parameters: Parameters }[] = [
  {
    what: "magnified, flow from the onset to 16 key frames of 134×134",
    input: "flow-clip",
    parameters: { magnify: "ideal" },
  },
  { what: "flow from onset to apex, 28×28", input: "apex-flow", parameters: {} },
];

/** Measures each way on one generated clip, written as files in the layout of CASME II. */
export async function measureClips(folder: string, rounds: number): Promise<WholeClip[]> {
  const recording = drawnClip(frames);
  console.error("whole clip: drawing it");
  const clip = await writeClip(recording, join(folder, "casme2"));
  const finder = await openFaceFinder(await availableRoute());
  const length = recording.offset - recording.onset + 1;
  const size = `${recording.width}×${recording.height}, ${length} frames of JPEG`;
  try {
    const measured: WholeClip[] = [];
    for (const { what, input, parameters } of ways) {
      const settings = settingsOf(input, { ...parameters, landmarks: finder.route });
      const times = await measureClip(clip, settings, { finder, rounds });
      measured.push({ ...times, settings, frames: length, what: `${size}, ${what}` });
    }
    return measured;
  } finally {
    finder.close();
  }
}

/** An experiment's defaults with some parameters changed. */
function settingsOf(input: InputKind, changed: Parameters): ClipSettings {
  const defaults = Object.entries(clipParameters(input)).map((
    [name, spec],
  ) => [name, spec.default]);
  return clipSettings(input, { ...Object.fromEntries(defaults), ...changed });
}

async function writeClip(recording: Recording, folder: string): Promise<Clip> {
  await writeFrames("casme2", [recording], folder);
  const { subject, name, emotion, fps, width, height } = recording;
  const { onset, apex, offset, firstNumber, frameCount } = recording;
  const frameNames = Array.from(
    { length: frameCount },
    (_, i) => officialLayouts.casme2.framePath(recording, firstNumber + i),
  );
  const facts = await mapFiles(frameNames, async (path) => {
    const { size, sha256 } = fileEntry(path, await readDataFile(join(folder, path)));
    return { size, sha256, width, height };
  });
  return clipOverFiles({
    ...{ folder, frameNames, facts, subject, emotion, fps },
    clip: name,
    database: "casme2",
    label: 0,
    onset: onset - firstNumber,
    apex: apex - firstNumber,
    offset: offset - firstNumber,
  });
}

/** The round with the median time, with its stages. */
async function measureClip(
  clip: Clip,
  settings: ClipSettings,
  { finder, rounds }: { readonly finder: FaceFinder; readonly rounds: number },
): Promise<Pick<WholeClip, "ms" | "stages">> {
  const all: { ms: number; stages: { stage: string; ms: number }[] }[] = [];
  // The first one is cold and does not count.
  for (let round = 0; round <= rounds; round++) {
    if (round > 0) console.error(`whole clip, ${settings.input}: round ${round} of ${rounds}`);
    const stages: { stage: string; ms: number }[] = [];
    const ms = await millisecondsOf(async () => {
      const { outcome } = await prepareClip(clip, settings, {
        finder,
        onStage: (stage, milliseconds) => stages.push({ stage, ms: milliseconds }),
      });
      if (outcome !== "ready") {
        throw new Error(`The clip of the bench was not prepared: ${outcome}`);
      }
    });
    if (round > 0) all.push({ ms, stages });
  }
  return all.toSorted((a, b) => a.ms - b.ms)[all.length >> 1]!;
}
