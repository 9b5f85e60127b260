/**
 * One block for all places.
 *
 * @module
 */
import { tf } from "lib/train/backend.ts";
import type { Block } from "./block.ts";

/**
 * Applies a block on features to each place of `[...places, features]`, with the same parameters.
 *
 * @throws RangeError on init when there are no places beside the features
 */
export function eachPlace(block: Block): Block {
  return {
    init(rng, inputShape) {
      const places = inputShape.slice(0, -1);
      if (places.length === 0) {
        throw new RangeError(
          `eachPlace takes [...places, features], not [${inputShape.join(", ")}]`,
        );
      }
      const part = block.init(rng, inputShape.slice(-1));
      return { ...part, outputShape: [...places, ...part.outputShape] };
    },
    apply(params, state, x, mode) {
      const features = x.shape.at(-1) as number;
      const rows = tf.reshape(x, [x.size / features, features]);
      const [y, next] = block.apply(params, state, rows, mode);
      return [tf.reshape(y, [...x.shape.slice(0, -1), ...y.shape.slice(1)]), next];
    },
  };
}
