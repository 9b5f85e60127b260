/**
 * The multi-scale module after block 3.
 *
 * @module
 */
import type { Block } from "../block.ts";
import { convNorm } from "../conv_norm.ts";
import type { Wired } from "../graph.ts";
import { weightedFusion } from "../weighted_fusion.ts";
import {
  factorised,
  fuseBranches,
  globalBranch,
  type MultiScaleOptions,
  narrow,
  pointBranch,
} from "./branches.ts";

/** RC2. */
export interface Rc2Options extends MultiScaleOptions {
  /**
   * Side of the two stacked kernels that stand for one of 9×9×9; default 7, as written.
   *
   * DEVIATION: two of 7 see 13 places, not 9; 5 is what sees 9.
   */
  readonly stacked?: 5 | 7;
}

/**
 * RC2 (figure 5): 1×1×1; 7×7×7 as 1×1×7, 1×7×1 and 7×1×1; "9×9×9" as two such stacks; global average
 * pooling. The four are fused by learned weights (equation 3.8). Keeps `[frames, height, width,
 * channels]`.
 *
 * DEVIATION: the text calls the factors "depth-separable"; they are full convolutions, as their sides
 * say. As in RC1 a 1×1×1 convolution first leaves a quarter of the channels, which the text does not
 * mention for this module.
 */
export function rc2({ channels, residual, stacked = 7 }: Rc2Options): Block & Wired {
  const inner = narrow(channels);
  const reduce = { block: convNorm({ filters: inner, kernel: 1 }), from: "input" };
  return fuseBranches({
    point: { block: pointBranch(channels), from: "input" },
    reduce7: reduce,
    large7: factorised(7, { channels: inner, filters: channels }),
    reduce9: reduce,
    large9a: factorised(stacked, { channels: inner, filters: inner }),
    large9b: factorised(stacked, { channels: inner, filters: channels }),
    global: { block: globalBranch(channels), from: "input" },
  }, {
    outputs: ["point", "large7", "large9b", "global"],
    fusion: weightedFusion(),
    residual,
  });
}
