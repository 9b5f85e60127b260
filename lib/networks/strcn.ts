/**
 * STRCN's network: convolutions that are applied to their own results, group after group.
 *
 * Z. Xia, X. Hong, X. Gao, X. Feng, G. Zhao, "Spatiotemporal recurrent convolutional networks for
 * recognizing spontaneous micro-expressions", IEEE TMM 22(3) (2020), on the recurrent convolution of
 * M. Liang, X. Hu, "Recurrent convolutional neural network for object recognition", CVPR 2015.
 *
 * @module
 */
import { batchNorm } from "lib/blocks/batch_norm.ts";
import type { Block, Initialised } from "lib/blocks/block.ts";
import { conv2d } from "lib/blocks/conv.ts";
import { dense } from "lib/blocks/dense.ts";
import { flatten } from "lib/blocks/flatten.ts";
import { globalAverage } from "lib/blocks/global_pool.ts";
import { graph, type Wired } from "lib/blocks/graph.ts";
import { maxPool2d } from "lib/blocks/pool.ts";
import { relu } from "lib/blocks/relu.ts";
import { normRelu } from "lib/blocks/norm_relu.ts";
import { gather } from "lib/blocks/serial.ts";
import { subtreeOf } from "lib/blocks/tree.ts";
import { tf } from "lib/train/backend.ts";

/** The network. */
export interface StrcnOptions {
  readonly classes: number;
  /** Channels of the first convolution; the last group has 8 times as many. Default 64. */
  readonly width?: number;
  /** Sides of the poolings; the authors' 4, 4, 2, 2 are for flow of 300×245 pixels. */
  readonly pools: readonly [number, number, number, number];
}

/**
 * `[height, width, channels]` to a score a class: a convolution and three recurrent groups, a pooling after
 * each of them, then the mean over all places.
 *
 * DEVIATION: the article's table of layers was not at hand. That groups are three convolutions deep, that
 * there are up to 512 maps and which poolings there are is from summaries; the widths before the last, the
 * kernels of 3×3 and where the normalisation stands are a reading.
 */
export function strcn({ classes, width = 64, pools }: StrcnOptions): Block & Wired {
  const pool = (i: number): Block => maxPool2d({ window: pools[i]! });
  return graph({
    conv: conv2d({ filters: width, kernel: 3, padding: 1, bias: false, init: "he" }),
    norm: normRelu(true),
    pool1: pool(0),
    group2: recurrentConv(2 * width),
    pool2: pool(1),
    group3: recurrentConv(4 * width),
    pool3: pool(2),
    group4: recurrentConv(8 * width),
    pool4: pool(3),
    mean: globalAverage(),
    flat: flatten(),
    scores: dense({ units: classes }),
  });
}

/** How often a recurrent convolution sees its own result: two times make it three deep. */
const turns = [1, 2];

/**
 * x₀ = f₀(F * u), xₜ = fₜ(F * u + R * xₜ₋₁) with the same R each time; f normalises, each time by its own
 * statistics, and rectifies.
 */
function recurrentConv(filters: number): Block {
  const conv = (): Block => conv2d({ filters, kernel: 3, padding: 1, bias: false, init: "he" });
  const parts = {
    forward: conv(),
    again: conv(),
    ...Object.fromEntries([0, ...turns].map((t) => [`norm${t}`, batchNorm()])),
  } as Readonly<Record<string, Block>>;
  const rectify = relu();
  return {
    init(rng, inputShape) {
      const forward = parts.forward!.init(rng.fork("forward"), inputShape);
      const others = Object.keys(parts).filter((name) => name !== "forward").map((
        name,
      ): [string, Initialised] => [
        name,
        parts[name]!.init(rng.fork(name), forward.outputShape),
      ]);
      return { ...gather([["forward", forward], ...others]), outputShape: forward.outputShape };
    },
    apply(params, state, u, mode) {
      const run = (name: string, x: tf.Tensor) =>
        parts[name]!.apply(subtreeOf(params, name), subtreeOf(state, name), x, mode);
      const [seen] = run("forward", u);
      let x = seen;
      const next: [string, typeof state][] = [];
      for (const t of [0, ...turns]) {
        const [normed, stats] = run(`norm${t}`, t === 0 ? seen : tf.add(seen, run("again", x)[0]));
        next.push([`norm${t}`, stats]);
        x = rectify.apply({}, {}, normed, mode)[0];
      }
      return [x, Object.fromEntries(next)];
    },
  };
}
