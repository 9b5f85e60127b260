/**
 * One clip, from frames to network input. Each stage is a pure function of `lib/preprocess` or the
 * face finder; this module puts them in their order.
 *
 * @module
 */
import { type Volume, volume } from "lib/core/volume.ts";
import type { Clip } from "lib/data/clip.ts";
import type { Face, FaceFinder } from "lib/face/face.ts";
import { spotApex } from "lib/preprocess/apex.ts";
import { variants } from "lib/preprocess/augment.ts";
import { type Crop, cropPlan, faceCrop, pointsInCrop } from "lib/preprocess/crop.ts";
import { removeDrift } from "lib/preprocess/drift.ts";
import type { FlowField } from "lib/preprocess/flow_field.ts";
import { toGrey } from "lib/preprocess/frame.ts";
import { matchClip } from "lib/preprocess/gain.ts";
import { selectFrames, sliceRows } from "lib/preprocess/key_frames.ts";
import { magnify } from "lib/preprocess/magnify.ts";
import { flowMap } from "lib/preprocess/normalise.ts";
import { tvl1 } from "lib/preprocess/tvl1.ts";
import type { ClipLog, PreparedClip } from "./input_file.ts";
import { type ClipSettings, copyShift } from "./settings.ts";

/** What is needed of a clip: its annotation and its frames. */
export type ClipFrames = Pick<Clip, "clip" | "fps" | "onset" | "apex" | "offset" | "frame">;

/** The stages, in their order, as {@linkcode prepareClip} reports them. */
export type Stage =
  | "face"
  | "decode and crop"
  | "gain"
  | "apex"
  | "magnify"
  | "key frames"
  | "flow";

/** Called after each stage with its time in milliseconds. */
export type OnStage = (stage: Stage, milliseconds: number) => void;

/** The side of published flow maps. */
const mapSide = 28;

/**
 * Prepares one clip:
 * 1. the face is found once, in the onset frame, and one crop is fixed for the whole clip (landmarks of
 *    each frame jitter as much as an expression moves);
 * 2. the frames from onset to offset are decoded, made grey and cut out;
 * 3. each is matched to the onset's mean and spread, against flicker;
 * 4. the apex comes from the sheet, or is spotted where the sheet has none;
 * 5. the clip is magnified;
 * 6. key frames are chosen;
 * 7. TV-L1 flow, from which the head's motion is subtracted.
 *
 * @returns the input, in the shape that {@linkcode InputKind} names, or that no face was found
 * @throws DataError naming clip and file for a frame that cannot be read
 */
export async function prepareClip(
  clip: ClipFrames,
  settings: ClipSettings,
  { finder, onStage }: { readonly finder: FaceFinder; readonly onStage?: OnStage },
): Promise<PreparedClip> {
  const timed = timer(onStage);
  const face = await timed("face", async () => finder.find(await clip.frame(clip.onset)));
  if (face === undefined) return { outcome: "no face" };
  const margin = settings.copies ? copyShift(settings.cropSide) : 0;
  const crop = faceCrop(face.landmarks);
  const positions = neededFrames(clip, settings);
  const cut = await timed(
    "decode and crop",
    () => cutFrames(clip, positions, { crop, side: settings.cropSide, margin }),
  );
  const matched = await timed(
    "gain",
    () => settings.matchGain ? matchClip(cut, 0) : unmatched(cut),
  );
  const points = pointsInCrop(face.landmarks, crop, settings.cropSide, margin);
  const apex = await timed("apex", () => apexOf(clip, positions, { frames: matched.clip, points }));
  const magnified = await timed("magnify", () => magnifyClip(matched.clip, clip.fps, settings));
  const chosen = await timed(
    "key frames",
    () => chooseFrames(magnified, settings, { apex: apex.index, points }),
  );
  const flow = await timed("flow", () => flowsOf(chosen.clip, settings));
  const log: ClipLog = {
    detector: face.detector,
    score: face.score,
    landmarks: face.route,
    frames: clip.offset - clip.onset + 1,
    apex: apex.index,
    apexFrom: apex.from,
    gains: [Math.min(...matched.gains), Math.max(...matched.gains)],
    keyFrames: chosen.indices,
    keyFrameRule: chosen.rule,
    drift: flow.drift,
  };
  const wide = settings.input === "grey-clip" ? withChannel(chosen.clip) : stacked(flow.fields);
  return { outcome: "ready", inputs: inputsOf(wide, settings, margin), log };
}

function timer(onStage?: OnStage) {
  return async <T>(stage: Stage, work: () => T | Promise<T>): Promise<T> => {
    const start = performance.now();
    const result = await work();
    onStage?.(stage, performance.now() - start);
    return result;
  };
}

/** The frames that the settings need: often only two of them. */
function neededFrames({ onset, apex, offset }: ClipFrames, settings: ClipSettings): number[] {
  if (settings.input === "apex-flow" && settings.magnify === "none" && apex !== undefined) {
    return [onset, apex];
  }
  return Array.from({ length: offset - onset + 1 }, (_, i) => onset + i);
}

/** Where and how large frames are cut out. */
export interface Cut {
  readonly crop: Crop;
  /** Pixels a side. */
  readonly side: number;
  /** Further pixels on each side, for shifted copies. */
  readonly margin: number;
}

/**
 * Decodes frames and cuts the face out of them.
 *
 * @param positions frames of the clip
 * @returns `[positions, side + 2 margin, side + 2 margin]`, grey 0..1
 */
export async function cutFrames(
  clip: ClipFrames,
  positions: readonly number[],
  { crop, side, margin }: Cut,
): Promise<Volume> {
  const width = side + 2 * margin;
  const data = new Float32Array(positions.length * width * width);
  let plan: ReturnType<typeof cropPlan> | undefined;
  for (const [i, position] of positions.entries()) {
    const frame = await clip.frame(position);
    plan ??= cropPlan(crop, { side, extra: margin, width: frame.width, height: frame.height });
    data.set(plan(toGrey(frame)).data, i * width * width);
  }
  return volume(data, [positions.length, width, width]);
}

function unmatched(clip: Volume): { clip: Volume; gains: readonly number[] } {
  return { clip, gains: [1] };
}

async function apexOf(
  clip: ClipFrames,
  positions: readonly number[],
  { frames, points }: { readonly frames: Volume; readonly points: Float32Array },
): Promise<{ index: number; from: ClipLog["apexFrom"] }> {
  if (clip.apex !== undefined) {
    return { index: positions.indexOf(clip.apex), from: "sheet" };
  }
  return { index: (await spotApex(frames, { landmarks: points })).apex, from: "spotted" };
}

function magnifyClip(clip: Volume, fps: number, settings: ClipSettings): Volume {
  const { magnify: filter, alpha, lowHz, highHz } = settings;
  if (filter === "none") return clip;
  const highest = Math.min(highHz, fps / 2);
  return magnify(clip, {
    alpha,
    fps,
    ...(filter === "ideal" ? { filter, lowHz, highHz: highest } : { filter }),
  });
}
