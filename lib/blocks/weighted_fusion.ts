/**
 * Adaptive weighted fusion.
 *
 * @module
 */
import { tf } from "lib/train/backend.ts";
import type { Shape } from "./block.ts";
import { filled } from "./initialise.ts";
import type { Merge } from "./merge.ts";
import { leafOf } from "./tree.ts";

/** A fusion. */
export interface WeightedFusionOptions {
  /** How many of the last inputs enter with the weight 1, which is not learned; default 0. */
  readonly unweighted?: number;
}

/**
 * K = αX₁ + βX₂ + γX₃ + δX₄ (equation 3.8) with learned numbers as weights, and as equation 3.9, where
 * the last of eight inputs has none. A first input gives the shape `[frames, height, width, channels]`;
 * others have that shape, or a side of 1 on some axes, along which they are repeated.
 *
 * DEVIATION: the paper does not say how the weights begin; they begin as 1/n for n inputs.
 *
 * @throws RangeError on init when an input cannot be repeated to the first one's shape
 */
export function weightedFusion({ unweighted = 0 }: WeightedFusionOptions = {}): Merge {
  return {
    init(_rng, inputShapes) {
      const outputShape = widest(inputShapes);
      const count = inputShapes.length;
      return {
        params: { weights: filled([count - unweighted], 1 / count) },
        state: {},
        outputShape,
      };
    },
    apply(params, state, inputs) {
      const weights = leafOf(params, "weights");
      return [fuse(weights, inputs), state];
    },
  };
}

function widest(inputShapes: readonly Shape[]): Shape {
  const [first] = inputShapes;
  if (first === undefined) throw new RangeError("A fusion needs an input");
  for (const shape of inputShapes) {
    if (shape.length !== first.length || shape.some((side, i) => side !== 1 && side !== first[i])) {
      throw new RangeError(
        `A fusion cannot repeat [${shape.join(", ")}] to [${first.join(", ")}]`,
      );
    }
  }
  return first;
}

/** Σ wᵢXᵢ; the gradient by a weight is one product of two vectors, without an array between. */
function fuse(weights: tf.Tensor, inputs: readonly tf.Tensor[]): tf.Tensor {
  const shape = (inputs[0] as tf.Tensor).shape;
  return tf.customGrad((...args) => {
    const save = args.at(-1) as tf.GradSaveFunc;
    const [weights, ...xs] = args.slice(0, -1) as tf.Tensor[] as [tf.Tensor, ...tf.Tensor[]];
    save([weights, ...xs]);
    const scaled = scalars(weights, xs.length);
    const terms = xs.map((x, i) => scaled[i] ? tf.mul(x, scaled[i]) : x);
    return {
      value: terms.slice(1).reduce((sum, term) => tf.add(sum, term), terms[0] as tf.Tensor),
      gradFunc: (dy, saved) => gradients(dy, saved as [tf.Tensor, ...tf.Tensor[]], shape),
    };
  })(weights, ...inputs);
}

function gradients(
  dy: tf.Tensor,
  [weights, ...xs]: readonly [tf.Tensor, ...tf.Tensor[]],
  shape: readonly number[],
): tf.Tensor[] {
  const scaled = scalars(weights, xs.length);
  const own = xs.map((x) => {
    const repeated = x.shape.flatMap((side, axis) => side === shape[axis] ? [] : [axis]);
    return repeated.length === 0 ? dy : tf.sum(dy, repeated, true);
  });
  const byWeight = xs.slice(0, weights.size).map((x, i) =>
    tf.reshape(
      tf.matMul(
        tf.reshape(own[i] as tf.Tensor, [1, x.size]),
        tf.reshape(x, [x.size, 1]),
      ) as tf.Tensor,
      [1],
    )
  );
  return [
    tf.concat(byWeight, 0),
    ...own.map((dx, i) => scaled[i] ? tf.mul(dx, scaled[i]) : dx.clone()),
  ];
}

/** One scalar for each input that has a weight. */
function scalars(weights: tf.Tensor, inputs: number): (tf.Tensor | undefined)[] {
  const each = tf.unstack(weights);
  return Array.from({ length: inputs }, (_, i) => each[i]);
}
