/**
 * What the layers of a network hand on, learn and compute, as a table.
 *
 * @module
 */
import type { Block, Shape } from "lib/blocks/block.ts";
import { cost, sumCosts } from "lib/blocks/cost.ts";
import type { Wired } from "lib/blocks/graph.ts";
import { flopsPerMultiplyAdd } from "lib/networks/training_cost.ts";
import { type NumberTable, showNumberTable, threeDigits, whole } from "./network_table.ts";

/** A layer, or all of them. */
export interface SummaryLine {
  readonly name: string;
  readonly outputShape: Shape;
  /** Learned numbers. */
  readonly parameters: number;
  /** For one clip, forth: two for each multiply-add of convolutions and fully connected layers. */
  readonly flops: number;
}

/** How deep a summary looks. */
export interface SummaryOptions {
  /** How many names of a path are kept: 1, the default, for a line a node; Infinity for innermost ones. */
  readonly depth?: number;
}

/**
 * The layers of a network and what they add up to.
 *
 * @throws RangeError when the network cannot take the shape
 */
export function networkSummary(
  network: Block & Wired,
  inputShape: Shape,
  { depth = 1 }: SummaryOptions = {},
): { readonly layers: readonly SummaryLine[]; readonly total: SummaryLine } {
  const layers = sumCosts(cost(network, inputShape), depth).map((
    { name, outputShape, parameters, multiplyAdds },
  ) => ({ name, outputShape, parameters, flops: flopsPerMultiplyAdd * multiplyAdds }));
  const sum = (of: (line: SummaryLine) => number) =>
    layers.reduce((all, line) => all + of(line), 0);
  return {
    layers,
    total: {
      name: "total",
      outputShape: (layers.at(-1) as SummaryLine).outputShape,
      parameters: sum(({ parameters }) => parameters),
      flops: sum(({ flops }) => flops),
    },
  };
}

/** The summary as a table with a total. */
export function summaryTable(
  network: Block & Wired,
  inputShape: Shape,
  options: SummaryOptions = {},
): NumberTable {
  const { layers, total } = networkSummary(network, inputShape, options);
  const line = ({ name, outputShape, parameters, flops }: SummaryLine) => [
    name,
    outputShape.join(" × "),
    whole(parameters),
    flops >= 1e8 ? whole(flops / 1e6) : threeDigits(flops / 1e6),
    `${(100 * flops / total.flops).toFixed(1)} %`,
  ];
  return {
    columns: ["layer", "output shape", "parameters", "MFLOPs", "share"],
    rows: [["input", inputShape.join(" × "), "", "", ""], ...layers.map(line)],
    total: line(total),
    notes: [
      "MFLOPs: 10⁶ operations for one clip forth, two for each multiply-add of convolutions and fully " +
      "connected layers, borders counted as if there were data; forth and back is three times as much.",
    ],
    left: 2,
  };
}

/** Shows {@linkcode summaryTable}. */
export async function showNetworkSummary(
  network: Block & Wired,
  inputShape: Shape,
  options: SummaryOptions = {},
): Promise<void> {
  await showNumberTable(summaryTable(network, inputShape, options));
}
