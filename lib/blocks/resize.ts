/**
 * Images to a given size.
 *
 * @module
 */
import { tf } from "lib/train/backend.ts";

/**
 * The mean of the cells of an image, `[batch, height, width, channels]` to `[batch, side, side, channels]`.
 * Cell i covers the pixels from ⌊i·n/side⌋ up to ⌈(i + 1)·n/side⌉ of n, so cells overlap, or repeat a
 * pixel, where n is no multiple of the side (PyTorch's `adaptive_avg_pool2d`).
 */
export function adaptiveMean(x: tf.Tensor, side: number): tf.Tensor {
  const [batch = 0, height = 0, width = 0, channels = 0] = x.shape;
  // One product of matrices an axis, with the axis in front.
  const rows = tf.reshape(tf.transpose(x, [1, 0, 2, 3]), [height, batch * width * channels]);
  const down = tf.reshape(tf.matMul(cellWeights(height, side), rows as tf.Tensor2D), [
    ...[side, batch, width, channels],
  ]);
  const columns = tf.reshape(tf.transpose(down, [2, 1, 0, 3]), [width, batch * side * channels]);
  const both = tf.reshape(tf.matMul(cellWeights(width, side), columns as tf.Tensor2D), [
    ...[side, batch, side, channels],
  ]);
  return tf.transpose(both, [1, 2, 0, 3]);
}

/** The share of each of n pixels in each cell, `[side, n]`. */
function cellWeights(n: number, side: number): tf.Tensor2D {
  const weights = new Float32Array(side * n);
  for (let i = 0; i < side; i++) {
    const from = Math.floor(i * n / side);
    const to = Math.ceil((i + 1) * n / side);
    weights.fill(1 / (to - from), i * n + from, i * n + to);
  }
  return tf.tensor2d(weights, [side, n]);
}

/**
 * The nearest pixels of an image, `[batch, height, width, channels]` to `[batch, rows, columns,
 * channels]`: row i is row ⌊i·height/rows⌋ (PyTorch's `interpolate`).
 */
export function nearest(x: tf.Tensor, [rows, columns]: readonly [number, number]): tf.Tensor {
  const [, height = 0, width = 0] = x.shape;
  const places = (from: number, to: number) =>
    tf.tensor1d(Array.from({ length: to }, (_, i) => Math.floor(i * from / to)), "int32");
  return tf.gather(tf.gather(x, places(height, rows), 1), places(width, columns), 2);
}
