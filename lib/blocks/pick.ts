/**
 * One of several parts, or their mean.
 *
 * @module
 */
import { tf } from "lib/train/backend.ts";
import { type Block, type Shape, stateless } from "./block.ts";

/**
 * The part at a place of an axis, which goes: `pick(1, 0)` makes `[frames, tokens, features]` the first
 * token of each frame, `[frames, features]`.
 *
 * @param axis counted without the batch
 * @param place from the end where negative
 */
export function pick(axis: number, place: number): Block {
  return stateless((shape) => without(shape, axis), (x) => {
    const side = x.shape[axis + 1] as number;
    const begin = x.shape.map((_, i) => i === axis + 1 ? (place + side) % side : 0);
    const size = x.shape.map((length, i) => i === axis + 1 ? 1 : length);
    return tf.squeeze(tf.slice(x, begin, size), [axis + 1]);
  });
}

/**
 * The mean along an axis, which goes.
 *
 * @param axis counted without the batch
 */
export function meanAlong(axis: number): Block {
  return stateless((shape) => without(shape, axis), (x) => tf.mean(x, axis + 1));
}

function without(shape: Shape, axis: number): Shape {
  if (axis >= shape.length) {
    throw new RangeError(`There is no axis ${axis} in [${shape.join(", ")}]`);
  }
  return shape.filter((_, i) => i !== axis);
}
