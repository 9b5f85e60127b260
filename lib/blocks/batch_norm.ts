/**
 * Batch normalisation.
 *
 * @module
 */
import { sizeOf } from "lib/core/volume.ts";
import { attribute, hasRawOps, runOp, tf } from "lib/train/backend.ts";
import type { Block } from "./block.ts";
import { filled } from "./initialise.ts";
import { leafOf } from "./tree.ts";

/** Batch normalisation. */
export interface BatchNormOptions {
  /** Share of the batch in the running statistics; default 0.1. */
  readonly momentum?: number;
  /** Added to the variance; default 1e-5. */
  readonly epsilon?: number;
}

type Settings = Required<BatchNormOptions>;

/** What training batch norm gives; the statistics are the next running ones. */
interface Normalised {
  readonly y: tf.Tensor;
  readonly mean: tf.Tensor;
  readonly variance: tf.Tensor;
}

/**
 * Normalises each channel of `[...spatial, channels]` or `[features]` over batch and space, then scales
 * and shifts it (Ioffe and Szegedy 2015, algorithm 1). Training uses the batch's biased variance and
 * feeds the unbiased one into the running variance; otherwise the running statistics are used.
 */
export function batchNorm({ momentum = 0.1, epsilon = 1e-5 }: BatchNormOptions = {}): Block {
  const settings = { momentum, epsilon };
  return {
    init(_rng, inputShape) {
      const shape = [inputShape.at(-1) as number];
      return {
        params: { gamma: filled(shape, 1), beta: filled(shape, 0) },
        state: { mean: filled(shape, 0), variance: filled(shape, 1) },
        outputShape: inputShape,
      };
    },
    apply(params, state, x, { training }) {
      const channels = x.shape.at(-1) as number;
      const image = tf.reshape(x, imageShape(sizeOf(x.shape.slice(0, -1)), channels));
      const inputs = [
        image,
        leafOf(params, "gamma"),
        leafOf(params, "beta"),
        leafOf(state, "mean"),
        leafOf(state, "variance"),
      ] as const;
      if (!training) {
        return [tf.reshape(infer(inputs, settings), x.shape), state];
      }
      const { y, mean, variance } = hasRawOps()
        ? fused(inputs, settings)
        : composed(inputs, settings);
      return [tf.reshape(y, x.shape), { mean: tf.keep(mean), variance: tf.keep(variance) }];
    },
  };
}

/**
 * The kernels know images only, and which image the rows are spelt as is free. oneDNN is up to six times
 * as fast forth when an image has at most eight pixels (16 channels and more, AVX2).
 */
function imageShape(rows: number, channels: number): [number, number, number, number] {
  const pixels = [8, 4, 2].find((side) => rows % side === 0) ?? 1;
  return [rows / pixels, pixels, 1, channels];
}

type Inputs = readonly [
  x: tf.Tensor,
  gamma: tf.Tensor,
  beta: tf.Tensor,
  mean: tf.Tensor,
  variance: tf.Tensor,
];

function infer([x, gamma, beta, mean, variance]: Inputs, { epsilon }: Settings): tf.Tensor {
  const scale = tf.mul(gamma, tf.rsqrt(tf.add(variance, epsilon)));
  return tf.add(tf.mul(x, scale), tf.sub(beta, tf.mul(mean, scale)));
}

/** One kernel forth and one back, where tfjs composes some twenty passes over the data. */
function fused(
  [x, gamma, beta, ...running]: Inputs,
  { momentum, epsilon }: Settings,
): Normalised {
  const common = {
    T: attribute.type("float32"),
    U: attribute.type("float32"),
    epsilon: attribute.float(epsilon),
    data_format: attribute.string("NHWC"),
    is_training: attribute.bool(true),
  };
  const forth = { ...common, exponential_avg_factor: attribute.float(momentum) };
  let next: readonly tf.Tensor[] = [];
  const normalise = tf.customGrad((...args) => {
    const [x, gamma, beta, save] = args as [tf.Tensor, tf.Tensor, tf.Tensor, tf.GradSaveFunc];
    const outputs = runOp("FusedBatchNormV3", forth, [x, gamma, beta, ...running], 6);
    next = outputs.slice(1, 3).map(tf.keep);
    save([x, gamma, ...outputs.slice(3)]);
    return {
      value: outputs[0] as tf.Tensor,
      gradFunc: (dy, saved) =>
        runOp("FusedBatchNormGradV3", common, [dy, ...saved as tf.Tensor[]], 5).slice(0, 3),
    };
  });
  const y = normalise(x, gamma, beta);
  return { y, mean: next[0] as tf.Tensor, variance: next[1] as tf.Tensor };
}

function composed(
  [x, gamma, beta, runningMean, runningVariance]: Inputs,
  { momentum, epsilon }: Settings,
): Normalised {
  const { mean, variance } = tf.moments(x, [0, 1, 2]);
  const y = infer([x, gamma, beta, mean, variance], { momentum, epsilon });
  const count = x.size / gamma.size;
  const unbiased = tf.mul(variance, count / Math.max(count - 1, 1));
  const mix = (old: tf.Tensor, fresh: tf.Tensor): tf.Tensor =>
    tf.add(tf.mul(old, 1 - momentum), tf.mul(fresh, momentum));
  return { y, mean: mix(runningMean, mean), variance: mix(runningVariance, unbiased) };
}
