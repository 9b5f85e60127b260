/**
 * Rectifier.
 *
 * @module
 */
import { attribute, hasRawOps, runOp, tf } from "lib/train/backend.ts";
import { type Block, stateless } from "./block.ts";

const attributes = { T: attribute.type("float32") };

/** max(x, 0), with the gradient 0 at 0. */
export function relu(): Block {
  return stateless((shape) => shape, (x) => hasRawOps() ? fused(x) : tf.relu(x));
}

/** tfjs composes the gradient out of three passes over the data; TensorFlow has one kernel. */
function fused(x: tf.Tensor): tf.Tensor {
  return tf.customGrad((x, save) => {
    const [y] = runOp("Relu", attributes, [x as tf.Tensor]) as [tf.Tensor];
    (save as tf.GradSaveFunc)([y]);
    return {
      value: y,
      gradFunc: (dy, saved) => runOp("ReluGrad", attributes, [dy, saved[0] as tf.Tensor]),
    };
  })(x);
}
