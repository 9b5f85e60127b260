/**
 * OFF-ApexNet.
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
import { network } from "lib/train/network.ts";

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

/** The network. */
export function offApexNet(classes: number): Block {
  return serial({
    streams: parallel({ u: stream(0), v: stream(1) }), // 1568
    dense1: dense({ units: 1024 }),
    relu1: relu(),
    drop1: dropout(0.5),
    dense2: dense({ units: 1024 }),
    relu2: relu(),
    drop2: dropout(0.5),
    scores: dense({ units: classes }),
  });
}

/** The row. */
export const method = network({ id: "off-apex-net", build: offApexNet });
