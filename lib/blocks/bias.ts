/**
 * Adding a bias in one operation, forth and back.
 *
 * @module
 */
import { attribute, hasRawOps, runOp, tf } from "lib/train/backend.ts";

const attributes = { T: attribute.type("float32"), data_format: attribute.string("NHWC") };

/**
 * Adds one number a channel.
 *
 * tfjs composes the gradient by the bias out of a sum and a reshape; TensorFlow has a kernel for it.
 *
 * @param x any shape with channels last
 * @param bias `[channels]`
 */
export function addBias(x: tf.Tensor, bias: tf.Tensor): tf.Tensor {
  if (!hasRawOps()) return tf.add(x, bias);
  return tf.customGrad((x, bias) => ({
    value: runOp("BiasAdd", attributes, [x as tf.Tensor, bias as tf.Tensor])[0] as tf.Tensor,
    gradFunc: (dy) => [dy, runOp("BiasAddGrad", attributes, [dy])[0] as tf.Tensor],
  }))(x, bias);
}
