/**
 * Losses.
 *
 * @module
 */
import { attribute, hasRawOps, runOp, tf } from "./backend.ts";

const attributes = { T: attribute.type("float32"), Tlabels: attribute.type("int32") };

/**
 * Softmax cross-entropy of class scores: Σ wᵢ · -ln softmax(zᵢ)[labelᵢ] / Σ wᵢ over the batch.
 *
 * DEVIATION: of several heads it is the mean of theirs. The paper calculates the cross-entropy "for each
 * of the four results" (section 3.5) and does not say how training joins them.
 *
 * @param logits `[batch, classes]` or `[batch, heads, classes]`
 * @param labels class indices, int32 `[batch]`
 * @param weights of the samples, `[batch]`; equal ones when left out
 */
export function crossEntropy(
  logits: tf.Tensor,
  labels: tf.Tensor,
  weights?: tf.Tensor,
): tf.Scalar {
  if (logits.rank === 3) return ofHeads(logits, labels, weights);
  const each = hasRawOps() ? fused(logits, labels) : composed(logits, labels);
  if (weights === undefined) return tf.mean(each);
  return tf.div(tf.sum(tf.mul(each, weights)), tf.sum(weights));
}

/** Every head as a sample of its own. */
function ofHeads(logits: tf.Tensor, labels: tf.Tensor, weights?: tf.Tensor): tf.Scalar {
  const [batch = 0, heads = 0, classes = 0] = logits.shape;
  const repeat = (values: tf.Tensor): tf.Tensor =>
    tf.reshape(tf.tile(tf.reshape(values, [batch, 1]), [1, heads]), [batch * heads]);
  return crossEntropy(
    tf.reshape(logits, [batch * heads, classes]),
    repeat(labels),
    weights && repeat(weights),
  );
}

/** TensorFlow gives the loss of each sample and its gradient in one pass. */
function fused(logits: tf.Tensor, labels: tf.Tensor): tf.Tensor {
  return tf.customGrad((z, save) => {
    const name = "SparseSoftmaxCrossEntropyWithLogits";
    const [loss, gradient] = runOp(name, attributes, [z as tf.Tensor, labels], 2);
    (save as tf.GradSaveFunc)([gradient as tf.Tensor]);
    return {
      value: loss as tf.Tensor,
      gradFunc: (dy, saved) => tf.mul(tf.expandDims(dy, 1), saved[0] as tf.Tensor),
    };
  })(logits);
}

function composed(logits: tf.Tensor, labels: tf.Tensor): tf.Tensor {
  const chosen = tf.oneHot(labels, logits.shape[1] as number);
  return tf.neg(tf.sum(tf.mul(tf.logSoftmax(logits), chosen), 1));
}
