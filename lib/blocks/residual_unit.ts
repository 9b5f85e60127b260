/**
 * The units of residual networks, over time and space.
 *
 * @module
 */
import { add } from "./add.ts";
import type { Block } from "./block.ts";
import { convNorm } from "./conv_norm.ts";
import { graph, type NodeSpecs, type Wired } from "./graph.ts";
import type { Initialiser } from "./initialise.ts";
import { relu } from "./relu.ts";

/** A residual unit. */
export interface ResidualUnitOptions {
  readonly inputChannels: number;
  readonly outputChannels: number;
  /** Of all three axes. */
  readonly stride: number;
  /** Default `he`. */
  readonly init?: Initialiser;
}

/** Output channels of a bottleneck unit for each channel of its middle convolution (He et al. 2016). */
export const bottleneckExpansion = 4;

/**
 * relu(norm(3×3×3(relu(norm(3×3×3(x))))) + shortcut(x)), the first convolution with the stride: "every
 * 2 convolutional layers form a residual structure". The shortcut is x, or where the shape changes a
 * 1×1×1 convolution with batch norm (He et al. 2016, section 3.3, option B).
 */
export function basicUnit(options: ResidualUnitOptions): Block & Wired {
  const { outputChannels: filters, stride, init = "he" } = options;
  return unit(options, {
    first: convNorm({ filters, kernel: 3, strides: stride, init }),
    second: convNorm({ filters, kernel: 3, rectify: false, init }),
  });
}

/**
 * 1×1×1 to a quarter of the output channels, 3×3×3 with the stride, 1×1×1 to the output channels, with
 * the shortcut of {@linkcode basicUnit}: three convolutions a unit, as networks of 50 layers have.
 */
export function bottleneckUnit(options: ResidualUnitOptions): Block & Wired {
  const { outputChannels, stride, init = "he" } = options;
  const middle = outputChannels / bottleneckExpansion;
  return unit(options, {
    first: convNorm({ filters: middle, kernel: 1, init }),
    second: convNorm({ filters: middle, kernel: 3, strides: stride, init }),
    third: convNorm({ filters: outputChannels, kernel: 1, rectify: false, init }),
  });
}

function unit(options: ResidualUnitOptions, body: NodeSpecs): Block & Wired {
  const { inputChannels, outputChannels: filters, stride: strides, init = "he" } = options;
  const last = Object.keys(body).at(-1) as string;
  const shortcut = convNorm({ filters, kernel: 1, strides, rectify: false, init });
  const same = strides === 1 && inputChannels === filters;
  return graph({
    ...body,
    ...(same ? {} : { shortcut: { block: shortcut, from: "input" } }),
    sum: { merge: add(), from: [last, same ? "input" : "shortcut"] },
    relu: relu(),
  });
}
