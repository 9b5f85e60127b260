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
import { type Variant, variants } from "lib/preprocess/augment.ts";
import { type Crop, cropPlan, faceCrop, pointsInCrop } from "lib/preprocess/crop.ts";
import { removeDrift } from "lib/preprocess/drift.ts";
import type { FlowField } from "lib/preprocess/flow_field.ts";
import { toGrey } from "lib/preprocess/frame.ts";
import { matchClip, type MatchedClip } from "lib/preprocess/gain.ts";
import { pick, selectFrames, sliceRows } from "lib/preprocess/key_frames.ts";
import { magnify } from "lib/preprocess/magnify.ts";
import { flowMap, strainedField } from "lib/preprocess/normalise.ts";
import { resize } from "lib/preprocess/resize.ts";
import { tvl1 } from "lib/preprocess/tvl1.ts";
import type { ClipLog, PreparedClip } from "./input_file.ts";
import { type ClipSettings, copyShift, isApexInput } from "./settings.ts";

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

/** What finds faces, by the settings' route, and who is told of stages. */
export interface ClipTools {
  readonly finder: FaceFinder;
  readonly onStage?: OnStage;
}

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
  tools: ClipTools,
): Promise<PreparedClip> {
  return await prepareWith(clip, settings, { ...tools, common: inCommon(clip, [settings]) });
}

/**
 * Prepares one clip under several settings, in their order. What they have in common (the face, the
 * crop, a flow between the same two frames) is computed once, so that each comes out as
 * {@linkcode prepareClip} alone has it, but sooner.
 */
export async function* prepareEach(
  clip: ClipFrames,
  list: readonly ClipSettings[],
  toolsOf: (settings: ClipSettings) => Promise<ClipTools>,
): AsyncGenerator<PreparedClip> {
  const common = inCommon(clip, list);
  for (const settings of list) {
    yield await prepareWith(clip, settings, { ...await toolsOf(settings), common });
  }
}

/** What the settings of one clip share. */
interface Common {
  /** The frames that are cut out for these settings: all that any with the same crop needs. */
  positions(settings: ClipSettings): readonly number[];
  /** Does a piece of work the first time only; `key` says all that it depends on beside the clip. */
  once<T>(key: readonly unknown[], work: () => T | Promise<T>): Promise<T>;
}

function inCommon(clip: ClipFrames, list: readonly ClipSettings[]): Common {
  const widest = new Map<string, readonly number[]>();
  for (const settings of list) {
    const key = JSON.stringify(cutKey(settings));
    const needed = neededFrames(clip, settings);
    if (needed.length > (widest.get(key)?.length ?? 0)) widest.set(key, needed);
  }
  const kept = new Map<string, unknown>();
  return {
    positions: (settings) => widest.get(JSON.stringify(cutKey(settings)))!,
    once: async <T>(key: readonly unknown[], work: () => T | Promise<T>) => {
      const name = JSON.stringify(key);
      if (!kept.has(name)) kept.set(name, await work());
      return kept.get(name) as T;
    },
  };
}

/** What the cut and matched frames depend on. */
function cutKey({ landmarks, cropSide, copies, matchGain }: ClipSettings): readonly unknown[] {
  return [landmarks, cropSide, copies, matchGain];
}

