/**
 * Picking channels.
 *
 * @module
 */
import { tf } from "lib/train/backend.ts";
import { type Block, stateless } from "./block.ts";

/**
 * Takes `count` neighbouring channels from `first` on.
 *
 * @throws RangeError on init when the input has not that many channels
 */
export function channels(first: number, count = 1): Block {
  return stateless(
    (shape) => {
      const there = shape.at(-1) as number;
      if (first + count > there) {
        throw new RangeError(`Cannot take channels ${first}..${first + count - 1} of ${there}`);
      }
      return [...shape.slice(0, -1), count];
    },
    (x) => {
      const axes = x.shape.length - 1;
      return tf.slice(x, [...Array(axes).fill(0), first], [...Array(axes).fill(-1), count]);
    },
  );
}
