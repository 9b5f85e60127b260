/**
 * CapsuleNet: the apex frame through the beginning of a residual network, and capsules of which each
 * class has one, as long as the class is likely.
 *
 * N. Van Quang, J. Chun, T. Tokuyama, "CapsuleNet for micro-expression recognition", FG 2019, and the
 * authors' published code. Input: `[frames, side, side, 1]`, grey 0..1.
 *
 * DEVIATION: the authors begin with weights of ImageNet, then of a database of plain expressions; those
 * are not at hand. Without `weights`, all layers are drawn and trained, and what a face shows at rest
 * outweighs what moves in it, so the demo profile magnifies, as the paper's own pipeline does.
 *
 * DEVIATION: the authors turn images by up to 8°, held-out ones too, which gives another score at each
 * run, and add the neighbours of the apex for rare classes. Here nothing is turned, but for held-out images
 * when `testRotation` says so, and rare classes weigh more instead.
 *
 * @module
 */
import type { Block } from "lib/blocks/block.ts";
import { capsuleLengths, capsulesOf, routedCapsules } from "lib/blocks/capsules.ts";
import { conv2d } from "lib/blocks/conv.ts";
import { graph, type Wired } from "lib/blocks/graph.ts";
import { normRelu } from "lib/blocks/norm_relu.ts";
import { relu } from "lib/blocks/relu.ts";
import { imageUnit } from "lib/blocks/residual_image.ts";
import { serial } from "lib/blocks/serial.ts";
import { type Volume, volume } from "lib/core/volume.ts";
import { oncePerClip } from "lib/features/clip_memo.ts";
import { tf } from "lib/train/backend.ts";
import { network, type NetworkMethod } from "lib/train/network.ts";
import type { Objective } from "lib/train/objective.ts";
import { resnet18 } from "lib/weights/names.ts";
import { pretrained } from "lib/weights/pretrained.ts";

/** The network. */
export interface CapsuleNetOptions {
  readonly classes: number;
  /** Channels of the first stage of the trunk; the last has 4 times as many. Default 64. */
  readonly width?: number;
  /** Side of the kernels before and of the first capsules; default 9. */
  readonly kernel?: number;
}

/**
 * The network, `[side, side, channels]` to the length of each class's capsule, 0 to 1. The trunk is
 * ResNet-18 without its first pooling and its last stage. 13,842,496 parameters for three channels and
 * classes at 224×224.
 */
export function capsuleNet(
  { classes, width = 64, kernel = 9 }: CapsuleNetOptions,
): Block & Wired {
  const stage = (inputChannels: number, outputChannels: number, stride: number): Block =>
    serial({
      unit1: imageUnit({ inputChannels, outputChannels, stride }),
      unit2: imageUnit({ inputChannels: outputChannels, outputChannels, stride: 1 }),
    });
  const filters = 4 * width;
  return graph({
    conv1: conv2d({
      filters: width,
      kernel: 7,
      strides: 2,
      padding: 3,
      bias: false,
      init: "he",
    }), // 112×112
    norm1: normRelu(true),
    layer1: stage(width, width, 1), // 112×112
    layer2: stage(width, 2 * width, 2), // 56×56
    layer3: stage(2 * width, filters, 2), // 28×28
    conv2: conv2d({ filters, kernel }), // 20×20
    relu2: relu(),
    primary: conv2d({ filters, kernel, strides: 2 }), // 6×6
    capsules: capsulesOf(8), // 1152 × 8
    routed: routedCapsules({ capsules: classes, length: 16 }),
    lengths: capsuleLengths(),
  });
}

/**
 * The margin loss of the authors' code: Σ_c T_c max(0, 0.99 − ‖v_c‖)² + ½ (1 − T_c) max(0, ‖v_c‖ − 0.01)²,
 * the mean over clips. (Sabour et al. have 0.9 and 0.1.)
 */
export const marginLoss: Objective = {
  loss(lengths, labels, weights) {
    const truth = tf.oneHot(labels, lengths.shape[1] as number);
    const missing = tf.square(tf.relu(tf.sub(0.99, lengths)));
    const wrong = tf.square(tf.relu(tf.sub(lengths, 0.01)));
    const other = tf.mul(tf.mul(tf.sub(1, truth), wrong), 0.5);
    const each = tf.sum(tf.add(tf.mul(truth, missing), other), 1);
    if (weights === undefined) return tf.mean(each);
    return tf.div(tf.sum(tf.mul(each, weights)), tf.sum(weights));
  },
  scores: (lengths) => lengths,
};

/**
 * The apex among a clip's frames by the rule of the authors' code for SMIC: the largest mean of
 * (|I_t − I_onset| + 1) / (|I_t − I_{t−1}| + 1) with grey values of 0..255; never the onset itself.
 *
 * DEVIATION: they take the mean over ten cells around facial points, and the annotated apex of the other
 * two sets; here it is over the whole crop, and for all sets.
 *
 * @param clip `[frames, height, width, 1]` or `[frames, height, width]`, at least two frames, 0..1
 */
export function ratioApex({ data, shape: [frames = 0] }: Volume): number {
  const size = data.length / frames;
  let [best, apex] = [-Infinity, 1];
  for (let t = 1; t < frames; t++) {
    let sum = 0;
    for (let i = 0; i < size; i++) {
      const value = data[t * size + i]!;
      const moved = 255 * Math.abs(value - data[i]!) + 1;
      sum += moved / (255 * Math.abs(value - data[(t - 1) * size + i]!) + 1);
    }
    if (sum > best) [best, apex] = [sum, t];
  }
  return apex;
}

/** The apex frame of a clip, `[side, side, 1]`, 0..1: what magnification left outside no image holds. */
export const apexImage: (input: Volume, options: null) => Volume = oncePerClip(
  (input: Volume, _options: null) => {
    const [, height = 0, width = 0] = input.shape;
    const apex = ratioApex(input);
    const frame = input.data.subarray(apex * height * width, (apex + 1) * height * width);
    return volume(frame.map((x) => Math.min(1, Math.max(0, x))), [height, width, 1]);
  },
);

/** CapsuleNet as a method. */
export const method: NetworkMethod = network({
  id: "capsule-net",
  look: (input) => apexImage(input, null),
  build: (classes, { width, capsuleKernel, weights = "none" }) =>
    pretrained(
      capsuleNet({ classes, width: Number(width), kernel: Number(capsuleKernel) }),
      String(weights),
      resnet18,
    ),
  objective: () => marginLoss,
});