async function prepareWith(
  clip: ClipFrames,
  settings: ClipSettings,
  { finder, onStage, common }: ClipTools & { readonly common: Common },
): Promise<PreparedClip> {
  const timed = timer(onStage);
  const cutBy = cutKey(settings);
  const face = await timed(
    "face",
    () => common.once(["face", settings.landmarks], findFace(clip, finder)),
  );
  if (face === undefined) return { outcome: "no face" };
  const margin = settings.copies ? copyShift(settings.cropSide) : 0;
  const crop = faceCrop(face.landmarks);
  const positions = neededFrames(clip, settings);
  const wide = common.positions(settings);
  const cut = await timed(
    "decode and crop",
    () =>
      common.once(
        ["cut", cutBy],
        () => cutFrames(clip, wide, { crop, side: settings.cropSide, margin }),
      ),
  );
  const matched = await timed("gain", async () => {
    const all = await common.once(
      ["gain", cutBy],
      () => settings.matchGain ? matchClip(cut, 0) : { clip: cut, gains: [1] },
    );
    return positions.length === wide.length ? all : pickMatched(all, positions, wide);
  });
  const points = pointsInCrop(face.landmarks, crop, settings.cropSide, margin);
  const apex = await timed("apex", async () => {
    if (clip.apex !== undefined) return { index: positions.indexOf(clip.apex), from: "sheet" };
    const { apex } = await common.once(["apex", cutBy], () => spotApex(matched.clip, points));
    return { index: apex, from: "spotted" };
  });
  const magnified = await timed("magnify", () => magnifyClip(matched.clip, clip.fps, settings));
  const chosen = await timed(
    "key frames",
    () => chooseFrames(magnified, settings, { apex: apex.index, points }),
  );
  const fromOnset = (place: number) =>
    Number.isInteger(place) ? positions[place]! - clip.onset : place;
  const flow = await timed("flow", () =>
    flowsOf(chosen, settings, {
      common,
      places: chosen.indices.map(fromOnset),
    }));
  const log: ClipLog = {
    detector: face.detector,
    score: face.score,
    landmarks: face.route,
    frames: clip.offset - clip.onset + 1,
    apex: fromOnset(apex.index),
    apexFrom: apex.from as ClipLog["apexFrom"],
    gains: [Math.min(...matched.gains), Math.max(...matched.gains)],
    keyFrames: chosen.indices.map(fromOnset),
    keyFrameRule: chosen.rule,
    drift: flow.drift,
  };
  const whole = settings.input === "grey-clip"
    ? volume(chosen.clip.data, [...chosen.clip.shape, 1])
    : stacked(flow.fields);
  return { outcome: "ready", inputs: inputsOf(whole, settings, margin), log };
}

function findFace(clip: ClipFrames, finder: FaceFinder): () => Promise<Face | undefined> {
  return async () => await finder.find(await clip.frame(clip.onset));
}

