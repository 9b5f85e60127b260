/**
 * The convolution of residual networks: half a kernel of zeros on both sides, no bias.
 *
 * @module
 */
import { sizeOf } from "lib/core/volume.ts";
import { hasRawOps, tf } from "lib/train/backend.ts";
import type { Block, Shape } from "./block.ts";
import { conv3dByFrames } from "./conv3d_by_frames.ts";
import type { Priced } from "./cost.ts";
import { drawKernel, type Initialiser } from "./initialise.ts";
import { leafOf } from "./tree.ts";
import { type PerAxis, slide, type Window, windowOf } from "./window.ts";

/** A convolution. */
export interface CentredConvOptions {
  /** Output channels. */
  readonly filters: number;
  /** Side of the kernel, or one side an axis: time, height, width. Odd sides. */
  readonly kernel: PerAxis;
  /** Default 1. */
  readonly strides?: PerAxis;
  /** Default `he`. */
  readonly init?: Initialiser;
}

/**
 * Convolution of `[frames, height, width, channels]` with a kernel `[kt, kh, kw, in, out]` of odd sides,
 * (k - 1) / 2 zeros on both sides of each axis, as PyTorch networks pad: a stride 1 keeps the shape, a
 * stride s gives ceil(side / s).
 *
 * On TensorFlow it is one operation whatever the kernel: two-dimensional convolutions for 1×1×k, 1×k×1
 * and k×1×1 take as long, and matrix products for 1×1×1 save less than the reshapes around them cost.
 *
 * @throws RangeError when a side is even, or a list of sides has not three entries
 */
export function centredConv3d(options: CentredConvOptions): Block & Priced {
  const { filters, kernel, strides = 1, init = "he" } = options;
  const window = windowOf(3, { size: kernel, strides, padding: halves(kernel) });
  const shapeFor = (input: Shape): number[] => [...window.size, input.at(-1) as number, filters];
  const outputFor = (input: Shape): number[] => [...slide(window, input), filters];
  return {
    init(rng, inputShape) {
      const shape = shapeFor(inputShape);
      const fanIn = sizeOf(shape.slice(0, -1));
      const fanOut = sizeOf(window.size) * filters;
      const params = { kernel: drawKernel(rng.fork("kernel"), { shape, fanIn, fanOut }, init) };
      return { params, state: {}, outputShape: outputFor(inputShape) };
    },
    apply(params, state, x) {
      const kernel = leafOf(params, "kernel") as tf.Tensor5D;
      const convolve = hasRawOps() ? whole : byFrames;
      return [convolve(x as tf.Tensor5D, kernel, window), state];
    },
    price([inputShape]) {
      const outputShape = outputFor(inputShape as Shape);
      const parameters = sizeOf(shapeFor(inputShape as Shape));
      const multiplyAdds = parameters * sizeOf(outputShape.slice(0, -1));
      return { outputShape, parameters, multiplyAdds };
    },
  };
}

function halves(kernel: PerAxis): number[] {
  const sides = typeof kernel === "number" ? [kernel, kernel, kernel] : kernel;
  if (sides.some((side) => side % 2 === 0)) {
    throw new RangeError(`A centred kernel needs odd sides, not [${sides.join(", ")}]`);
  }
  return sides.map((side) => (side - 1) / 2);
}

function whole(x: tf.Tensor5D, kernel: tf.Tensor5D, window: Window): tf.Tensor {
  const strides = [...window.strides] as [number, number, number];
  // With a stride of 1 TensorFlow's rule pads the same cells, and saves a pass over the data.
  if (strides.every((step) => step === 1)) return tf.conv3d(x, kernel, strides, "same");
  return tf.conv3d(padded(x, window), kernel, strides, "valid");
}

/** For other backends, whose three-dimensional gradients are wrong or missing. */
function byFrames(x: tf.Tensor5D, kernel: tf.Tensor5D, window: Window): tf.Tensor {
  const y = padded(x, window);
  const strides = [...window.strides] as [number, number, number];
  if (kernel.shape[0] > 1) return conv3dByFrames(y, kernel, { strides, padding: "valid" });
  const chosen = every(y, strides[0]);
  const [batch, frames, height, width, channels] = chosen.shape;
  const images = tf.reshape(chosen, [batch * frames, height, width, channels]);
  const flat = tf.reshape(kernel, kernel.shape.slice(1));
  const z = tf.conv2d(
    images as tf.Tensor4D,
    flat as tf.Tensor4D,
    [strides[1], strides[2]],
    "valid",
  );
  return tf.reshape(z, [batch, frames, ...z.shape.slice(1)]);
}

/** Each `step`-th frame. */
function every(x: tf.Tensor5D, step: number): tf.Tensor5D {
  if (step === 1) return x;
  const chosen = Array.from({ length: Math.ceil(x.shape[1] / step) }, (_, i) => i * step);
  return tf.gather(x, tf.tensor1d(chosen, "int32"), 1);
}

function padded(x: tf.Tensor5D, { padding }: Window): tf.Tensor5D {
  const cells = (padding as readonly number[]).map((n): [number, number] => [n, n]);
  return cells.every(([n]) => n === 0) ? x : tf.pad(x, [[0, 0], ...cells, [0, 0]]);
}
