/**
 * Convolution of images whose kernel has gaps.
 *
 * @module
 */
import { sizeOf } from "lib/core/volume.ts";
import { tf } from "lib/train/backend.ts";
import { addBias } from "./bias.ts";
import type { Block } from "./block.ts";
import { drawBias, drawKernel } from "./initialise.ts";
import { leafOf } from "./tree.ts";
import { explicitPadding, slide, windowOf } from "./window.ts";

/** A convolution with a kernel of 3×3 cells that lie `dilation` pixels apart. */
export interface DilatedConvOptions {
  readonly filters: number;
  readonly dilation: number;
  readonly stride: number;
  /** Pixels of zeros on each side. */
  readonly padding: number;
}

/**
 * Convolution of `[height, width, channels]` with a kernel `[3, 3, in, out]`, with bias, drawn by He. The
 * gaps are written into the kernel as zeros: TensorFlow has no dilation together with a stride.
 */
export function dilatedConv({ filters, dilation, stride, padding }: DilatedConvOptions): Block {
  const side = 2 * dilation + 1;
  const window = windowOf(2, { size: side, strides: stride, padding });
  const cells = explicitPadding(window);
  return {
    init(rng, inputShape) {
      const shape = [3, 3, inputShape.at(-1) as number, filters];
      const fanIn = sizeOf(shape.slice(0, -1));
      const params = {
        kernel: drawKernel(rng.fork("kernel"), { shape, fanIn, fanOut: 9 * filters }, "he"),
        bias: drawBias(rng.fork("bias"), { channels: filters, fanIn }, "he"),
      };
      return { params, state: {}, outputShape: [...slide(window, inputShape), filters] };
    },
    apply(params, state, x, _mode) {
      const padded = cells ? tf.pad(x, cells) : x;
      const kernel = withGaps(leafOf(params, "kernel"), dilation);
      const y = tf.conv2d(padded as tf.Tensor4D, kernel, stride, "valid");
      return [addBias(y, leafOf(params, "bias")), state];
    },
  };
}

/** `[3, 3, in, out]` to `[side, side, in, out]` with zeros between. */
function withGaps(kernel: tf.Tensor, dilation: number): tf.Tensor4D {
  const [, , from = 0, to = 0] = kernel.shape;
  const gap: [number, number] = [0, dilation - 1];
  const none: [number, number] = [0, 0];
  const apart = tf.pad(
    tf.reshape(kernel, [3, 1, 3, 1, from * to]),
    [none, gap, none, gap, none],
  );
  const whole = tf.reshape(apart, [3 * dilation, 3 * dilation, from, to]);
  const side = 2 * dilation + 1;
  return tf.slice(whole, [0, 0, 0, 0], [side, side, from, to]) as tf.Tensor4D;
}
