/**
 * RCN, recurrent convolutional networks on small maps, and their attention without parameters.
 *
 * Z. Xia, W. Peng, H.-Q. Khor, X. Feng, G. Zhao, "Revealing the invisible with model and data shrinking for
 * composite-database micro-expression recognition", IEEE TIP 29 (2020), and the authors' published code.
 *
 * DEVIATION: of that code three faults are not repeated: RCN-P and RCN-F name a class that is not there
 * and cannot be made; RCN-F looks twice at its second stream and never at its third; and attention divides
 * 0 by 0 where a map is even, which here gives 0.
 *
 * DEVIATION: kernels are drawn by their fan-in (He), the authors' by their fan-out.
 *
 * @module
 */
import type { Block, Mode, Shape, Tensors } from "lib/blocks/block.ts";
import { conv2d } from "lib/blocks/conv.ts";
import { dilatedConv } from "lib/blocks/conv_dilated.ts";
import { dropout } from "lib/blocks/dropout.ts";
import { batchNorm } from "lib/blocks/batch_norm.ts";
import { filled } from "lib/blocks/initialise.ts";
import { maximumOver } from "lib/blocks/maximum.ts";
import { normRelu } from "lib/blocks/norm_relu.ts";
import { parallel } from "lib/blocks/parallel.ts";
import { maxPool2d } from "lib/blocks/pool.ts";
import { relu } from "lib/blocks/relu.ts";
import { adaptiveMean, nearest } from "lib/blocks/resize.ts";
import { serial } from "lib/blocks/serial.ts";
import { flatten, leafOf, subtreeOf } from "lib/blocks/tree.ts";
import { volume } from "lib/core/volume.ts";
import { tf } from "lib/train/backend.ts";

/** The published networks: with attention, shortcuts, wide, searched, cascaded, embedded. */
export const rcnVariants = ["A", "S", "W", "P", "C", "F"] as const;

/** The network. */
export interface RcnOptions {
  readonly classes: number;
  /** Default `A`. */
  readonly variant?: typeof rcnVariants[number];
  /** Channels, a multiple of 4; default 64. */
  readonly width?: number;
  /** Side that maps are pooled to before the last layer; default 7. */
  readonly cells?: number;
  /** Dropout's share after each stage; default 0.5. */
  readonly drop?: number;
}

/** What is fixed when the network is made. */
type Settled = Required<RcnOptions>;

/**
 * The network, `[height, width, channels]` to a score a class; RCN-A has 55,747 parameters for three
 * channels and classes, and 15,331 with 32 channels and 5 cells a side.
 */
export function rcn(options: RcnOptions): Block {
  const settled: Settled = { variant: "A", width: 64, cells: 7, drop: 0.5, ...options };
  const { variant, width, cells, classes } = settled;
  const first = stem(settled);
  const body = bodies[variant](settled);
  return {
    init(rng, inputShape) {
      const begun = first.init(rng.fork("stem"), inputShape);
      const went = body.init(rng.fork("body"), begun.outputShape);
      const size = cells * cells * width;
      const draw = rng.fork("scores");
      const kernel = Float32Array.from({ length: classes * size }, () => 0.01 * draw.normal());
      return {
        params: {
          stem: begun.params,
          body: went.params,
          scores: { kernel: volume(kernel, [classes, size]), bias: filled([classes], 0) },
        },
        state: { stem: begun.state, body: went.state },
        outputShape: [classes],
      };
    },
    apply(params, state, x, mode) {
      const scores = subtreeOf(params, "scores");
      const attend = attention(leafOf(scores, "kernel"), cells);
      const [begun, stemState] = first.apply(
        subtreeOf(params, "stem"),
        subtreeOf(state, "stem"),
        x,
        mode,
      );
      const seen = variant === "C" ? spread(begun, attend.ofInput(x)) : begun;
      const [features, bodyState] = body.apply(
        { params: subtreeOf(params, "body"), state: subtreeOf(state, "body") },
        { x: seen, attend: attend.of },
        mode,
      );
      const pooled = adaptiveMean(features, cells);
      const weighed = variant === "A" || variant === "P"
        ? tf.mul(pooled, attend.of(begun))
        : pooled;
      const flat = tf.reshape(channelsFirst(weighed), [x.shape[0] as number, -1]);
      const y = tf.add(
        tf.matMul(flat as tf.Tensor2D, leafOf(scores, "kernel") as tf.Tensor2D, false, true),
        leafOf(scores, "bias"),
      );
      return [y, { stem: stemState, body: bodyState }];
    },
  };
}

/** The rows of the last layer's kernel are channels, then cells, as in the authors' code. */
function channelsFirst(x: tf.Tensor): tf.Tensor {
  return tf.transpose(x, [0, 3, 1, 2]);
}

function stem({ variant, width, drop }: Settled): Block {
  switch (variant) {
    case "A":
    case "S":
      return serial({
        conv: conv2d({ filters: width, kernel: 5, init: "he" }),
        norm: normRelu(true),
        pool: maxPool2d({ window: 2 }),
        drop: dropout(drop),
      });
    case "P":
      return parallel({
        near: stream({ filters: width / 2, dilation: 1, stride: 1, drop }, true),
        far: stream({ filters: width / 2, dilation: 3, stride: 1, drop }, true),
      });
    default:
      return parallel({
        near: stream({ filters: width / 2, dilation: 1, stride: 3, drop }, false),
        middle: stream({ filters: width / 4, dilation: 2, stride: 3, drop }, false),
        far: stream({ filters: width / 4, dilation: 3, stride: 3, drop }, false),
      });
  }
}

