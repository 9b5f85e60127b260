/**
 * HTNet's network: transformers on patches in blocks of a grid, with fewer and wider patches from level to
 * level.
 *
 * Z. Wang, K. Zhang, W. Luo, R. Sankaranarayana, "HTNet for micro-expression recognition", Neurocomputing
 * 602 (2024), and the layers of the authors' published model, which is that of Z. Zhang et al., "Nested
 * hierarchical transformer", AAAI 2022.
 *
 * @module
 */
import type { Block } from "lib/blocks/block.ts";
import { conv2d } from "lib/blocks/conv.ts";
import { dense } from "lib/blocks/dense.ts";
import { dropout } from "lib/blocks/dropout.ts";
import { flatten } from "lib/blocks/flatten.ts";
import { gelu } from "lib/blocks/gelu.ts";
import { globalAverage } from "lib/blocks/global_pool.ts";
import { graph, type Wired } from "lib/blocks/graph.ts";
import { drawKernel } from "lib/blocks/initialise.ts";
import { layerNorm } from "lib/blocks/layer_norm.ts";
import { maxPool2d } from "lib/blocks/pool.ts";
import { residual } from "lib/blocks/residual.ts";
import { serial } from "lib/blocks/serial.ts";
import { leafOf, subtreeOf } from "lib/blocks/tree.ts";
import { volume } from "lib/core/volume.ts";
import { tf } from "lib/train/backend.ts";

/** The network; the defaults are the authors'. */
export interface HtnetOptions {
  readonly classes: number;
  /** Side of a patch in pixels; default 7. */
  readonly patch?: number;
  /** Features of the first level's patches; each further level has twice as many. Default 256. */
  readonly width?: number;
  /** Heads of the first level, doubled likewise; default 3. */
  readonly heads?: number;
  /** Layers of each level; default 2, 2, 10. */
  readonly layers?: readonly number[];
  /** Dropout's share; default 0. */
  readonly drop?: number;
}

/** The authors' normalisation over features. */
const epsilon = 1e-5;

/**
 * `[side, side, channels]` to a score a class. The grid of patches is halved between levels, and there is
 * one block on the last one. At the authors' sizes a block is one patch on every level, so that attention
 * is between a patch and itself: what patches exchange goes through the convolutions between levels.
 *
 * @throws RangeError on init when the grid cannot be cut into blocks that often
 */
export function htnet(options: HtnetOptions): Block & Wired {
  const { classes, patch = 7, width = 256, layers = [2, 2, 10] } = options;
  const nodes = layers.flatMap((_, level): [string, Block][] => {
    const features = width * 2 ** level;
    const here: [string, Block] = [`level${level + 1}`, transformer(options, level)];
    return level === layers.length - 1
      ? [here]
      : [here, [`halve${level + 1}`, halving(2 * features)]];
  });
  return graph({
    patches: conv2d({ filters: width, kernel: patch, strides: patch }),
    ...Object.fromEntries(nodes),
    norm: layerNorm(epsilon),
    mean: globalAverage(),
    flat: flatten(),
    scores: dense({ units: classes }),
  });
}

/** Half the side, with other features. */
function halving(filters: number): Block {
  return serial({
    conv: conv2d({ filters, kernel: 3, padding: 1 }),
    norm: layerNorm(epsilon),
    pool: maxPool2d({ window: 3, strides: 2, padding: 1 }),
  });
}

/** The layers of one level, on `[side, side, features]`. */
function transformer(options: HtnetOptions, level: number): Block {
  const { width = 256, heads = 3, layers = [2, 2, 10], drop = 0 } = options;
  const blocks = 2 ** (layers.length - 1 - level);
  const features = width * 2 ** level;
  const layer = (): Block =>
    serial({
      attention: residual(serial({
        norm: layerNorm(epsilon),
        attend: blockAttention({ blocks, heads: heads * 2 ** level, drop }),
        drop: dropout(drop),
      })),
      mlp: residual(serial({
        norm: layerNorm(epsilon),
        fc1: conv2d({ filters: 4 * features, kernel: 1 }),
        gelu: gelu(),
        drop1: dropout(drop),
        fc2: conv2d({ filters: features, kernel: 1 }),
        drop2: dropout(drop),
      })),
    });
  const stack = Array.from(
    { length: layers[level] as number },
    (_, i) => [`layer${i + 1}`, layer()],
  );
  return serial({ place: blockPlace(blocks), ...Object.fromEntries(stack) });
}

