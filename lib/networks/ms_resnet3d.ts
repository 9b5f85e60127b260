/**
 * The paper's network: a 3D residual network with attention, spatial multi-scale modules, temporal
 * fusion of its stages and a discriminative head for each (sections 3.2 to 3.5, figure 3).
 *
 * @module
 */
import { affa } from "lib/blocks/affa.ts";
import { attention } from "lib/blocks/attention.ts";
import { backConv } from "lib/blocks/back_conv.ts";
import type { Block, Shape } from "lib/blocks/block.ts";
import { convNorm } from "lib/blocks/conv_norm.ts";
import { graph, type NodeSpecs, type Wired } from "lib/blocks/graph.ts";
import { head, stackHeads } from "lib/blocks/heads.ts";
import { rc1 } from "lib/blocks/multi_scale/rc1.ts";
import { rc2 } from "lib/blocks/multi_scale/rc2.ts";
import { rc3 } from "lib/blocks/multi_scale/rc3.ts";
import { maxPool3d } from "lib/blocks/pool.ts";
import { basicUnit, bottleneckExpansion, bottleneckUnit } from "lib/blocks/residual_unit.ts";

/** The network; its three switches are the bars of the ablation (figure 11). */
export interface MsResNet3dOptions {
  readonly classes: number;
  /** Channels of block 1; blocks 2 to 5 have 1, 2, 4 and 8 times as many. Default 64, the paper's. */
  readonly width?: number;
  /** Temporal and spatial attention after block 1; default true. */
  readonly attention?: boolean;
  /** RC1, RC2 and RC3 after blocks 2, 3 and 4; default true. */
  readonly spatialMultiScale?: boolean;
  /**
   * Fusion of the stages and four heads; default true. Without, block 5 has the only head.
   */
  readonly temporalMultiScale?: boolean;
  /**
   * `basic`: units of two convolutions, as the text describes (6, 8, 12 and 6 a block, which is a network
   * of 34 layers); `bottleneck`: units of three, as the name "ResNet50" says. Default `basic`.
   */
  readonly units?: "basic" | "bottleneck";
  /** Side of RC2's stacked kernels; default 7, as written, where 5 sees the 9 places that it names. */
  readonly stacked?: 5 | 7;
  /** Whether RC1 to RC3 add their result to their input; default false: it takes its place. */
  readonly residual?: boolean;
  /** Whether a fusion starts from the one above it; default false: from the stage above it. */
  readonly cascade?: boolean;
  /** Units of the first layer of each head; default 128. */
  readonly hidden?: number;
  /** Dropout's share in each head; default 0.5. */
  readonly drop?: number;
}

/** Residual units of blocks 2 to 5. */
const depths = [3, 4, 6, 3] as const;

/** The smallest input, `[frames, height, width]`; with fewer pixels block 4 has a single place. */
export const smallestInput = [2, 17, 17] as const;

/**
 * The network as a graph, `[frames, height, width, channels]` to class scores before the softmax of each
 * head, `[heads, classes]`: in a batch `[batch, heads, classes]`. The heads are those of block 5 and of
 * its fusions with blocks 4, 3 and 2, in this order; without temporal multi-scale there is one. The
 * paper's input is `[16, 134, 134, 2]`.
 *
 * DEVIATION: strides and poolings are not said. They are the usual ones: block 1 halves height and width,
 * a max pooling after it and blocks 3 to 5 halve all three axes, rounded up.
 *
 * @throws RangeError on init when the input is smaller than {@linkcode smallestInput}
 */
export function msResNet3d(options: MsResNet3dOptions): Block & Wired {
  const network = graph({ ...features(options), ...scores(options) });
  return {
    ...network,
    init(rng, inputShape) {
      checkInput(inputShape);
      return network.init(rng, inputShape);
    },
  };
}

function checkInput(shape: Shape): void {
  if (shape.length === 4 && smallestInput.every((side, axis) => (shape[axis] as number) >= side)) {
    return;
  }
  throw new RangeError(
    `The network takes [frames, height, width, channels] of at least [${
      smallestInput.join(", ")
    }], ` +
      `not [${shape.join(", ")}]`,
  );
}

/** Blocks 1 to 5 with what stands between them. */
function features(options: MsResNet3dOptions): NodeSpecs {
  const { width = 64, stacked = 7, residual = false } = options;
  const modules = [
    ["rc1", (channels: number) => rc1({ channels, residual })],
    ["rc2", (channels: number) => rc2({ channels, residual, stacked })],
    ["rc3", (channels: number) => rc3({ channels, residual })],
  ] as const;
  const nodes: Record<string, Block> = {
    block1: convNorm({ filters: width, kernel: [3, 7, 7], strides: [1, 2, 2] }),
    pool: maxPool3d({ window: 3, strides: 2, padding: 1 }),
    ...(options.attention ?? true ? { attention: attention() } : {}),
  };
  depths.forEach((_, stage) => {
    nodes[`block${stage + 2}`] = residualStage(options, stage);
    const module = modules[stage];
    if (module && (options.spatialMultiScale ?? true)) {
      nodes[module[0]] = module[1](channelsOf(options, stage));
    }
  });
  return nodes;
}

/** Output channels of block `stage + 2`. */
function channelsOf({ width = 64, units = "basic" }: MsResNet3dOptions, stage: number): number {
  return width * 2 ** stage * (units === "bottleneck" ? bottleneckExpansion : 1);
}

function residualStage(options: MsResNet3dOptions, stage: number): Block & Wired {
  const { width = 64, units = "basic" } = options;
  const unit = units === "basic" ? basicUnit : bottleneckUnit;
  const outputChannels = channelsOf(options, stage);
  const before = stage === 0 ? width : channelsOf(options, stage - 1);
  return graph(Object.fromEntries(
    Array.from({ length: depths[stage] as number }, (_, i) => [
      `unit${i + 1}`,
      unit({
        inputChannels: i === 0 ? before : outputChannels,
        outputChannels,
        stride: i === 0 && stage > 0 ? 2 : 1,
      }),
    ]),
  ));
}

/** The heads, and the fusions that feed them. */
function scores(options: MsResNet3dOptions): NodeSpecs {
  const nodes: Record<string, NodeSpecs[string]> = {};
  const heads: string[] = [];
  const append = (from: string): void => {
    const name = `head${heads.length + 1}`;
    heads.push(name);
    nodes[name] = { block: head(options), from };
  };
  append("block5");
  if (options.temporalMultiScale ?? true) {
    let above = "block5";
    for (const stage of [2, 1, 0]) {
      const number = stage + 2;
      // DEVIATION: X2, X3 and X4, "the outputs of the blocks", are what the next block gets: the output
      // of the multi-scale module where there is one.
      const x = options.spatialMultiScale ?? true ? `rc${stage + 1}` : `block${number}`;
      nodes[`up${number}`] = { merge: backConv(), from: [above, x] };
      nodes[`fusion${number}`] = {
        merge: affa({ channels: channelsOf(options, stage) }),
        from: [`up${number}`, x],
      };
      append(`fusion${number}`);
      // DEVIATION: "X4 is fused with X3 after inverse convolution" is read as it stands: the stage, not
      // the fusion before it, is enlarged.
      above = options.cascade ? `fusion${number}` : x;
    }
  }
  nodes.scores = { merge: stackHeads(), from: heads };
  return nodes;
}
