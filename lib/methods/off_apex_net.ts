/**
 * OFF-ApexNet, the two-stream network on optical flow features from the apex frame.
 *
 * Gan, Liong, Yau, Huang, Tan: Signal Processing: Image Communication 74 (2019). Input: optical flow
 * between onset and apex as `[28, 28, channels]`, of which the first two, u and v, are used as stored
 * (0..1, scaled image by image).
 *
 * @module
 */
import type { Block } from "lib/blocks/block.ts";
import { channels } from "lib/blocks/channels.ts";
import { conv2d } from "lib/blocks/conv.ts";
import { dense } from "lib/blocks/dense.ts";
import { dropout } from "lib/blocks/dropout.ts";
import { flatten } from "lib/blocks/flatten.ts";
import { parallel } from "lib/blocks/parallel.ts";
import { maxPool2d } from "lib/blocks/pool.ts";
import { relu } from "lib/blocks/relu.ts";
import { serial } from "lib/blocks/serial.ts";
import { network, type NetworkMethod } from "lib/train/network.ts";

const stream = (channel: number): Block =>
  serial({
    pick: channels(channel),
    conv1: conv2d({ filters: 6, kernel: 5, padding: "same" }), // 28×28×6
    relu1: relu(),
    pool1: maxPool2d({ window: 2 }), // 14×14×6
    conv2: conv2d({ filters: 16, kernel: 5, padding: "same" }), // 14×14×16
    relu2: relu(),
    pool2: maxPool2d({ window: 2 }), // 7×7×16
    flatten: flatten(), // 784
  });

/**
 * The network for so many classes; 2,664,475 parameters for three.
 *
 * @param drop dropout's share
 */
export function offApexNet(classes: number, drop = 0.5): Block {
  return serial({
    streams: parallel({ u: stream(0), v: stream(1) }), // 1568
    dense1: dense({ units: 1024 }),
    relu1: relu(),
    drop1: dropout(drop),
    dense2: dense({ units: 1024 }),
    relu2: relu(),
    drop2: dropout(drop),
    scores: dense({ units: classes }),
  });
}

/** OFF-ApexNet as a method. */
export const method: NetworkMethod = network({
  id: "off-apex-net",
  build: (classes) => offApexNet(classes),
});
