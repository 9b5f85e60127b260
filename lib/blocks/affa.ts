/**
 * The attention feature fusion mechanism (AFFA).
 *
 * @module
 */
import { tf } from "lib/train/backend.ts";
import { add } from "./add.ts";
import { channelAttention, type ChannelAttentionOptions } from "./channel_attention.ts";
import { mergeGraph, type Wired } from "./graph.ts";
import { commonShape, type Merge, statelessMerge } from "./merge.ts";

/**
 * Fuses x and y of one shape `[frames, height, width, channels]`:
 * Z = w·X + (1 - w)·Y with w = CAM(X + Y) (equation 3.11), "and the final result of Z is the output
 * after two fusion operations".
 *
 * DEVIATION: the second operation is not spelt out. As in iterative attentional feature fusion (Dai et
 * al. 2021, equation 4) its attention, with weights of its own, looks at the first result, and it blends
 * X and Y again: Z = w₂·X + (1 - w₂)·Y with w₂ = CAM₂(Z₁).
 */
export function affa(options: ChannelAttentionOptions): Merge & Wired {
  return mergeGraph(["x", "y"], {
    sum: { merge: add(), from: ["x", "y"] },
    attention1: channelAttention(options),
    fused1: { merge: blend(), from: ["attention1", "x", "y"] },
    attention2: channelAttention(options),
    fused2: { merge: blend(), from: ["attention2", "x", "y"] },
  });
}

/** w·X + (1 - w)·Y, computed as Y + w·(X - Y). */
function blend(): Merge {
  return statelessMerge(
    ([, ...shapes]) => commonShape(shapes, "A fusion of two features"),
    (inputs) => {
      const [w, x, y] = inputs as [tf.Tensor, tf.Tensor, tf.Tensor];
      return tf.add(y, tf.mul(w, tf.sub(x, y)));
    },
  );
}
