/**
 * The multi-scale module after block 4.
 *
 * @module
 */
import type { Block } from "../block.ts";
import { convNorm } from "../conv_norm.ts";
import type { NodeSpecs, Wired } from "../graph.ts";
import { weightedFusion } from "../weighted_fusion.ts";
import {
  factorised,
  fuseBranches,
  globalBranch,
  type MultiScaleOptions,
  narrow,
  pointBranch,
} from "./branches.ts";

/**
 * RC3 (figure 6), eight outputs of four branches: 1×1×1, then 1×1×3, 1×3×1 and 3×1×1 after each other,
 * then the same three side by side (X₁ to X₃); 1×1×1, then the three side by side (X₄ to X₆); 1×1×1 (X₇);
 * global average pooling (X₈). Seven have learned weights and X₈ has none (equation 3.9). Keeps
 * `[frames, height, width, channels]`.
 *
 * DEVIATION: a later sentence of the paper gives this module a 5×5×5 kernel, which its own description
 * and figure do not have; there is none here. The equation lists eight features but no order; it is that
 * of the text.
 */
export function rc3({ channels, residual }: MultiScaleOptions): Block & Wired {
  const inner = narrow(channels);
  const reduce = { block: convNorm({ filters: inner, kernel: 1 }), from: "input" };
  return fuseBranches({
    reduceLarge: reduce,
    large: factorised(3, { channels: inner, filters: inner }),
    ...directions("large", channels),
    reduceSmall: reduce,
    ...directions("reduceSmall", channels),
    point: { block: pointBranch(channels), from: "input" },
    global: { block: globalBranch(channels), from: "input" },
  }, {
    outputs: [
      ...Object.keys(directions("large", channels)),
      ...Object.keys(directions("reduceSmall", channels)),
      "point",
      "global",
    ],
    fusion: weightedFusion({ unweighted: 1 }),
    residual,
  });
}

/** The transverse, the longitudinal and the radial convolution of one node's output. */
function directions(from: string, filters: number): NodeSpecs {
  return {
    [`${from}Across`]: { block: convNorm({ filters, kernel: [1, 1, 3] }), from },
    [`${from}Down`]: { block: convNorm({ filters, kernel: [1, 3, 1] }), from },
    [`${from}Along`]: { block: convNorm({ filters, kernel: [3, 1, 1] }), from },
  };
}
