/**
 * A gradient with a known answer, to see whether the backend computes.
 *
 * @module
 */
import { tf } from "./backend.ts";

/** What a backend answered. */
export interface GradientCheck {
  readonly correct: boolean;
  /** By the filter, 8 values, then by the input, 8 values. */
  readonly expected: readonly number[];
  readonly found: readonly number[];
}

/**
 * Differentiates y², where y is the one output of a 2×2×2 convolution of x = 1, 2, …, 8 by
 * w = (1, 0, -1, 2, 0, 1, -2, 1). By hand: y = 1 - 3 + 8 + 6 - 14 + 8 = 6, so d/dw = 2 y x = 12 x
 * and d/dx = 12 w. All values are small integers, which every backend must give exactly.
 */
export function checkGradient(): GradientCheck {
  const x = [1, 2, 3, 4, 5, 6, 7, 8];
  const w = [1, 0, -1, 2, 0, 1, -2, 1];
  const expected = [...x.map((value) => 12 * value), ...w.map((value) => 12 * value)];
  const found = tf.tidy(() => {
    const input = tf.tensor5d(x, [1, 2, 2, 2, 1]);
    const filter = tf.tensor5d(w, [2, 2, 2, 1, 1]);
    const loss = (f: tf.Tensor, i: tf.Tensor): tf.Scalar =>
      tf.sum(tf.square(tf.conv3d(i as tf.Tensor5D, f as tf.Tensor5D, 1, "valid")));
    return tf.grads(loss)([filter, input]).flatMap((gradient) => [...gradient.dataSync()]);
  });
  return { correct: found.every((value, i) => value === expected[i]), expected, found };
}
