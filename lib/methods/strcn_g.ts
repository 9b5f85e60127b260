/**
 * STRCN-G, a recurrent convolutional network on the flow between onset and apex (G for geometric).
 *
 * Xia, Hong, Gao, Feng, Zhao: IEEE TMM 22(3) (2020). Input: optical flow between onset and apex as `[28, 28,
 * channels]`, of which the first two, u and v, are used as stored (0..1, scaled image by image).
 *
 * DEVIATION: the authors see flow of 300×245 pixels by another method ("classic+NL-fast"), which they pool
 * by 4, 4, 2 and 2. Maps of 28×28 are pooled by 2 each time, else nothing would be left of them.
 *
 * DEVIATION: the authors train on 96 versions of each clip, magnified by factors of 5 to 12 and with
 * frames left out; here clips are as they are.
 *
 * @module
 */
import { channels } from "lib/blocks/channels.ts";
import { parallel } from "lib/blocks/parallel.ts";
import { serial } from "lib/blocks/serial.ts";
import { strcn } from "lib/networks/strcn.ts";
import { network, type NetworkMethod } from "lib/train/network.ts";

/** STRCN-G as a method. */
export const method: NetworkMethod = network({
  id: "strcn-g",
  build: (classes, { width }) =>
    serial({
      flow: parallel({ u: channels(0), v: channels(1) }),
      network: strcn({ classes, width: Number(width), pools: [2, 2, 2, 2] }),
    }),
});
