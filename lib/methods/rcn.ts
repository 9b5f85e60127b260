/**
 * RCN, a recurrent convolutional network on the flow between onset and apex.
 *
 * Xia, Peng, Khor, Feng, Zhao: IEEE TIP 29 (2020). Input: optical flow between onset and apex as `[28, 28,
 * 3]`, channels u, v and optical strain, as stored (0..1, scaled image by image).
 *
 * DEVIATION: the authors compute flow by another method ("classic+NL") and on maps of up to 60 pixels.
 *
 * @module
 */
import { rcn, type RcnOptions } from "lib/networks/rcn.ts";
import { network, type NetworkMethod } from "lib/train/network.ts";

/** RCN as a method; which of the published networks is a parameter. */
export const method: NetworkMethod = network({
  id: "rcn",
  build: (classes, { variant, width, cells, drop }) =>
    rcn({
      classes,
      variant: variant as NonNullable<RcnOptions["variant"]>,
      width: Number(width),
      cells: Number(cells),
      drop: Number(drop),
    }),
});
