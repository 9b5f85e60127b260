/**
 * Multi-head self-attention.
 *
 * @module
 */
import { sizeOf } from "lib/core/volume.ts";
import { tf } from "lib/train/backend.ts";
import { addBias } from "./bias.ts";
import type { Block, Tensors } from "./block.ts";
import type { Priced } from "./cost.ts";
import { dropout } from "./dropout.ts";
import { drawBias, drawKernel } from "./initialise.ts";
import { leafOf, subtreeOf } from "./tree.ts";

/** Self-attention. */
export interface SelfAttentionOptions {
  /** Heads, each with its share of a token's features. */
  readonly heads: number;
  /** Dropout's share of the attention weights; default 0. */
  readonly drop?: number;
}

/**
 * Self-attention among the tokens of `[...sequences, tokens, features]`, which keeps its shape:
 * softmax(q kᵀ / √w) v in each head, w its share of the features, then a product of all heads' results
 * (Vaswani et al. 2017, section 3.2). The kernels of q, k and v lie below each other in `qkv.kernel`,
 * `[3 features, features]`, as in PyTorch's `MultiheadAttention`; each is drawn by Glorot and Bengio's
 * rule, with no bias to begin with.
 *
 * @throws RangeError on init when there are no tokens, or when heads do not divide the features
 */
export function selfAttention({ heads, drop = 0 }: SelfAttentionOptions): Block & Priced {
  const dropped = dropout(drop);
  return {
    init(rng, inputShape) {
      const features = checkedFeatures(inputShape, heads);
      const linear = (outputs: number, name: string) => ({
        kernel: drawKernel(
          rng.fork(name),
          { shape: [outputs, features], fanIn: features, fanOut: features },
          "glorot",
        ),
        bias: drawBias(rng, { channels: outputs, fanIn: features }, "glorot"),
      });
      const params = { qkv: linear(3 * features, "qkv"), out: linear(features, "out") };
      return { params, state: {}, outputShape: inputShape };
    },
    apply(params, state, x, mode) {
      const { weights, values } = attend(subtreeOf(params, "qkv"), x, heads);
      const [kept] = dropped.apply({}, {}, weights, mode);
      const byHead = tf.matMul(kept, values);
      const features = x.shape.at(-1) as number;
      const rows = tf.reshape(tf.transpose(byHead, [0, 2, 1, 3]), [x.size / features, features]);
      return [tf.reshape(linearly(subtreeOf(params, "out"), rows), x.shape), state];
    },
    price([inputShape = []]) {
      const features = inputShape.at(-1) as number;
      const tokens = inputShape.at(-2) as number;
      const places = sizeOf(inputShape.slice(0, -1));
      return {
        outputShape: inputShape,
        parameters: 4 * features * (features + 1),
        // The kernels at each token, then each token with each other one, twice.
        multiplyAdds: 4 * places * features ** 2 + 2 * places * tokens * features,
      };
    },
  };
}

/**
 * How much each token attends to each, `[sequences, heads, tokens, tokens]` with rows that add up to 1.
 *
 * @param params those of a {@linkcode selfAttention} with so many heads
 * @param x what it is fed, `[...sequences, tokens, features]`
 */
export function attentionWeights(params: Tensors, x: tf.Tensor, heads: number): tf.Tensor {
  return attend(subtreeOf(params, "qkv"), x, heads).weights;
}

interface Attended {
  /** `[sequences, heads, tokens, tokens]`. */
  readonly weights: tf.Tensor;
  /** `[sequences, heads, tokens, share]`. */
  readonly values: tf.Tensor;
}

function attend(qkv: Tensors, x: tf.Tensor, heads: number): Attended {
  const [tokens, features] = x.shape.slice(-2) as [number, number];
  const share = features / heads;
  const rows = tf.reshape(x, [x.size / features, features]);
  const sequences = x.size / (tokens * features);
  const all = tf.reshape(linearly(qkv, rows), [sequences, tokens, 3, heads, share]);
  const [q, k, values] = tf.unstack(tf.transpose(all, [2, 0, 3, 1, 4])) as [
    tf.Tensor,
    tf.Tensor,
    tf.Tensor,
  ];
  const scores = tf.matMul(tf.mul(q, 1 / Math.sqrt(share)), k, false, true);
  return { weights: tf.softmax(scores), values };
}

/** A product by a kernel `[out, in]`, and a bias. */
function linearly(params: Tensors, rows: tf.Tensor): tf.Tensor {
  const y = tf.matMul(rows as tf.Tensor2D, leafOf(params, "kernel") as tf.Tensor2D, false, true);
  return addBias(y, leafOf(params, "bias"));
}

function checkedFeatures(shape: readonly number[], heads: number): number {
  const features = shape.at(-1) as number;
  if (shape.length >= 2 && features % heads === 0) return features;
  throw new RangeError(
    `Attention of ${heads} heads takes [tokens, features], features a multiple of ${heads}, not ` +
      `[${shape.join(", ")}]`,
  );
}
