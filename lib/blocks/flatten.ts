/**
 * Any shape to a vector.
 *
 * @module
 */
import { sizeOf } from "lib/core/volume.ts";
import { tf } from "lib/train/backend.ts";
import { type Block, stateless } from "./block.ts";

/** `[height, width, channels]` to `[features]`, channels fastest. */
export function flatten(): Block {
  return stateless(
    (shape) => [sizeOf(shape)],
    (x) => tf.reshape(x, [x.shape[0] as number, sizeOf(x.shape.slice(1))]),
  );
}
