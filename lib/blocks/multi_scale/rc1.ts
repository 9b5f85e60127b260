/**
 * The multi-scale module after block 2.
 *
 * @module
 */
import type { Block } from "../block.ts";
import { convNorm } from "../conv_norm.ts";
import type { Wired } from "../graph.ts";
import { weightedFusion } from "../weighted_fusion.ts";
import {
  fuseBranches,
  globalBranch,
  type MultiScaleOptions,
  narrow,
  pointBranch,
} from "./branches.ts";

/**
 * RC1 (figure 4): 1×1×1; 1×1×1 and 3×3×3; 1×1×1 and twice 3×3×3 in place of 5×5×5; global average
 * pooling. The four are fused by learned weights (equation 3.8). Keeps `[frames, height, width,
 * channels]`.
 */
export function rc1({ channels, residual }: MultiScaleOptions): Block & Wired {
  const inner = narrow(channels);
  const reduce = { block: convNorm({ filters: inner, kernel: 1 }), from: "input" };
  return fuseBranches({
    point: { block: pointBranch(channels), from: "input" },
    reduce3: reduce,
    cube3: convNorm({ filters: channels, kernel: 3 }),
    reduce5: reduce,
    cube5a: convNorm({ filters: inner, kernel: 3 }),
    cube5b: convNorm({ filters: channels, kernel: 3 }),
    global: { block: globalBranch(channels), from: "input" },
  }, {
    outputs: ["point", "cube3", "cube5b", "global"],
    fusion: weightedFusion(),
    residual,
  });
}
