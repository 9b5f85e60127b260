/**
 * One block for several parts of a sample.
 *
 * @module
 */
import { tf } from "lib/train/backend.ts";
import type { Block } from "./block.ts";

/**
 * Applies a block to each of the parts along the first axis, `[parts, ...shape]` to
 * `[parts, ...output shape]`, with the same parameters: they are samples of a larger batch to it.
 *
 * @throws RangeError on init when the input has no axis beside that of the parts
 */
export function each(block: Block): Block {
  return {
    init(rng, inputShape) {
      const [parts, ...shape] = inputShape;
      if (parts === undefined || shape.length === 0) {
        throw new RangeError(`each takes [parts, ...shape], not [${inputShape.join(", ")}]`);
      }
      const part = block.init(rng, shape);
      return { ...part, outputShape: [parts, ...part.outputShape] };
    },
    apply(params, state, x, mode) {
      const [batch = 0, parts = 0, ...shape] = x.shape;
      const [y, next] = block.apply(params, state, tf.reshape(x, [batch * parts, ...shape]), mode);
      return [tf.reshape(y, [batch, parts, ...y.shape.slice(1)]), next];
    },
  };
}
