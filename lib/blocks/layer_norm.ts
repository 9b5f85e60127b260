/**
 * Layer normalisation.
 *
 * @module
 */
import { sizeOf } from "lib/core/volume.ts";
import { tf } from "lib/train/backend.ts";
import type { Block } from "./block.ts";
import { filled } from "./initialise.ts";
import { leafOf } from "./tree.ts";

/**
 * Brings the features of each place, `[...places, features]`, to mean 0 and variance 1, then scales and
 * shifts each feature (Ba, Kiros and Hinton 2016, equation 4). The variance is the biased one; the same
 * in training and after it.
 *
 * @param epsilon added to the variance
 */
export function layerNorm(epsilon = 1e-6): Block {
  return {
    init(_rng, inputShape) {
      const shape = [inputShape.at(-1) as number];
      return {
        params: { gamma: filled(shape, 1), beta: filled(shape, 0) },
        state: {},
        outputShape: inputShape,
      };
    },
    apply(params, state, x) {
      const features = x.shape.at(-1) as number;
      const rows = tf.reshape(x, [sizeOf(x.shape.slice(0, -1)), features]);
      const y = normalise(epsilon)(rows, leafOf(params, "gamma"), leafOf(params, "beta"));
      return [tf.reshape(y, x.shape), state];
    },
  };
}

/** With the gradient in closed form; tfjs composes one of twice as many passes over the data. */
function normalise(epsilon: number): (...args: tf.Tensor[]) => tf.Tensor {
  return tf.customGrad((...args) => {
    const [x, gamma, beta, save] = args as [tf.Tensor, tf.Tensor, tf.Tensor, tf.GradSaveFunc];
    const centred = tf.sub(x, tf.mean(x, -1, true));
    const scale = tf.rsqrt(tf.add(tf.mean(tf.square(centred), -1, true), epsilon));
    const unit = tf.mul(centred, scale);
    save([unit, scale, gamma]);
    return {
      value: tf.add(tf.mul(unit, gamma), beta),
      gradFunc: (dy, saved) => gradients(dy, saved as [tf.Tensor, tf.Tensor, tf.Tensor]),
    };
  });
}

function gradients(
  dy: tf.Tensor,
  [unit, scale, gamma]: readonly [tf.Tensor, tf.Tensor, tf.Tensor],
): tf.Tensor[] {
  const inner = tf.mul(dy, gamma);
  const along = tf.mul(unit, tf.mean(tf.mul(inner, unit), -1, true));
  const dx = tf.mul(scale, tf.sub(tf.sub(inner, tf.mean(inner, -1, true)), along));
  return [dx, tf.sum(tf.mul(dy, unit), 0), tf.sum(dy, 0)];
}
