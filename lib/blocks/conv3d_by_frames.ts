/**
 * Three-dimensional convolution as a sum of two-dimensional ones.
 *
 * @module
 */
import { tf } from "lib/train/backend.ts";

/** How the window slides. */
export interface FrameWindow {
  readonly strides: readonly [depth: number, height: number, width: number];
  readonly padding: "same" | "valid";
}

/**
 * What `tf.conv3d` gives, for a backend whose gradient of it is wrong: the kernel of tfjs's WebAssembly
 * backend 4.22.0 for the gradient by the input does not agree with finite differences.
 *
 * @param x `[batch, depth, height, width, in]`
 * @param kernel `[depth, height, width, in, out]`
 */
export function conv3dByFrames(
  x: tf.Tensor5D,
  kernel: tf.Tensor5D,
  { strides: [step, down, right], padding }: FrameWindow,
): tf.Tensor5D {
  const [depth, size] = [x.shape[1], kernel.shape[0]];
  const count = Math.ceil((padding === "same" ? depth : depth - size + 1) / step);
  const missing = padding === "same" ? Math.max(0, (count - 1) * step + size - depth) : 0;
  const before = Math.floor(missing / 2);
  const frames = tf.unstack(x, 1) as tf.Tensor4D[];
  const taps = tf.unstack(kernel, 0) as tf.Tensor4D[];
  const outputs = Array.from({ length: count }, (_, i) => {
    const terms = taps.flatMap((tap, k) => {
      const frame = frames[i * step + k - before];
      return frame ? [tf.conv2d(frame, tap, [down, right], padding)] : [];
    });
    return tf.addN(terms);
  });
  return tf.stack(outputs, 1) as tf.Tensor5D;
}
