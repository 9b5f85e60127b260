/**
 * Sums of several inputs.
 *
 * @module
 */
import { tf } from "lib/train/backend.ts";
import { commonShape, type Merge, statelessMerge } from "./merge.ts";

/**
 * The sum of inputs of one shape.
 *
 * @throws RangeError on init when shapes differ
 */
export function add(): Merge {
  return statelessMerge(
    (shapes) => commonShape(shapes, "A sum"),
    (inputs) => inputs.slice(1).reduce((sum, x) => tf.add(sum, x), inputs[0] as tf.Tensor),
  );
}
