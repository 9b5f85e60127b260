/**
 * A layer of a transformer's encoder.
 *
 * @module
 */
import { sizeOf } from "lib/core/volume.ts";
import { add } from "./add.ts";
import type { Block } from "./block.ts";
import type { Priced } from "./cost.ts";
import { dense } from "./dense.ts";
import { dropout } from "./dropout.ts";
import { eachPlace } from "./each_place.ts";
import { gelu } from "./gelu.ts";
import { graph, type Wired } from "./graph.ts";
import { layerNorm } from "./layer_norm.ts";
import { selfAttention } from "./self_attention.ts";
import { serial } from "./serial.ts";

/** A layer. */
export interface TransformerBlockOptions {
  /** Features of a token. */
  readonly width: number;
  readonly heads: number;
  /** Hidden units of the perceptron. */
  readonly hidden: number;
  /** Dropout's share: of attention weights, and of what either part adds. Default 0. */
  readonly drop?: number;
}

/**
 * Attention among tokens, then a perceptron for each, `[...sequences, tokens, width]` to the same; both
 * see their input normalised and add to it (Dosovitskiy et al. 2021, equations 2 and 3).
 */
export function transformerBlock(options: TransformerBlockOptions): Block & Wired {
  const { width, heads, hidden, drop = 0 } = options;
  return graph({
    norm1: layerNorm(),
    attention: selfAttention({ heads, drop }),
    drop1: dropout(drop),
    sum1: { merge: add(), from: ["input", "drop1"] },
    norm2: layerNorm(),
    mlp: perceptron(width, hidden),
    drop2: dropout(drop),
    sum2: { merge: add(), from: ["sum1", "drop2"] },
  });
}

/** Two layers for each token; it knows its price, as drawing a large one to count it takes seconds. */
function perceptron(width: number, hidden: number): Block & Priced {
  const layers = serial({
    fc1: dense({ units: hidden, init: "glorot" }),
    gelu: gelu(),
    fc2: dense({ units: width, init: "glorot" }),
  });
  return {
    ...eachPlace(layers),
    price: ([shape = []]) => ({
      outputShape: shape,
      parameters: 2 * width * hidden + width + hidden,
      multiplyAdds: 2 * width * hidden * sizeOf(shape.slice(0, -1)),
    }),
  };
}
