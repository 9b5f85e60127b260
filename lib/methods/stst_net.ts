/**
 * STSTNet: Liong, Gan, See, Khor, Huang, "Shallow triple stream three-dimensional CNN (STSTNet) for
 * micro-expression recognition", FG 2019.
 *
 * Input: onset-to-apex flow as `[28, 28, 3]`, channels u, v and strain as stored, 0..1.
 *
 * @module
 */
import type { Block } from "lib/blocks/block.ts";
import { batchNorm } from "lib/blocks/batch_norm.ts";
import { conv2d } from "lib/blocks/conv.ts";
import { dense } from "lib/blocks/dense.ts";
import { dropout } from "lib/blocks/dropout.ts";
import { flatten } from "lib/blocks/flatten.ts";
import { parallel } from "lib/blocks/parallel.ts";
import { avgPool2d, maxPool2d } from "lib/blocks/pool.ts";
import { relu } from "lib/blocks/relu.ts";
import { serial } from "lib/blocks/serial.ts";
import { network } from "lib/train/network.ts";

const stream = (filters: number): Block =>
  serial({
    conv: conv2d({ filters, kernel: 3, padding: 2 }), // 30×30
    relu: relu(),
    norm: batchNorm(),
    pool: maxPool2d({ window: 3, strides: 3, padding: 1 }), // 10×10
    drop: dropout(0.5),
  });

/** The network. */
export function ststNet(classes: number): Block {
  return serial({
    streams: parallel({ s3: stream(3), s5: stream(5), s8: stream(8) }),
    pool: avgPool2d({ window: 2 }), // 5×5×16
    flatten: flatten(),
    scores: dense({ units: classes }),
  });
}

/** The row. */
export const method = network({ id: "stst-net", build: ststNet });
