/**
 * What the three multi-scale modules have in common.
 *
 * DEVIATION, for all of them: the paper gives the kernels of the branches but not their channels. Here a
 * 1×1×1 convolution that "downscales" leaves a quarter of the channels, the last convolution of a branch
 * brings back all of them, all keep the sides, and batch norm and a rectifier follow each.
 *
 * @module
 */
import { add } from "../add.ts";
import type { Block } from "../block.ts";
import { convNorm } from "../conv_norm.ts";
import { globalAverage } from "../global_pool.ts";
import { graph, type NodeSpecs, type Wired } from "../graph.ts";
import type { Merge } from "../merge.ts";

/** A multi-scale module. */
export interface MultiScaleOptions {
  /** Of the input and of the output. */
  readonly channels: number;
  /**
   * Whether the fused features are added to the input.
   *
   * DEVIATION: the paper does not say; by default they take its place, as equations 3.8 and 3.9 read.
   */
  readonly residual?: boolean;
}

/** Channels inside a branch. */
export function narrow(channels: number): number {
  return Math.max(1, Math.floor(channels / 4));
}

/** The branch of one 1×1×1 convolution. */
export function pointBranch(channels: number): Block {
  return convNorm({ filters: channels, kernel: 1 });
}

/**
 * The branch of global average pooling: `[1, 1, 1, channels]`, which the fusion repeats.
 *
 * DEVIATION: a 1×1×1 convolution follows the pooling, so that the branch can choose what it adds. Its
 * batch norm sees single points: it needs at least 2 samples to learn.
 */
export function globalBranch(channels: number): Block & Wired {
  return graph({ average: globalAverage(), point: convNorm({ filters: channels, kernel: 1 }) });
}

/** A k×k×k kernel by its factors in the paper's order, the last with so many filters. */
export function factorised(
  side: number,
  { channels, filters }: { readonly channels: number; readonly filters: number },
): Block & Wired {
  return graph({
    across: convNorm({ filters: channels, kernel: [1, 1, side] }),
    down: convNorm({ filters: channels, kernel: [1, side, 1] }),
    along: convNorm({ filters, kernel: [side, 1, 1] }),
  });
}

/** Wires branches to the fusion of their outputs, with the way around it where it is asked for. */
export function fuseBranches(
  branches: NodeSpecs,
  { outputs, fusion, residual = false }: {
    /** The nodes that are fused, in the equation's order; the first has the input's shape. */
    readonly outputs: readonly string[];
    readonly fusion: Merge;
    readonly residual?: boolean | undefined;
  },
): Block & Wired {
  return graph({
    ...branches,
    fusion: { merge: fusion, from: outputs },
    ...(residual ? { sum: { merge: add(), from: ["input", "fusion"] } } : {}),
  });
}
