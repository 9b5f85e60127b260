/**
 * What a network is trained for when its output is more than class scores.
 *
 * @module
 */
import type { tf } from "./backend.ts";

/**
 * The loss of a batch.
 *
 * @param outputs of the network, `[batch, ...output shape]`
 * @param labels class indices, int32 `[batch]`
 * @param weights of the samples, `[batch]`; equal ones when left out
 */
export type Loss = (outputs: tf.Tensor, labels: tf.Tensor, weights?: tf.Tensor) => tf.Scalar;

/** A loss, and where the class scores are among the outputs that it looks at. */
export interface Objective {
  readonly loss: Loss;
  /** `[batch, ...output shape]` to the class scores before the softmax, `[batch, classes]`. */
  scores(outputs: tf.Tensor): tf.Tensor;
}
