/**
 * SLSTT's network: a vision transformer on each frame, and an aggregator of frames.
 *
 * L. Zhang, X. Hong, O. Arandjelović, G. Zhao, "Short and long range relation based spatio-temporal
 * transformer for micro-expression recognition", IEEE TAFFC 13(4) (2022), and the layers of the authors'
 * published model.
 *
 * @module
 */
import type { Block } from "lib/blocks/block.ts";
import { dense } from "lib/blocks/dense.ts";
import { frozen } from "lib/blocks/frozen.ts";
import { graph, type NodeSpecs, type Wired } from "lib/blocks/graph.ts";
import { layerNorm } from "lib/blocks/layer_norm.ts";
import { lstm } from "lib/blocks/lstm.ts";
import { patchEmbedding } from "lib/blocks/patch_embedding.ts";
import { meanAlong, pick } from "lib/blocks/pick.ts";
import { relu } from "lib/blocks/relu.ts";
import { attentionWeights, selfAttention } from "lib/blocks/self_attention.ts";
import { transformerBlock } from "lib/blocks/transformer_block.ts";
import { tf } from "lib/train/backend.ts";

/** The network; the defaults are those of ViT-B/16 and of the authors' model. */
export interface SlsttOptions {
  readonly classes: number;
  /** What makes one of all frames: an LSTM, or the mean of their scores. Default `lstm`. */
  readonly aggregator?: "lstm" | "mean";
  /** Side of a patch in pixels; default 16. */
  readonly patch?: number;
  /** Features of a token; default 768. */
  readonly width?: number;
  /** Layers of the transformer; default 12. */
  readonly depth?: number;
  /** Heads of attention; default 12. */
  readonly heads?: number;
  /** Dropout's share in the transformer; default 0.1. */
  readonly drop?: number;
  /** Layers of the LSTM; default 3. */
  readonly lstmLayers?: number;
  /** Units of each of them; default 512. The layer after them has half as many. */
  readonly lstmUnits?: number;
  /** Whether the transformer stays as it was drawn, or as it was loaded; default false. */
  readonly freeze?: boolean;
}

/**
 * `[frames, side, side, channels]` to `[classes]`, the scores before the softmax: patches of each frame
 * with a class token through the transformer, the normalised class token of each frame through the LSTM,
 * and its last output through two fully connected layers. With the mean, each frame's class token gives
 * scores, and these are averaged: as the layer is linear, it is applied once, to the mean token.
 *
 * DEVIATION: the authors' layer for the mean begins as zeros; here it is drawn as any other.
 */
export function slstt(options: SlsttOptions): Block & Wired {
  return graph({
    encoder: perhapsFrozen(encoder(options), options),
    norm: layerNorm(),
    token: pick(1, 0),
    ...(options.aggregator === "mean" ? meanOf(options) : lstmOf(options)),
  });
}

/**
 * The same network up to its last layer of attention, `[frames, side, side, channels]` to `[frames, heads,
 * patches]`: how much the class token of each frame attends to each patch. It takes {@linkcode slstt}'s
 * trained parameters.
 */
export function slsttAttention(options: SlsttOptions): Block & Wired {
  const { depth = 12, heads = 12 } = options;
  const last = graph({ norm1: layerNorm(), attention: classAttention(heads) });
  const nodes = { ...layers(options, depth - 1), [`block${depth}`]: last };
  return graph({ encoder: perhapsFrozen(graph(nodes), options) });
}

function perhapsFrozen(block: Block & Wired, { freeze = false }: SlsttOptions): Block & Wired {
  return freeze ? frozen(block) : block;
}

/** The transformer with its patches, `[frames, side, side, channels]` to `[frames, tokens, width]`. */
function encoder(options: SlsttOptions): Block & Wired {
  return graph(layers(options, options.depth ?? 12));
}

function layers(options: SlsttOptions, depth: number): Record<string, Block> {
  const { patch = 16, width = 768, heads = 12, drop = 0.1 } = options;
  const blocks = Array.from({ length: depth }, (_, i) => [
    `block${i + 1}`,
    transformerBlock({ width, heads, hidden: 4 * width, drop }),
  ]);
  return { embedding: patchEmbedding({ patch, width }), ...Object.fromEntries(blocks) };
}

/** What the first token's share of the others is, with the parameters of a self-attention. */
function classAttention(heads: number): Block {
  return {
    init(rng, inputShape) {
      const [frames = 0, tokens = 0] = inputShape;
      const drawn = selfAttention({ heads }).init(rng, inputShape);
      return { ...drawn, outputShape: [frames, heads, tokens - 1] };
    },
    apply(params, state, x) {
      const [batch, frames, tokens] = x.shape as [number, number, number];
      const weights = attentionWeights(params, x, heads);
      const first = tf.slice(weights, [0, 0, 0, 1], [-1, -1, 1, tokens - 1]);
      return [tf.reshape(first, [batch, frames, heads, tokens - 1]), state];
    },
  };
}

function meanOf({ classes }: SlsttOptions): NodeSpecs {
  return { mean: meanAlong(0), scores: dense({ units: classes }) };
}

function lstmOf({ classes, lstmLayers = 3, lstmUnits = 512 }: SlsttOptions): NodeSpecs {
  const layers = Array.from({ length: lstmLayers }, (_, i) => [`lstm${i + 1}`, lstm(lstmUnits)]);
  return {
    ...Object.fromEntries(layers),
    last: pick(0, -1),
    hidden: dense({ units: lstmUnits / 2 }),
    relu: relu(),
    scores: dense({ units: classes }),
  };
}
