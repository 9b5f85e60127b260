/**
 * HTNet, a hierarchical transformer on the flow between onset and apex.
 *
 * Wang, Zhang, Luo, Sankaranarayana: Neurocomputing 602 (2024). Input: optical flow between onset and apex
 * as `[28, 28, 3]`, channels u, v and optical strain, as stored (0..1, scaled image by image).
 *
 * DEVIATION: the authors cut 14×14 pixels around the eyes and the corners of the mouth out of the map, at
 * fixed places where no face is found, and lay the four side by side. Maps carry no points, so the four
 * quarters are taken, which laid side by side are the map itself.
 *
 * DEVIATION: the authors keep the epoch with the best accuracy on the held-out subject; here the last one
 * counts, unless `epochSelection` says otherwise.
 *
 * @module
 */
import { htnet } from "lib/networks/htnet.ts";
import { network, type NetworkMethod } from "lib/train/network.ts";

/** HTNet as a method. */
export const method: NetworkMethod = network({
  id: "htnet",
  build: (classes, { patch, tokenWidth, heads, lastLayers, drop }) =>
    htnet({
      classes,
      patch: Number(patch),
      width: Number(tokenWidth),
      heads: Number(heads),
      layers: [2, 2, Number(lastLayers)],
      drop: Number(drop),
    }),
});
