/**
 * Largest values along axes.
 *
 * @module
 */
import { tf } from "lib/train/backend.ts";

/**
 * The largest value along axes, which stay with a side of 1. Equal largest values share the gradient
 * evenly, as in `torch.amax`; tfjs's own gradient gives all of it to each of them, and windows of max
 * pooling that overlap make equal values often.
 */
export function maximumOver(x: tf.Tensor, axes: readonly number[]): tf.Tensor {
  return tf.customGrad((x, save) => {
    const input = x as tf.Tensor;
    const y = tf.max(input, [...axes], true);
    (save as tf.GradSaveFunc)([input, y]);
    return {
      value: y,
      gradFunc: (dy, saved) => {
        const [x, y] = saved as [tf.Tensor, tf.Tensor];
        const winners = tf.cast(tf.equal(x, y), "float32");
        return tf.mul(winners, tf.div(dy, tf.sum(winners, [...axes], true)));
      },
    };
  })(x);
}
