/**
 * LGCcon: the apex frame, spotted in the frequency domain, through a network that joins what the whole
 * face and parts of it say.
 *
 * Y. Li, X. Huang, G. Zhao, "Joint local and global information learning with single apex frame detection
 * for micro-expression recognition", IEEE TIP 30 (2021). Input: `[frames, side, side, 1]`, grey 0..1.
 *
 * @module
 */
import { type Volume, volume } from "lib/core/volume.ts";
import type { Parameters } from "lib/experiment/types.ts";
import { oncePerClip } from "lib/features/clip_memo.ts";
import { greyClip } from "lib/features/lbp/grey_clip.ts";
import { lgccon, type LgcconOptions } from "lib/networks/lgccon.ts";
import { outputRows } from "lib/networks/local_global_scores.ts";
import { type FftApexOptions, spotApexByFft } from "lib/preprocess/fft_apex.ts";
import { tf } from "lib/train/backend.ts";
import { crossEntropy } from "lib/train/losses.ts";
import { network, type NetworkMethod } from "lib/train/network.ts";
import type { Objective } from "lib/train/objective.ts";

/**
 * The apex frame of a clip as the network sees it, `[side, side, 1]`: spotted among the frames of the
 * input, then scaled to mean 0 and standard deviation 1. An even frame becomes 0.
 *
 * DEVIATION: the authors look at all frames of a clip, and magnify the one that they found. Here the
 * input is some key frames of the clip, 16 or as many as it says, magnified before the apex is looked for.
 *
 * DEVIATION: the authors subtract the mean colour of their pre-training images. Each frame's own mean and
 * spread are taken out here, so that neither the lamp nor the skin tells people apart.
 */
export const apexFrame: (input: Volume, options: FftApexOptions) => Volume = oncePerClip(
  (input: Volume, options: FftApexOptions) => {
    const clip = greyClip(input);
    const [, height = 0, width = 0] = clip.shape;
    const { apex } = spotApexByFft(clip, options);
    const frame = clip.data.subarray(apex * height * width, (apex + 1) * height * width);
    // What magnification left outside 0..1 no image holds; blinks are far outside.
    const image = frame.map((value) => Math.min(1, Math.max(0, value)));
    return volume(standardised(image), [height, width, 1]);
  },
);

function standardised(values: Float32Array): Float32Array {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  const scale = variance > 0 ? 1 / Math.sqrt(variance) : 0;
  return values.map((value) => (value - mean) * scale);
}

/** How the apex is spotted, among the parameters of the row. */
export function spottingOptions(parameters: Parameters): Required<FftApexOptions> {
  return {
    blocks: Number(parameters.spotBlocks),
    window: 2 * Number(parameters.spotReach) + 1,
    cutoff: Number(parameters.spotCutoff),
  };
}

/** The network's options among the parameters of the row. */
export function networkOptions(classes: number, parameters: Parameters): LgcconOptions {
  return {
    classes,
    width: Number(parameters.width),
    stages: Number(parameters.stages),
    hidden: Number(parameters.hidden),
    cells: Number(parameters.cells),
    drop: Number(parameters.drop),
  };
}

/**
 * The joint losses: cross-entropy of the joint scores, 0.7 times that of each branch alone, and the
 * distance of the joint scores to the centre of their class, weighted by `centreWeight`.
 */
export function objective(parameters: Parameters): Objective {
  const centreWeight = Number(parameters.centreWeight);
  return {
    loss(outputs, labels, weights) {
      const rows = tf.unstack(outputs, 1);
      const row = (name: keyof typeof outputRows): tf.Tensor => rows[outputRows[name]] as tf.Tensor;
      const entropy = (name: keyof typeof outputRows) => crossEntropy(row(name), labels, weights);
      const alone = tf.mul(tf.add(entropy("global"), entropy("local")), 0.7);
      const distance = ofClass(row("distances"), labels, weights);
      const sum = tf.add(tf.add(entropy("joint"), alone), tf.mul(distance, centreWeight));
      return sum as tf.Scalar;
    },
    scores: (outputs) => tf.unstack(outputs, 1)[outputRows.joint] as tf.Tensor,
  };
}

/** The mean over samples of the value at their class. */
function ofClass(values: tf.Tensor, labels: tf.Tensor, weights?: tf.Tensor): tf.Tensor {
  const chosen = tf.oneHot(labels, values.shape[1] as number);
  const each = tf.sum(tf.mul(values, chosen), 1);
  if (weights === undefined) return tf.mean(each);
  return tf.div(tf.sum(tf.mul(each, weights)), tf.sum(weights));
}

/** LGCcon as a method. */
export const method: NetworkMethod = network({
  id: "lgccon",
  look: (input, parameters) => apexFrame(input, spottingOptions(parameters)),
  build: (classes, parameters) => lgccon(networkOptions(classes, parameters)),
  objective,
});
