/**
 * SLSTT: short and long range relation based spatio-temporal transformer.
 *
 * L. Zhang, X. Hong, O. Arandjelović, G. Zhao, IEEE TAFFC 13(4) (2022). Input: `[frames, side, side, 2]`,
 * long-term flow, which is the flow from the onset to each key frame, in pixels.
 *
 * DEVIATION: the authors compute flow by Farnebäck's algorithm and keep its pictures as 8-bit JPEG files
 * before they scale them; here it is the TV-L1 flow of all rows, scaled before it is drawn in colours.
 *
 * DEVIATION: the authors take eleven frames in a row around the apex, and make missing ones by a network
 * for interpolation. Here key frames lie at equal distances between onset and offset, unless
 * `keyFrameRule` says otherwise; missing ones come from the temporal interpolation model.
 *
 * DEVIATION: the authors divide the learning rate by ten after 30 of 40 epochs, and keep the epoch that
 * is best on the held-out subject. Here the rate is constant, and the last epoch counts unless
 * `epochSelection` says otherwise.
 *
 * @module
 */
import { type Volume, volume } from "lib/core/volume.ts";
import type { Parameters } from "lib/experiment/types.ts";
import { oncePerClip } from "lib/features/clip_memo.ts";
import { flowColours } from "lib/features/flow_colours.ts";
import { slstt, type SlsttOptions } from "lib/networks/slstt.ts";
import { resize } from "lib/preprocess/resize.ts";
import { network, type NetworkMethod } from "lib/train/network.ts";
import { visionTransformer } from "lib/weights/names.ts";
import { pretrained } from "lib/weights/pretrained.ts";

/** How a clip of flow becomes what the network sees. */
export interface FlowImageOptions {
  /** Side of the pictures in pixels. */
  readonly side: number;
  /** Colour pictures, as the authors, or the two components themselves. */
  readonly coding: "colour" | "components";
}

/** Mean and spread of the colours of ImageNet's photographs, which published weights expect. */
const photographs = { mean: [0.485, 0.456, 0.406], spread: [0.229, 0.224, 0.225] } as const;

/**
 * The frames of a clip as the network sees them, `[frames, side, side, channels]`: flow in colours,
 * normalised as photographs are; or its components, the clip scaled to a root mean square of 1.
 */
export const flowImages: (input: Volume, options: FlowImageOptions) => Volume = oncePerClip(
  (input: Volume, { side, coding }: FlowImageOptions) => {
    const flow = resizeFrames(input, side);
    return coding === "colour" ? standardised(flowColours(flow)) : unitClip(flow);
  },
);

function resizeFrames(clip: Volume, side: number): Volume {
  const [frames = 0, height = 0, width = 0, channels = 0] = clip.shape;
  if (height === side && width === side) return clip;
  const data = new Float32Array(frames * side * side * channels);
  const size = height * width * channels;
  for (let frame = 0; frame < frames; frame++) {
    const values = clip.data.subarray(frame * size, (frame + 1) * size);
    const scaled = resize(volume(values, [height, width, channels]), side, side);
    data.set(scaled.data, frame * scaled.data.length);
  }
  return volume(data, [frames, side, side, channels]);
}

function standardised({ data, shape }: Volume): Volume {
  const { mean, spread } = photographs;
  return volume(data.map((value, i) => (value - mean[i % 3]!) / spread[i % 3]!), shape);
}

/** Of both components together, so that directions stay. A clip without motion stays 0. */
function unitClip({ data, shape }: Volume): Volume {
  const square = data.reduce((sum, value) => sum + value ** 2, 0) / data.length;
  const scale = square > 0 ? 1 / Math.sqrt(square) : 0;
  return volume(data.map((value) => value * scale), shape);
}

/** How clips are looked at, among the parameters of the row. */
export function imageOptions(parameters: Parameters): FlowImageOptions {
  const coding = parameters.flowCoding === "components" ? "components" : "colour";
  return { side: Number(parameters.inputSide), coding };
}

/** The network's options among the parameters of the row. */
export function networkOptions(classes: number, parameters: Parameters): SlsttOptions {
  return {
    classes,
    aggregator: parameters.aggregator === "mean" ? "mean" : "lstm",
    patch: Number(parameters.patch),
    width: Number(parameters.tokenWidth),
    depth: Number(parameters.depth),
    heads: Number(parameters.heads),
    drop: Number(parameters.drop),
    lstmLayers: Number(parameters.lstmLayers),
    lstmUnits: Number(parameters.lstmUnits),
    freeze: parameters.encoder === "frozen",
  };
}

/** SLSTT as a method. */
export const method: NetworkMethod = network({
  id: "slstt",
  look: (input, parameters) => flowImages(input, imageOptions(parameters)),
  build: (classes, parameters) =>
    pretrained(
      slstt(networkOptions(classes, parameters)),
      String(parameters.weights ?? "none"),
      visionTransformer(Number(parameters.depth)),
    ),
});