/** Each frame is matched to the onset alone, so some of them are what they are among all. */
function pickMatched(
  { clip, gains }: MatchedClip,
  positions: readonly number[],
  wide: readonly number[],
): MatchedClip {
  const places = positions.map((position) => wide.indexOf(position));
  return {
    clip: pick(clip, places),
    gains: gains.length === 1 ? gains : places.map((place) => gains[place]!),
  };
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
  if (isApexInput(settings.input) && settings.magnify === "none" && apex !== undefined) {
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

/** Magnifies within what the frame rate can hold. */
export function magnifyClip(clip: Volume, fps: number, settings: ClipSettings): Volume {
  const { magnify: filter, alpha, lowHz, highHz } = settings;
  if (filter === "none") return clip;
  if (filter === "iir") return magnify(clip, { filter, alpha, fps });
  return magnify(clip, { filter, alpha, fps, lowHz, highHz: Math.min(highHz, fps / 2) });
}

interface Chosen {
  readonly clip: Volume;
  readonly indices: readonly number[];
  readonly rule: string;
}

/** The frames that the input is made of; of a flow input the onset comes first. */
function chooseFrames(
  clip: Volume,
  settings: ClipSettings,
  { apex, points }: { readonly apex: number; readonly points: Float32Array },
): Chosen {
  if (isApexInput(settings.input)) {
    return { clip: pick(clip, [0, apex]), indices: [0, apex], rule: "apex" };
  }
  // Flow to n frames needs the onset beside them.
  const count = settings.keyFrames + (settings.input === "flow-clip" ? 1 : 0);
  const rows = sliceRows(points, clip.shape[1] ?? 0);
  return selectFrames(clip, { rule: settings.keyFrameRule, rows, count, keep: apex });
}

/** The flow from the first frame, or from the one before, to each further frame. */
async function flowsOf(
  { clip, rule }: Chosen,
  settings: ClipSettings,
  { common, places }: { readonly common: Common; readonly places: readonly number[] },
): Promise<{ fields: FlowField[]; drift: number }> {
  if (settings.input === "grey-clip") return { fields: [], drift: 0 };
  const frames = planesOf(clip);
  const { magnify: filter, alpha, lowHz, highHz } = settings;
  let drift = 0;
  const fields: FlowField[] = [];
  for (let to = 1; to < frames.length; to++) {
    const from = settings.flowFrom === "onset" ? 0 : to - 1;
    // A frame that was made is known by its place only together with how many were made.
    const made = rule === "interpolated" ? frames.length : 0;
    const key = [cutKey(settings), filter, alpha, lowHz, highHz, made, places[from], places[to]];
    const flow = await common.once(["flow", key], () => tvl1(frames[from]!, frames[to]!));
    if (!settings.removeDrift) {
      fields.push(flow);
      continue;
    }
    const still = removeDrift(flow);
    drift = Math.max(drift, Math.hypot(still.u, still.v));
    fields.push(still.flow);
  }
  return { fields, drift };
}

/** The frames of a clip; matching and magnifying may have left 0..1, which flow does not take. */
function planesOf({ data, shape }: Volume): Volume[] {
  const [frames = 0, height = 0, width = 0] = shape;
  const size = height * width;
  return Array.from({ length: frames }, (_, i) => {
    const plane = data.slice(i * size, (i + 1) * size);
    return volume(plane.map((x) => Math.min(1, Math.max(0, x))), [height, width]);
  });
}

/** Flow fields as one volume `[fields, height, width, 2]`. */
function stacked(fields: readonly FlowField[]): Volume {
  const { width, height } = fields[0]!;
  const size = width * height;
  const data = new Float32Array(fields.length * size * 2);
  fields.forEach(({ u, v }, field) => {
    for (let i = 0; i < size; i++) {
      data[2 * (field * size + i)] = u[i]!;
      data[2 * (field * size + i) + 1] = v[i]!;
    }
  });
  return volume(data, [fields.length, height, width, 2]);
}

/** The input, and its copies if there is a margin for them. */
function inputsOf(wide: Volume, settings: ClipSettings, margin: number): Variant[] {
  const { input, copies, inputSide } = settings;
  const all = copies
    ? variants(wide, margin, input === "grey-clip" ? [] : [0])
    : [{ name: "original", volume: wide }];
  const finish = (volume: Volume): Volume => {
    if (input === "apex-flow") return flowMap(fieldOf(volume), mapSide);
    if (input === "apex-field") return strainedField(fieldOf(volume));
    return resizeEach(volume, inputSide);
  };
  return all.map(({ name, volume }) => ({ name, volume: finish(volume) }));
}

/** Resizes each frame of `[frames, side, side, channels]`. */
function resizeEach(clip: Volume, side: number): Volume {
  const [frames = 0, height = 0, width = 0, channels = 0] = clip.shape;
  if (height === side && width === side) return clip;
  const from = height * width * channels;
  const to = side * side * channels;
  const data = new Float32Array(frames * to);
  for (let i = 0; i < frames; i++) {
    const frame = volume(clip.data.subarray(i * from, (i + 1) * from), [height, width, channels]);
    data.set(resize(frame, side, side).data, i * to);
  }
  return volume(data, [frames, side, side, channels]);
}

/** The only field of `[1, height, width, 2]`. */
function fieldOf({ data, shape }: Volume): FlowField {
  const [, height = 0, width = 0] = shape;
  const channel = (c: number) =>
    Float32Array.from({ length: height * width }, (_, i) => data[2 * i + c]!);
  return { u: channel(0), v: channel(1), width, height };
}
