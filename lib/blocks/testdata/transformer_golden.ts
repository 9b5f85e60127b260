/**
 * The blocks of transformers and LSTM beside PyTorch's: the same tests for each backend.
 *
 * @module
 */
import { tf } from "lib/train/backend.ts";
import type { Block } from "../block.ts";
import { gelu } from "../gelu.ts";
import { layerNorm } from "../layer_norm.ts";
import { lstm } from "../lstm.ts";
import { patchEmbedding } from "../patch_embedding.ts";
import { selfAttention } from "../self_attention.ts";
import { transformerBlock } from "../transformer_block.ts";
import { asMerge, compareWithPyTorch } from "./multi_scale_golden.ts";
import golden from "./transformer_golden.json" with { type: "json" };

const blocks: Readonly<Record<keyof typeof golden.blocks, Block>> = {
  "layerNorm": layerNorm(),
  "gelu": gelu(),
  "selfAttention, 4 heads": selfAttention({ heads: 4 }),
  "selfAttention, sequences of frames": selfAttention({ heads: 1 }),
  "lstm": lstm(4),
  "lstm, one step": lstm(4),
  "patchEmbedding": patchEmbedding({ patch: 3, width: 5 }),
  "transformerBlock": transformerBlock({ width: 8, heads: 2, hidden: 12 }),
};

/** Registers one test a block, on the backend that is open. */
export function testTransformerAgainstPyTorch(): void {
  for (const [name, block] of Object.entries(blocks)) {
    const record = golden.blocks[name as keyof typeof blocks];
    Deno.test(`${name} agrees with PyTorch, forth and back`, () => {
      tf.tidy(() => compareWithPyTorch(asMerge(block), record, { forth: 1e-4, back: 1e-3 }));
    });
  }
}
