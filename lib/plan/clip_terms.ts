/**
 * What preparing a clip consists of: faces, frames and flow fields.
 *
 * @module
 */
import { sizeOf } from "lib/core/volume.ts";
import { variantNames } from "lib/preprocess/augment.ts";
import { type ClipSettings, copyShift, isApexInput } from "lib/pipeline/settings.ts";
import type { ClipFacts } from "lib/run/facts.ts";
import { frameSizes } from "./known_sets.ts";
import { inputShape } from "lib/run/size.ts";
import type { Terms } from "./terms.ts";

/** What each process that prepares clips does once: it loads the detector and dlib's points. */
export const clipStart: Terms = { "process starts with a face finder": 1 };

/** The side of the crop with the margin for shifted copies. */
function wideSide({ cropSide, copies }: ClipSettings): number {
  return cropSide + (copies ? 2 * copyShift(cropSide) : 0);
}

/**
 * The mean terms of a clip that is prepared in several ways at once: what they have in common is done once,
 * as `prepareEach` does it.
 */
export function clipTerms({ data, size, settings, frames }: ClipFacts): Terms {
  const sizes = frameSizes(data, size);
  const framePixels = sizes === undefined ? 0 : sizes.width * sizes.height;
  const annotated = !/smic/.test(data);
  const needed = (one: ClipSettings): number =>
    isApexInput(one.input) && one.magnify === "none" && annotated ? 2 : frames;
  const cuts = new Map<string, number>();
  const magnified = new Map<string, number>();
  const flows = new Map<string, number>();
  for (const one of settings) {
    const area = wideSide(one) ** 2;
    const cut = JSON.stringify([one.landmarks, one.cropSide, one.copies, one.matchGain]);
    cuts.set(cut, Math.max(cuts.get(cut) ?? 0, needed(one)));
    const { magnify, alpha, lowHz, highHz } = one;
    const filter = JSON.stringify([cut, magnify, alpha, lowHz, highHz]);
    // Every way magnifies for itself.
    if (magnify !== "none") magnified.set(JSON.stringify(one), frames * area);
    if (one.input === "grey-clip") continue;
    const fields = isApexInput(one.input) ? 1 : one.keyFrames;
    const from = isApexInput(one.input) ? "onset" : one.flowFrom;
    const flow = JSON.stringify([filter, from]);
    flows.set(flow, Math.max(flows.get(flow) ?? 0, fields * area));
  }
  const sum = (values: Iterable<number>) => [...values].reduce((all, one) => all + one, 0);
  return {
    "faces": new Set(settings.map(({ landmarks }) => landmarks)).size,
    "million pixels decoded": sum(cuts.values()) * framePixels / 1e6,
    "million pixels magnified": sum(magnified.values()) / 1e6,
    "million pixels of flow": sum(flows.values()) / 1e6,
    "million pixels of frames": sum(settings.map((one) => needed(one) * wideSide(one) ** 2)) / 1e6,
  };
}

/** The bytes of a prepared clip's numbers, with its shifted and mirrored copies. */
export function inputBytes(settings: ClipSettings): number {
  const { input, inputSide, keyFrames, cropSide, copies } = settings;
  const side = input === "apex-field" ? cropSide : inputSide;
  const shape = inputShape(input, { inputSide: side, keyFrames }, false);
  return 4 * sizeOf(shape) * (copies ? variantNames.length : 1);
}
