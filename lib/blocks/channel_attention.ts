/**
 * The channel attention mechanism (CAM).
 *
 * @module
 */
import { tf } from "lib/train/backend.ts";
import type { Block } from "./block.ts";
import { convNorm } from "./conv_norm.ts";
import { globalAverage, globalMaximum } from "./global_pool.ts";
import { graph, type Wired } from "./graph.ts";
import { commonShape, type Merge, statelessMerge } from "./merge.ts";

/** A channel attention. */
export interface ChannelAttentionOptions {
  readonly channels: number;
  /** r, channels for each hidden one; default 4. */
  readonly reduction?: number;
}

/**
 * Weights in (0, 1) of the channels: `[frames, height, width, channels]` to `[1, 1, 1, channels]`.
 *
 * L(X) = norm(f₂(relu(norm(f₁(AvgPool(X)))))) (equation 3.10), where f₁ takes C channels to C/r and f₂
 * back; the same with the global maximum; the weights are the sigmoid of the sum.
 *
 * DEVIATION: r and whether the two branches share their convolutions are not said; r is 4, and each
 * branch has its own. The maps are single points, which batch norm treats over the batch alone: it needs
 * at least 2 samples to learn, and of a single one it gives its shift.
 */
export function channelAttention(
  { channels, reduction = 4 }: ChannelAttentionOptions,
): Block & Wired {
  const hidden = Math.max(1, Math.floor(channels / reduction));
  const reduce = (): Block => convNorm({ filters: hidden, kernel: 1 });
  const restore = (): Block => convNorm({ filters: channels, kernel: 1, rectify: false });
  return graph({
    average: globalAverage(),
    averageReduce: reduce(),
    averageRestore: restore(),
    maximum: { block: globalMaximum(), from: "input" },
    maximumReduce: reduce(),
    maximumRestore: restore(),
    weights: { merge: sigmoidOfSum(), from: ["averageRestore", "maximumRestore"] },
  });
}

function sigmoidOfSum(): Merge {
  return statelessMerge(
    (shapes) => commonShape(shapes, "The sum of the branches"),
    ([average, maximum]) => tf.sigmoid(tf.add(average as tf.Tensor, maximum as tf.Tensor)),
  );
}
