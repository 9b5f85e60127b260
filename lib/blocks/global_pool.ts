/**
 * Pooling over all frames and pixels.
 *
 * @module
 */
import { tf } from "lib/train/backend.ts";
import { type Block, type Shape, stateless } from "./block.ts";
import { maximumOver } from "./maximum.ts";

/** Mean of each channel: `[frames, height, width, channels]` to `[1, 1, 1, channels]`. */
export function globalAverage(): Block {
  return stateless(point, (x) => tf.mean(x, spaceOf(x), true));
}

/** Largest value of each channel: `[frames, height, width, channels]` to `[1, 1, 1, channels]`. */
export function globalMaximum(): Block {
  return stateless(point, (x) => maximumOver(x, spaceOf(x)));
}

function point(shape: Shape): Shape {
  return shape.map((side, axis) => axis === shape.length - 1 ? side : 1);
}

function spaceOf(x: tf.Tensor): number[] {
  return Array.from({ length: x.rank - 2 }, (_, i) => i + 1);
}