function stream(
  { drop, ...conv }: {
    readonly filters: number;
    readonly dilation: number;
    readonly stride: number;
    readonly drop: number;
  },
  pooled: boolean,
): Block {
  return serial({
    conv: dilatedConv({ ...conv, padding: conv.dilation }),
    relu: relu(),
    norm: batchNorm(),
    ...(pooled ? { pool: maxPool2d({ window: 3, padding: 1 }) } : {}),
    drop: dropout(drop),
  });
}

/** The part between the stem and the pooling, which may ask for an attention map. */
interface Body {
  init: Block["init"];
  apply(
    own: { readonly params: Tensors; readonly state: Tensors },
    input: { readonly x: tf.Tensor; readonly attend: (x: tf.Tensor) => tf.Tensor },
    mode: Mode,
  ): [tf.Tensor, Tensors];
}

const bodies: Readonly<Record<typeof rcnVariants[number], (settled: Settled) => Body>> = {
  A: (settled) => recurrent(settled, 2, sumOf(false)),
  W: (settled) => recurrent(settled, 2, sumOf(false)),
  S: (settled) => recurrent(settled, 3, sumOf(true)),
  P: (settled) => recurrent(settled, 3, sumOf(true)),
  C: (settled) => recurrent(settled, 3, sumOf(true)),
  F: (settled) => recurrent(settled, 3, sumOf(true), true),
};

/** What goes into the next turn: the input with the last turn, or with all turns so far. */
function sumOf(all: boolean): (x: tf.Tensor, turns: readonly tf.Tensor[]) => tf.Tensor {
  return (x, turns) => (all ? turns : turns.slice(-1)).reduce((sum, y) => tf.add(sum, y), x);
}

/**
 * A 1×1 convolution, then turns of one and the same 3×3 convolution with batch norm, each on the input
 * with what came before; pooling and dropout.
 *
 * @param embedded whether an attention map weighs what the 1×1 convolution gives
 */
function recurrent(
  { width, drop }: Settled,
  turns: number,
  join: ReturnType<typeof sumOf>,
  embedded = false,
): Body {
  const unit = (kernel: number): Block =>
    serial({
      conv: conv2d({ filters: width, kernel, padding: (kernel - 1) / 2, init: "he" }),
      norm: normRelu(true),
    });
  const [forward, turn] = [unit(1), unit(3)];
  const end = serial({ pool: maxPool2d({ window: 2 }), drop: dropout(drop) });
  return {
    init(rng, inputShape) {
      const one = forward.init(rng.fork("forward"), inputShape);
      const three = turn.init(rng.fork("turn"), inputShape as Shape);
      const last = end.init(rng, inputShape);
      return {
        params: { forward: one.params, turn: three.params },
        state: { forward: one.state, turn: three.state },
        outputShape: last.outputShape,
      };
    },
    apply({ params, state }, { x, attend }, mode) {
      const [one, forwardState] = forward.apply(
        subtreeOf(params, "forward"),
        subtreeOf(state, "forward"),
        x,
        mode,
      );
      const outputs = [embedded ? spread(one, attend(x)) : one];
      let turnState = subtreeOf(state, "turn");
      for (let i = 0; i < turns; i++) {
        const before = turnState;
        const [y, after] = turn.apply(subtreeOf(params, "turn"), before, join(x, outputs), mode);
        outputs.push(y);
        turnState = after;
        // The statistics between two turns are nobody's.
        if (i > 0 && mode.training) flatten(before).forEach(([, tensor]) => tensor.dispose());
      }
      const [y] = end.apply({}, {}, outputs.at(-1)!, mode);
      return [y, { forward: forwardState, turn: turnState }];
    },
  };
}

/** A map times the nearest values of another of one channel. */
function spread(x: tf.Tensor, map: tf.Tensor): tf.Tensor {
  return tf.mul(x, nearest(map, [x.shape[1] as number, x.shape[2] as number]));
}

/**
 * Attention without parameters of its own: features are weighed by the last layer's kernel, for each class
 * brought to 0..1, and averaged over the classes. `[batch, cells, cells, 1]`.
 */
function attention(kernel: tf.Tensor, cells: number): {
  /** Of features with as many channels as the last layer sees. */
  of(x: tf.Tensor): tf.Tensor;
  /** Of the network's input, by the kernel's mean over channels. */
  ofInput(x: tf.Tensor): tf.Tensor;
} {
  const [classes = 0, size = 0] = kernel.shape;
  const channels = size / (cells * cells);
  // [classes, channels, cells, cells] to [1, classes, cells, cells, channels].
  const weights = () =>
    tf.transpose(tf.reshape(kernel, [1, classes, channels, cells, cells]), [0, 1, 3, 4, 2]);
  const mapOf = (x: tf.Tensor, by: tf.Tensor): tf.Tensor => {
    const products = tf.mul(tf.expandDims(adaptiveMean(x, cells), 1), by);
    const maps = tf.mean(products, 4);
    const low = tf.neg(maximumOver(tf.neg(maps), [2, 3]));
    const lifted = tf.sub(maps, low);
    // An even map is 0 everywhere.
    const high = tf.maximum(maximumOver(lifted, [2, 3]), 1e-12);
    return tf.expandDims(tf.mean(tf.div(lifted, high), 1), 3);
  };
  return {
    of: (x) => mapOf(x, weights()),
    ofInput: (x) => mapOf(x, tf.mean(weights(), 4, true)),
  };
}
