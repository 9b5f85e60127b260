/**
 * Dual-Inception, two inception networks on the horizontal and the vertical flow; the paper's "DINet".
 *
 * L. Zhou, Q. Mao, L. Xue, "Dual-inception network for cross-database micro-expression recognition", FG
 * 2019, and the authors' published code. Input: optical flow between onset and apex as `[28, 28,
 * channels]`, of which the first two, u and v, are used as stored (0..1, scaled image by image).
 *
 * DEVIATION: the authors take the flow from the onset to the frame in the middle of a clip, since SMIC has
 * no apex; here it is the flow to the apex, as the other rows on flow maps have it.
 *
 * DEVIATION: the authors train on the other two databases alone, and choose the epoch on the other
 * subjects of the held-out one's; here all other subjects are trained on and the last epoch counts, unless
 * `trainOn` is `other-databases`.
 *
 * @module
 */
import type { Block } from "lib/blocks/block.ts";
import { channels } from "lib/blocks/channels.ts";
import { conv2d } from "lib/blocks/conv.ts";
import { dense } from "lib/blocks/dense.ts";
import { flatten } from "lib/blocks/flatten.ts";
import { parallel } from "lib/blocks/parallel.ts";
import { maxPool2d } from "lib/blocks/pool.ts";
import { relu } from "lib/blocks/relu.ts";
import { serial } from "lib/blocks/serial.ts";
import { network, type NetworkMethod } from "lib/train/network.ts";

/** A convolution with what follows it, drawn as Keras does. */
function conv(filters: number, kernel: number): Block {
  return serial({
    conv: conv2d({ filters, kernel, padding: "same", init: "glorot" }),
    relu: relu(),
  });
}

/** 1×1, 3×3, 5×5 and a pooling side by side, with so many channels each. */
function inception(filters: number): Block {
  return parallel({
    one: conv(filters, 1),
    three: serial({ reduce: conv(filters, 1), conv: conv(filters, 3) }),
    five: serial({ reduce: conv(filters, 1), conv: conv(filters, 5) }),
    pool: serial({
      pool: maxPool2d({ window: 3, strides: 1, padding: 1 }),
      conv: conv(filters, 1),
    }),
  });
}

function stream(channel: number): Block {
  return serial({
    // The authors read grey images as colour ones: three equal channels.
    pick: parallel({ red: channels(channel), green: channels(channel), blue: channels(channel) }),
    inception1: inception(6), // 28×28×24
    pool1: maxPool2d({ window: 2 }), // 14×14×24
    inception2: inception(16), // 14×14×64
    pool2: maxPool2d({ window: 2 }), // 7×7×64
    flatten: flatten(), // 3136
  });
}

/** The network for so many classes; 6,449,963 parameters for three. */
export function dualInception(classes: number): Block {
  return serial({
    streams: parallel({ u: stream(0), v: stream(1) }), // 6272
    dense: dense({ units: 1024, init: "glorot" }),
    relu: relu(),
    scores: dense({ units: classes, init: "glorot" }),
  });
}

/** Dual-Inception as a method. */
export const method: NetworkMethod = network({
  id: "dual-inception",
  build: (classes) => dualInception(classes),
});
