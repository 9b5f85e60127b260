/**
 * Gaussian error linear unit.
 *
 * @module
 */
import { tf } from "lib/train/backend.ts";
import { type Block, stateless } from "./block.ts";

const slope = Math.sqrt(2 / Math.PI);
const cubic = 0.044715;

/**
 * x/2 (1 + tanh(√(2/π) (x + 0.044715 x³))), the approximation of x Φ(x) that vision transformers were
 * published with (Hendrycks and Gimpel 2016, section 2). PyTorch's copies of them compute x Φ(x) itself,
 * which is up to 5e-4 apart.
 */
export function gelu(): Block {
  return stateless((shape) => shape, (x) => smooth(x));
}

const smooth: (x: tf.Tensor) => tf.Tensor = tf.customGrad((...args) => {
  const [x, save] = args as [tf.Tensor, tf.GradSaveFunc];
  const square = tf.square(x);
  const bend = tf.tanh(tf.mul(x, tf.add(tf.mul(square, slope * cubic), slope)));
  save([x, square, bend]);
  return {
    value: tf.mul(tf.mul(x, 0.5), tf.add(bend, 1)),
    gradFunc: (dy, saved) => tf.mul(dy, derivative(saved as [tf.Tensor, tf.Tensor, tf.Tensor])),
  };
});

/** (1 + tanh u)/2 + x/2 (1 - tanh² u) u' */
function derivative([x, square, bend]: readonly [tf.Tensor, tf.Tensor, tf.Tensor]): tf.Tensor {
  const inner = tf.add(tf.mul(square, 3 * slope * cubic), slope);
  const steep = tf.mul(tf.mul(x, inner), tf.sub(1, tf.square(bend)));
  return tf.mul(tf.add(tf.add(bend, 1), steep), 0.5);
}
