/**
 * STSTNet, the shallow triple stream three-dimensional CNN.
 *
 * Liong, Gan, See, Khor, Huang: FG 2019. Input: optical flow between onset and apex as `[28, 28, 3]`,
 * channels u, v and optical strain, as stored (0..1, scaled image by image).
 *
 * @module
 */
import type { Block } from "lib/blocks/block.ts";
import { batchNorm } from "lib/blocks/batch_norm.ts";
import { conv2d } from "lib/blocks/conv.ts";
import { dense } from "lib/blocks/dense.ts";
import { dropout } from "lib/blocks/dropout.ts";
import { flatten } from "lib/blocks/flatten.ts";
import { avgPool2d, maxPool2d } from "lib/blocks/pool.ts";
import { relu } from "lib/blocks/relu.ts";
import { serial } from "lib/blocks/serial.ts";
import { network, type NetworkMethod } from "lib/train/network.ts";

/**
 * The network for so many classes. Its three streams of 3, 5 and 8 filters look at the same input and
 * treat each channel by itself until they are concatenated, so they are written, and computed, as one
 * stream of 16: the same function with the same gradients in half the time.
 *
 * @param drop dropout's share
 */
export function ststNet(classes: number, drop = 0.5): Block {
  return serial({
    // DEVIATION: the paper pads by 1 ("same", 28×28×16), the authors' PyTorch code by 2; this is the
    // latter, whose results can be rerun. With it the network has 1,683 parameters; the paper says 1,670.
    conv: conv2d({ filters: 3 + 5 + 8, kernel: 3, padding: 2 }), // 30×30×16
    relu: relu(),
    norm: batchNorm(),
    pool: maxPool2d({ window: 3, padding: 1 }), // 10×10×16
    drop: dropout(drop),
    mean: avgPool2d({ window: 2 }), // 5×5×16
    flatten: flatten(), // 400
    scores: dense({ units: classes }),
  });
}

/** STSTNet as a method. */
export const method: NetworkMethod = network({
  id: "stst-net",
  build: (classes) => ststNet(classes),
});
