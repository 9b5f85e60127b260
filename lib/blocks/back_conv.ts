/**
 * Back-convolution (transposed convolution) to an exact size.
 *
 * @module
 */
import { sizeOf } from "lib/core/volume.ts";
import { hasRawOps, tf } from "lib/train/backend.ts";
import { addBias } from "./bias.ts";
import type { Shape } from "./block.ts";
import { conv3dByFrames } from "./conv3d_by_frames.ts";
import type { Priced } from "./cost.ts";
import { drawBias, drawKernel, type Initialiser } from "./initialise.ts";
import type { Merge } from "./merge.ts";
import { leafOf } from "./tree.ts";

/** A back-convolution. */
export interface BackConvOptions {
  /** Default `torch`. */
  readonly init?: Initialiser;
}

/** Side of the kernel; with it and the stride of 2 go one cell of padding on both sides. */
const side = 3;
const stride = 2;

/**
 * Enlarges its first input to the shape of the second, of which only the shape counts. The transposed
 * convolution of a 3×3×3 convolution with stride 2 and padding 1: such a one takes a side n to
 * ceil(n / 2), and so this one takes ceil(n / 2) back to n, odd or even. Kernel `[3, 3, 3, out, in]`,
 * with a bias.
 *
 * DEVIATION: the paper says neither kernel nor stride; these are the reverse of the convolution that
 * made the side half. PyTorch's twin is `ConvTranspose3d(in, out, 3, 2, 1)` with `output_size`.
 *
 * @throws RangeError on init when a side is not the half of its target, rounded up
 */
export function backConv({ init = "torch" }: BackConvOptions = {}): Merge & Priced {
  return {
    init(rng, inputShapes) {
      const [from, to] = inputShapes as [Shape, Shape];
      checkSides(from, to);
      const [channels, filters] = [from.at(-1) as number, to.at(-1) as number];
      // DEVIATION: as in PyTorch, whose default counts the second axis of [in, out, ...] as fan-in.
      const [fanIn, fanOut] = [filters * side ** 3, channels * side ** 3];
      const shape = [side, side, side, filters, channels];
      return {
        params: {
          kernel: drawKernel(rng.fork("kernel"), { shape, fanIn, fanOut }, init),
          bias: drawBias(rng.fork("bias"), { channels: filters, fanIn }, init),
        },
        state: {},
        outputShape: to,
      };
    },
    apply(params, state, inputs) {
      const [x, like] = inputs as [tf.Tensor5D, tf.Tensor];
      const space = like.shape.slice(1, 4);
      const kernel = leafOf(params, "kernel") as tf.Tensor5D;
      const y = hasRawOps() ? transposed(x, kernel, space) : composed(x, kernel, space);
      return [addBias(y, leafOf(params, "bias")), state];
    },
    price(inputShapes) {
      const [from, to] = inputShapes as [Shape, Shape];
      const [channels, filters] = [from.at(-1) as number, to.at(-1) as number];
      return {
        outputShape: to,
        parameters: side ** 3 * channels * filters + filters,
        // Each place of the input goes to each place of the kernel.
        multiplyAdds: side ** 3 * sizeOf(from) * filters,
      };
    },
  };
}

function checkSides(from: Shape, to: Shape): void {
  const wrong = from.length !== 4 || to.length !== 4 ||
    [0, 1, 2].some((axis) => from[axis] !== Math.ceil(to[axis] as number / stride));
  if (wrong) {
    throw new RangeError(
      `A back-convolution cannot take [${from.join(", ")}] to [${to.join(", ")}]: ` +
        "each side must be half of its target, rounded up",
    );
  }
}

const window = {
  strides: [stride, stride, stride] as [number, number, number],
  pad: "valid",
} as const;
const cells: [number, number][] = [[0, 0], [1, 1], [1, 1], [1, 1], [0, 0]];

/** TensorFlow's kernels: the gradient of a convolution by its padded input, without the padding. */
function transposed(x: tf.Tensor5D, kernel: tf.Tensor5D, space: readonly number[]): tf.Tensor {
  const filters = kernel.shape[3];
  const padded = [x.shape[0], ...space.map((n) => n + 2), filters];
  const inner = [x.shape[0], ...space, filters];
  const run = (name: string, inputs: tf.NamedTensorMap, attrs: object): tf.Tensor =>
    tf.engine().runKernel(name, inputs, { ...window, ...attrs } as tf.NamedAttrMap) as tf.Tensor;
  return tf.customGrad((x, kernel, save) => {
    const [dy, filter] = [x as tf.Tensor, kernel as tf.Tensor];
    (save as tf.GradSaveFunc)([dy, filter]);
    const whole = run("Conv3DBackpropInputV2", { dy, filter }, { inputShape: padded });
    return {
      value: tf.slice(whole, [0, 1, 1, 1, 0], inner),
      gradFunc: (dz, saved) => {
        const [x, kernel] = saved as [tf.Tensor5D, tf.Tensor5D];
        const outer = tf.pad(dz, cells) as tf.Tensor5D;
        return [
          tf.conv3d(outer, kernel, window.strides, "valid"),
          run("Conv3DBackpropFilterV2", { x: outer, dy: x }, { filterShape: kernel.shape }),
        ];
      },
    };
  })(x, kernel);
}

/** For other backends: a convolution of x with zeros between its cells by the turned kernel. */
function composed(x: tf.Tensor5D, kernel: tf.Tensor5D, space: readonly number[]): tf.Tensor {
  const spread = [1, 2, 3].reduce<tf.Tensor>(withZeros, x);
  const after = space.map((
    n,
    i,
  ): [number, number] => [1, 1 + n - stride * (x.shape[i + 1] as number)]);
  // A target of odd side ends on a cell of x: the zero after it is the padding.
  const cut = after.map(([, more]) => Math.min(0, more));
  const sides = spread.shape.slice(1, 4).map((n, i) => n + (cut[i] as number));
  const trimmed = tf.slice(spread, [0, 0, 0, 0, 0], [x.shape[0], ...sides, x.shape[4]]);
  const around: [number, number][] = [
    [0, 0],
    ...after.map(([before, more]): [number, number] => [before, Math.max(0, more)]),
    [0, 0],
  ];
  const turned = tf.transpose(tf.reverse(kernel, [0, 1, 2]), [0, 1, 2, 4, 3]);
  return conv3dByFrames(tf.pad(trimmed, around) as tf.Tensor5D, turned as tf.Tensor5D, {
    strides: [1, 1, 1],
    padding: "valid",
  });
}

/** A zero after each cell along an axis. */
function withZeros(x: tf.Tensor, axis: number): tf.Tensor {
  const shape = x.shape.map((n, i) => i === axis ? stride * n : n);
  return tf.reshape(tf.stack([x, tf.zerosLike(x)], axis + 1), shape);
}
