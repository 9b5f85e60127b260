/**
 * Pooling over two or three spatial axes.
 *
 * @module
 */
import { tf } from "lib/train/backend.ts";
import { type Block, stateless } from "./block.ts";
import { explicitPadding, type Padding, type PerAxis, slide, windowOf } from "./window.ts";

/** A pooling. */
export interface PoolOptions {
  /** Side of the window, or one side an axis. */
  readonly window: PerAxis;
  /** Default: the window's own sides, so that windows do not overlap. */
  readonly strides?: PerAxis;
  /** Default `valid`. */
  readonly padding?: Padding;
}

/** Largest value of each window of `[height, width, channels]`; padding never wins. */
export function maxPool2d(options: PoolOptions): Block {
  return pool(2, "max", options);
}

/** Largest value of each window of `[depth, height, width, channels]`; padding never wins. */
export function maxPool3d(options: PoolOptions): Block {
  return pool(3, "max", options);
}

/** Mean of each window of `[height, width, channels]`; explicit padding counts as zeros. */
export function avgPool2d(options: PoolOptions): Block {
  return pool(2, "avg", options);
}

/** Mean of each window of `[depth, height, width, channels]`; explicit padding counts as zeros. */
export function avgPool3d(options: PoolOptions): Block {
  return pool(3, "avg", options);
}

function pool(axes: 2 | 3, kind: "max" | "avg", options: PoolOptions): Block {
  const { window: size, strides = size, padding = "valid" } = options;
  const window = windowOf(axes, { size, strides, padding });
  const cells = explicitPadding(window);
  const rule = window.padding === "same" ? "same" : "valid";
  const sides = [...window.size] as [number, number, number];
  const stride = [...window.strides] as [number, number, number];
  return stateless(
    (shape) => [...slide(window, shape), shape.at(-1) as number],
    (x) => {
      const padded = cells ? tf.pad(x, cells, kind === "max" ? -Infinity : 0) : x;
      if (axes === 3) {
        const image = padded as tf.Tensor5D;
        return kind === "max"
          ? tf.maxPool3d(image, sides, stride, rule)
          : tf.avgPool3d(image, sides, stride, rule);
      }
      const image = padded as tf.Tensor4D;
      const [h, w, down, right] = [sides[0], sides[1], stride[0], stride[1]];
      return kind === "max"
        ? tf.maxPool(image, [h, w], [down, right], rule)
        : tf.avgPool(image, [h, w], [down, right], rule);
    },
  );
}
