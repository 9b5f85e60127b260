/**
 * Dropout with a mask of its own at each step.
 *
 * @module
 */
import { attribute, hasRawOps, runOp, tf } from "lib/train/backend.ts";
import { type Block, stateless } from "./block.ts";

const attributes = {
  dtype: attribute.type("float32"),
  T: attribute.type("int32"),
  Tseed: attribute.type("int32"),
};

/**
 * Sets a share of the values to 0 and multiplies the others by 1/(1 - rate); the identity when not
 * training. (Srivastava et al. 2014, in the inverted form that all libraries use.)
 *
 * @param rate the share that is dropped, in [0, 1)
 * @throws RangeError when it is not
 */
export function dropout(rate: number): Block {
  if (!(rate >= 0 && rate < 1)) throw new RangeError(`dropout needs a rate in [0, 1), got ${rate}`);
  return stateless((shape) => shape, (x, { training, rng }) => {
    if (!training || rate === 0) return x;
    const uniform = hasRawOps()
      ? philox(x.shape, [rng.seed(), rng.seed()])
      : tf.tensor(Float32Array.from({ length: x.size }, rng.next), x.shape);
    const kept = tf.cast(tf.greaterEqual(uniform, rate), "float32");
    return tf.mul(x, tf.mul(kept, 1 / (1 - rate)));
  });
}

/** Uniform numbers in [0, 1) by TensorFlow's counter-based generator, which keeps no state. */
function philox(shape: readonly number[], seed: [number, number]): tf.Tensor {
  const inputs = [tf.tensor1d([...shape], "int32"), tf.tensor1d(seed, "int32")];
  return runOp("StatelessRandomUniform", attributes, inputs)[0] as tf.Tensor;
}
