/**
 * C3D, eight convolutions over time and space with poolings between them.
 *
 * D. Tran, L. Bourdev, R. Fergus, L. Torresani, M. Paluri, "Learning spatiotemporal features with 3D
 * convolutional networks", ICCV 2015; and, as `squ-c3d`, the reading of the article that the paper cites:
 * S. Liu, Y. Ren, L. Li, X. Sun, Y. Song, C.-C. Hung, "Micro-expression recognition based on SqueezeNet and
 * C3D", Multimedia Systems 28 (2022), which gives the network the onset, apex and offset alone.
 *
 * DEVIATION: C3D sees colour frames, and its authors train it on a million films first; those weights are
 * not at hand. On thirty to two hundred clips it learns nothing from frames, so it sees the flow from the
 * onset to each key frame, as the paper's own network does, and is trained from scratch without `weights`.
 *
 * @module
 */
import type { Block } from "lib/blocks/block.ts";
import { conv3d } from "lib/blocks/conv.ts";
import { dense } from "lib/blocks/dense.ts";
import { dropout } from "lib/blocks/dropout.ts";
import { flatten } from "lib/blocks/flatten.ts";
import { graph, type Wired } from "lib/blocks/graph.ts";
import { maxPool3d } from "lib/blocks/pool.ts";
import { relu } from "lib/blocks/relu.ts";
import { ParameterError } from "lib/core/errors.ts";
import { type Volume, volume } from "lib/core/volume.ts";
import { network, type NetworkMethod } from "lib/train/network.ts";
import { sports1m } from "lib/weights/names.ts";
import { pretrained } from "lib/weights/pretrained.ts";
import { unitClip } from "./ms_resnet3d.ts";

/** The network. */
export interface C3dOptions {
  readonly classes: number;
  /** Channels of the first convolution; the last ones have 8 times as many. Default 64. */
  readonly width?: number;
  /** Units of the two fully connected layers; default 4096. */
  readonly hidden?: number;
  /** Dropout's share after each of them; default 0.5. */
  readonly drop?: number;
  /** Whether the poolings halve time too, after the first; default true. Three frames leave no time to halve. */
  readonly poolTime?: boolean;
}

/**
 * The network, `[frames, side, side, channels]` to a score a class; 78,008,067 parameters for three
 * channels and classes at 16×112×112.
 */
export function c3d(options: C3dOptions): Block & Wired {
  const { classes, width = 64, hidden = 4096, drop = 0.5, poolTime = true } = options;
  const conv = (times: number): Block =>
    conv3d({ filters: times * width, kernel: 3, padding: "same", init: "he" });
  const time = poolTime ? 2 : 1;
  const pool = (frames: number): Block => maxPool3d({ window: [frames, 2, 2] });
  return graph({
    conv1: conv(1),
    relu1: relu(),
    pool1: pool(1), // 16×56×56
    conv2: conv(2),
    relu2: relu(),
    pool2: pool(time), // 8×28×28
    conv3a: conv(4),
    relu3a: relu(),
    conv3b: conv(4),
    relu3b: relu(),
    pool3: pool(time), // 4×14×14
    conv4a: conv(8),
    relu4a: relu(),
    conv4b: conv(8),
    relu4b: relu(),
    pool4: pool(time), // 2×7×7
    conv5a: conv(8),
    relu5a: relu(),
    conv5b: conv(8),
    relu5b: relu(),
    // The authors pad the side of 7 so that none of it is lost.
    pool5: maxPool3d({ window: [time, 2, 2], padding: [0, 1, 1] }), // 1×4×4
    flatten: flatten(),
    fc6: dense({ units: hidden, init: "he" }),
    relu6: relu(),
    drop6: dropout(drop),
    fc7: dense({ units: hidden, init: "he" }),
    relu7: relu(),
    drop7: dropout(drop),
    fc8: dense({ units: classes }),
  });
}

/**
 * The first, the apex and the last of a clip's frames, `[3, height, width, channels]`. The apex is the
 * frame that differs most from the first one.
 *
 * DEVIATION: the authors measure the difference by the features of a SqueezeNet that was trained on
 * ImageNet; without its weights it is the root mean square of what the network sees.
 */
export function threeFrames({ data, shape }: Volume): Volume {
  const [frames = 0, ...rest] = shape;
  const size = data.length / frames;
  const frame = (i: number): Float32Array => data.subarray(i * size, (i + 1) * size);
  const first = frame(0);
  const distances = Array.from(
    { length: frames },
    (_, i) => frame(i).reduce((sum, value, k) => sum + (value - first[k]!) ** 2, 0),
  );
  const apex = distances.indexOf(Math.max(...distances));
  const three = new Float32Array(3 * size);
  [0, apex, frames - 1].forEach((i, place) => three.set(frame(i), place * size));
  return volume(three, [3, ...rest]);
}

/**
 * @throws ParameterError when four poolings leave nothing of the frames
 */
function requireFrames([frames = 0]: readonly number[]): void {
  if (frames >= 16) return;
  throw new ParameterError(`C3D halves time four times, which ${frames} key frames do not allow`, {
    file: "c3d",
    field: "keyFrames",
    fix: "Use at least 16, or --variant squ-c3d",
  });
}

/** C3D as a method. */
export const method: NetworkMethod = network({
  id: "c3d",
  look: (input, { variant, clipScale }) => {
    if (variant !== "squ-c3d") requireFrames(input.shape);
    const clip = variant === "squ-c3d" ? threeFrames(input) : input;
    return clipScale === "unit" ? unitClip(clip) : clip;
  },
  build: (classes, { width, hidden, drop, variant, weights = "none" }) =>
    pretrained(
      c3d({
        classes,
        width: Number(width),
        hidden: Number(hidden),
        drop: Number(drop),
        poolTime: variant !== "squ-c3d",
      }),
      String(weights),
      sports1m(Number(width)),
    ),
});
