/**
 * Batch normalisation and rectifier as one step of the gradient tape.
 *
 * @module
 */
import { sizeOf } from "lib/core/volume.ts";
import { attribute, hasRawOps, type OpAttribute, runOp, tf } from "lib/train/backend.ts";
import { batchNorm } from "./batch_norm.ts";
import type { Block } from "./block.ts";
import { relu } from "./relu.ts";
import { leafOf } from "./tree.ts";

/** The defaults of {@linkcode batchNorm}. */
const [momentum, epsilon] = [0.1, 1e-5];

const float = attribute.type("float32");
const forth = { exponential_avg_factor: attribute.float(momentum) };
const layouts = { 4: commonFor("NHWC"), 5: commonFor("NDHWC") };
const ofType = { T: float };

/**
 * relu(batchNorm(x)), or batch norm alone: the function, the parameters and the state of
 * {@linkcode batchNorm}. In training on TensorFlow the two are one step of the tape, and small maps are
 * normalised as they are, without reshapes around it: together a seventh of the training step of a deep
 * network of small maps.
 *
 * @param rectify whether the rectifier is there
 */
export function normRelu(rectify: boolean): Block {
  const norm = batchNorm({ momentum, epsilon });
  const after = relu();
  return {
    init: norm.init,
    apply(params, state, x, mode) {
      if (!hasRawOps() || !mode.training) {
        const [y, next] = norm.apply(params, state, x, mode);
        return [rectify ? after.apply({}, {}, y, mode)[0] : y, next];
      }
      const arrays = [leafOf(params, "gamma"), leafOf(params, "beta")] as const;
      const running = [leafOf(state, "mean"), leafOf(state, "variance")] as const;
      const { y, mean, variance } = fused([x, ...arrays], running, rectify);
      return [y, { mean, variance }];
    },
  };
}

function commonFor(layout: string): Record<string, OpAttribute> {
  return {
    T: float,
    U: float,
    epsilon: attribute.float(epsilon),
    data_format: attribute.string(layout),
    is_training: attribute.bool(true),
  };
}

interface Normalised {
  readonly y: tf.Tensor;
  /** The next running statistics, kept. */
  readonly mean: tf.Tensor;
  readonly variance: tf.Tensor;
}

function fused(
  [x, gamma, beta]: readonly [tf.Tensor, tf.Tensor, tf.Tensor],
  running: readonly tf.Tensor[],
  rectify: boolean,
): Normalised {
  let next: readonly tf.Tensor[] = [];
  const shape = fastestShape(x);
  const common = layouts[shape.length as 4 | 5];
  const y = tf.customGrad((...args) => {
    const [x, gamma, beta, save] = args as [tf.Tensor, tf.Tensor, tf.Tensor, tf.GradSaveFunc];
    const image = reshaped(x, shape);
    const outputs = runOp("FusedBatchNormV3", { ...common, ...forth }, [
      image,
      gamma,
      beta,
      ...running,
    ], 6);
    next = outputs.slice(1, 3).map(tf.keep);
    const normed = outputs[0] as tf.Tensor;
    const y = rectify ? runOp("Relu", ofType, [normed])[0] as tf.Tensor : normed;
    save([image, gamma, ...outputs.slice(3), ...(rectify ? [y] : [])]);
    return {
      value: reshaped(y, x.shape),
      gradFunc: (dy, saved) => gradients(dy, saved as Saved),
    };
  })(x, gamma, beta);
  return { y, mean: next[0] as tf.Tensor, variance: next[1] as tf.Tensor };
}

/** What the gradient needs; y where there is a rectifier. */
type Saved = [
  image: tf.Tensor,
  gamma: tf.Tensor,
  r1: tf.Tensor,
  r2: tf.Tensor,
  r3: tf.Tensor,
  y?: tf.Tensor,
];

function gradients(dy: tf.Tensor, [image, gamma, r1, r2, r3, y]: Saved): tf.Tensor[] {
  const flat = reshaped(dy, image.shape);
  const inner = y ? runOp("ReluGrad", ofType, [flat, y])[0] as tf.Tensor : flat;
  const common = layouts[image.rank as 4 | 5];
  const inputs = [inner, image, gamma, r1, r2, r3];
  const [dx, ...rest] = runOp("FusedBatchNormGradV3", common, inputs, 5) as [tf.Tensor];
  return [reshaped(dx, dy.shape), ...(rest as tf.Tensor[]).slice(0, 2)];
}

/**
 * Maps of fewer numbers are given to the kernel as they are, if they have its five axes: that is slower,
 * but not by as much as reshapes forth and back cost.
 */
const small = 2 ** 16;

/** The shape the kernel gets; as in {@linkcode batchNorm}, oneDNN is fastest with images of 8 pixels. */
function fastestShape(x: tf.Tensor): readonly number[] {
  if (x.rank === 5 && x.size <= small) return x.shape;
  const rows = sizeOf(x.shape.slice(0, -1));
  const pixels = [8, 4, 2].find((side) => rows % side === 0) ?? 1;
  return [rows / pixels, pixels, 1, x.shape.at(-1) as number];
}

const reshape = { T: float, Tshape: attribute.type("int32") };

function reshaped(x: tf.Tensor, shape: readonly number[]): tf.Tensor {
  if (x.shape.join() === shape.join()) return x;
  return runOp("Reshape", reshape, [x, tf.tensor1d([...shape], "int32")])[0] as tf.Tensor;
}
