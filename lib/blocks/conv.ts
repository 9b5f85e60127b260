/**
 * Convolution over two or three spatial axes.
 *
 * @module
 */
import { sizeOf } from "lib/core/volume.ts";
import { hasRawOps, tf } from "lib/train/backend.ts";
import { addBias } from "./bias.ts";
import type { Block } from "./block.ts";
import { conv3dByFrames } from "./conv3d_by_frames.ts";
import { drawBias, drawKernel, type Initialiser } from "./initialise.ts";
import { leafOf } from "./tree.ts";
import { explicitPadding, type Padding, type PerAxis, slide, windowOf } from "./window.ts";

/** A convolution. */
export interface ConvOptions {
  /** Output channels. */
  readonly filters: number;
  /** Side of the kernel, or one side an axis. */
  readonly kernel: PerAxis;
  /** Default 1. */
  readonly strides?: PerAxis;
  /** Default `valid`. */
  readonly padding?: Padding;
  /** Whether there is a bias; default true. */
  readonly bias?: boolean;
  /** Default `torch`. */
  readonly init?: Initialiser;
}

/**
 * Convolution of `[height, width, channels]` with a kernel `[kh, kw, in, out]`.
 *
 * @throws RangeError when a list of sides has not two entries
 */
export function conv2d(options: ConvOptions): Block {
  return conv(2, options);
}

/**
 * Convolution of `[depth, height, width, channels]` with a kernel `[kd, kh, kw, in, out]`.
 *
 * @throws RangeError when a list of sides has not three entries
 */
export function conv3d(options: ConvOptions): Block {
  return conv(3, options);
}

function conv(axes: 2 | 3, options: ConvOptions): Block {
  const { filters, kernel, strides = 1, padding = "valid", bias = true, init = "torch" } = options;
  const window = windowOf(axes, { size: kernel, strides, padding });
  const cells = explicitPadding(window);
  const rule = window.padding === "same" ? "same" : "valid";
  const stride = [...window.strides] as [number, number, number];
  return {
    init(rng, inputShape) {
      const outputShape = [...slide(window, inputShape), filters];
      const shape = [...window.size, inputShape.at(-1) as number, filters];
      const fanIn = sizeOf(shape.slice(0, -1));
      const fanOut = sizeOf(window.size) * filters;
      const params = {
        kernel: drawKernel(rng.fork("kernel"), { shape, fanIn, fanOut }, init),
        ...(bias ? { bias: drawBias(rng.fork("bias"), { channels: filters, fanIn }, init) } : {}),
      };
      return { params, state: {}, outputShape };
    },
    apply(params, state, x, _mode) {
      // TensorFlow's own explicit padding makes the gradient by the kernel five times as slow.
      const padded = cells ? tf.pad(x, cells) : x;
      const kernel = leafOf(params, "kernel");
      const y = axes === 2
        ? tf.conv2d(padded as tf.Tensor4D, kernel as tf.Tensor4D, [stride[0], stride[1]], rule)
        : hasRawOps()
        ? tf.conv3d(padded as tf.Tensor5D, kernel as tf.Tensor5D, stride, rule)
        : conv3dByFrames(padded as tf.Tensor5D, kernel as tf.Tensor5D, {
          strides: stride,
          padding: rule,
        });
      return [bias ? addBias(y, leafOf(params, "bias")) : y, state];
    },
  };
}