/** Patches of a block a side, of which there are so many a side. */
function patchesOf([side = 0, across = 0]: readonly number[], blocks: number): number {
  if (side === across && side > 0 && side % blocks === 0) return side / blocks;
  throw new RangeError(`A grid of ${side}×${across} patches is not ${blocks}×${blocks} blocks`);
}

/** One learned number for each place in a block, the same in all blocks, added to all features. */
function blockPlace(blocks: number): Block {
  return {
    init(rng, inputShape) {
      const side = patchesOf(inputShape, blocks);
      const drawn = Float32Array.from({ length: side * side }, () => rng.normal());
      const params = { position: volume(drawn, [side, side]) };
      return { params, state: {}, outputShape: inputShape };
    },
    apply(params, state, x) {
      const position = leafOf(params, "position");
      const [side = 0, across = 0] = position.shape;
      const tiled = tf.tile(tf.reshape(position, [side, across, 1]), [blocks, blocks, 1]);
      return [tf.add(x, tiled), state];
    },
  };
}

interface BlockAttentionOptions {
  readonly blocks: number;
  readonly heads: number;
  readonly drop: number;
}

/**
 * Self-attention among the patches of each block of `[side, side, features]`. A head has as many features
 * as go into it whole, and there is no bias in what is compared: 3 heads of 256 features are 85 each.
 */
function blockAttention({ blocks, heads, drop }: BlockAttentionOptions): Block {
  const dropped = dropout(drop);
  const out = (features: number): Block => conv2d({ filters: features, kernel: 1 });
  const inner = (features: number): number => Math.floor(features / heads) * heads;
  return {
    init(rng, inputShape) {
      patchesOf(inputShape, blocks);
      const features = inputShape.at(-1) as number;
      if (features < heads) {
        throw new RangeError(`${heads} heads cannot share ${features} features`);
      }
      const shape = [features, 3 * inner(features)];
      const kernel = drawKernel(
        rng.fork("qkv"),
        { shape, fanIn: features, fanOut: shape[1]! },
        "torch",
      );
      const last = out(features).init(
        rng.fork("out"),
        [...inputShape.slice(0, -1), inner(features)],
      );
      return {
        params: { qkv: { kernel }, out: last.params },
        state: {},
        outputShape: inputShape,
      };
    },
    apply(params, state, x, mode) {
      const [batch, side, , features] = x.shape as [number, number, number, number];
      const own = side / blocks;
      const kernel = leafOf(subtreeOf(params, "qkv"), "kernel");
      const share = Math.floor(features / heads);
      // [batch, blocks, own, blocks, own, ...] to blocks one after the other.
      const split = tf.transpose(
        tf.reshape(x, [batch, blocks, own, blocks, own, features]),
        [0, 1, 3, 2, 4, 5],
      );
      const rows = tf.reshape(split, [-1, features]) as tf.Tensor2D;
      const all = tf.reshape(
        tf.matMul(rows, kernel as tf.Tensor2D),
        [batch * blocks * blocks, own * own, 3, heads, share],
      );
      const [q, k, v] = tf.unstack(tf.transpose(all, [2, 0, 3, 1, 4])) as tf.Tensor[];
      const weights = tf.softmax(tf.matMul(tf.mul(q!, share ** -0.5), k!, false, true));
      const [kept] = dropped.apply({}, {}, weights, mode);
      const mixed = tf.transpose(tf.matMul(kept, v!), [0, 2, 1, 3]);
      const grid = tf.transpose(
        tf.reshape(mixed, [batch, blocks, blocks, own, own, heads * share]),
        [0, 1, 3, 2, 4, 5],
      );
      const joined = tf.reshape(grid, [batch, side, side, heads * share]);
      return [out(features).apply(subtreeOf(params, "out"), {}, joined, mode)[0], state];
    },
  };
}
