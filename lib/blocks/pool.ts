/**
 * Pooling over two or three spatial axes.
 *
 * @module
 */
import { tf } from "lib/train/backend.ts";
import { type Block, stateless } from "./block.ts";
import { canRememberMaxima, maxPoolRemembering } from "./max_pool_onednn.ts";
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
  const plain = {
    size: [...window.size] as [number, number, number],
    strides: [...window.strides] as [number, number, number],
    padding: window.padding === "same" ? "same" as const : "valid" as const,
  };
  const apply = kind === "max" ? maximum : mean;
  return stateless(
    (shape) => [...slide(window, shape), shape.at(-1) as number],
    (x) => apply(cells ? tf.pad(x, cells, kind === "max" ? -Infinity : 0) : x, plain),
  );
}

/** A window in the form that tfjs takes; in two dimensions the third side is missing. */
interface PlainWindow {
  readonly size: [number, number, number];
  readonly strides: [number, number, number];
  readonly padding: "same" | "valid";
}

function maximum(x: tf.Tensor, window: PlainWindow): tf.Tensor {
  if (canRememberMaxima()) return maxPoolRemembering(x, window);
  const { size, strides, padding } = window;
  if (x.rank === 5) return tf.maxPool3d(x as tf.Tensor5D, size, strides, padding);
  const [h, w] = size;
  return tf.maxPool(x as tf.Tensor4D, [h, w], [strides[0], strides[1]], padding);
}

function mean(x: tf.Tensor, { size, strides, padding }: PlainWindow): tf.Tensor {
  if (x.rank === 5) return tf.avgPool3d(x as tf.Tensor5D, size, strides, padding);
  const [h, w] = size;
  return tf.avgPool(x as tf.Tensor4D, [h, w], [strides[0], strides[1]], padding);
}
