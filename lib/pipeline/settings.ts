/**
 * What the way from frames to input depends on, read from an experiment's parameters.
 *
 * @module
 */
import type { InputKind, Parameters } from "lib/experiment/types.ts";
import type { LandmarkRoute } from "lib/face/face.ts";

/** Settings of {@linkcode prepareClip}; the meaning of each is in `lib/experiment/clip_parameters.ts`. */
export interface ClipSettings {
  readonly input: InputKind;
  readonly landmarks: LandmarkRoute;
  readonly cropSide: number;
  readonly inputSide: number;
  readonly matchGain: boolean;
  readonly magnify: "none" | "ideal" | "iir";
  readonly alpha: number;
  readonly lowHz: number;
  readonly highHz: number;
  readonly removeDrift: boolean;
  /** Whether shifted and mirrored copies are made. */
  readonly copies: boolean;
  readonly keyFrames: number;
  readonly keyFrameRule: "slices" | "uniform" | "interpolated";
  readonly flowFrom: "onset" | "previous";
}

/**
 * Reads the settings from resolved parameters. What has no effect is set to its neutral value, so that
 * equal work has equal settings: `alpha` counts only where something is magnified.
 *
 * @param parameters resolved, `landmarks` not `auto` any more
 */
export function clipSettings(input: InputKind, parameters: Parameters): ClipSettings {
  const magnify = parameters.magnify as ClipSettings["magnify"];
  const sequence = !isApexInput(input);
  return {
    input,
    landmarks: parameters.landmarks as LandmarkRoute,
    cropSide: Number(parameters.cropSide),
    inputSide: sequence ? Number(parameters.inputSide) : 0,
    matchGain: Boolean(parameters.matchGain),
    magnify,
    alpha: magnify === "none" ? 0 : Number(parameters.alpha),
    lowHz: magnify === "ideal" ? Number(parameters.lowHz) : 0,
    highHz: magnify === "ideal" ? Number(parameters.highHz) : 0,
    removeDrift: input !== "grey-clip" && Boolean(parameters.removeDrift),
    copies: parameters.augment !== "none",
    keyFrames: sequence ? Number(parameters.keyFrames) : 0,
    keyFrameRule: sequence ? parameters.keyFrameRule as ClipSettings["keyFrameRule"] : "uniform",
    flowFrom: input === "flow-clip" ? parameters.flowFrom as ClipSettings["flowFrom"] : "onset",
  };
}

/** Whether an input is made of the onset and the apex alone. */
export function isApexInput(input: InputKind): boolean {
  return input === "apex-flow" || input === "apex-field";
}

/** The shift of the paper's augmentation, 15 pixels of its 134, in pixels of a crop. */
export function copyShift(cropSide: number): number {
  return Math.round(15 * cropSide / 134);
}
