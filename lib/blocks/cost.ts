/**
 * What a network costs, counted without running it.
 *
 * @module
 */
import type { Rng } from "lib/core/rng.ts";
import { sizeOf } from "lib/core/volume.ts";
import type { Block, Shape } from "./block.ts";
import { type GraphNode, initNode, isWired, type Wired } from "./graph.ts";
import type { Merge } from "./merge.ts";
import { flatten } from "./tree.ts";

/** What a block costs for one sample. */
export interface Price {
  readonly outputShape: Shape;
  /** Learned numbers. */
  readonly parameters: number;
  /**
   * Products of convolutions and of fully connected layers, each with its addition, for one sample
   * forth; borders count as if there were data, and normalisation, pooling and other passes over the
   * data count nothing. Forth and back is three times as much, and a multiply-add is two FLOPs.
   */
  readonly multiplyAdds: number;
}

/** What a part of a network costs. */
export interface PartCost extends Price {
  /** The path of its node, such as `block2.unit1.first`. */
  readonly name: string;
}

/** A block, or a merge, that knows its price. */
export interface Priced {
  /** The price for the shapes that it is fed. */
  price(inputShapes: readonly Shape[]): Price;
}

/**
 * Lists what each innermost node of a graph costs, in order. A node that does not know its price is
 * initialised, and taken to apply its kernels once at each place of its output.
 *
 * @throws RangeError when the network cannot take the shape
 */
export function cost(network: Block & Wired, inputShape: Shape): PartCost[] {
  return walk(network, [inputShape], "");
}

/** Adds up the rows whose names begin with the same `depth` names; the default is the graph's own nodes. */
export function sumCosts(rows: readonly PartCost[], depth = 1): PartCost[] {
  const sums = new Map<string, PartCost>();
  for (const { name, outputShape, parameters, multiplyAdds } of rows) {
    const whole = name.split(".").slice(0, depth).join(".");
    const before = sums.get(whole);
    sums.set(whole, {
      name: whole,
      outputShape,
      parameters: parameters + (before?.parameters ?? 0),
      multiplyAdds: multiplyAdds + (before?.multiplyAdds ?? 0),
    });
  }
  return [...sums.values()];
}

function walk({ inputs, nodes }: Wired, inputShapes: readonly Shape[], path: string): PartCost[] {
  const shapes = new Map(inputs.map((name, i) => [name, inputShapes[i] as Shape]));
  return nodes.flatMap((node) => {
    const given = node.from.map((name) => shapes.get(name) as Shape);
    const name = path + node.name;
    const rows = isWired(node.part)
      ? walk(node.part, given, `${name}.`)
      : [{ name, ...priceOf(node, given) }];
    shapes.set(node.name, (rows.at(-1) as PartCost).outputShape);
    return rows;
  });
}

function priceOf(node: GraphNode, inputShapes: readonly Shape[]): Price {
  if (isPriced(node.part)) return node.part.price(inputShapes);
  const { params, outputShape } = initNode(node, zeros, inputShapes);
  const sizes = flatten(params).map(([name, { shape }]) => [name, sizeOf(shape)] as const);
  const sum = (chosen: typeof sizes): number => chosen.reduce((total, [, size]) => total + size, 0);
  const kernels = sizes.filter(([name]) => /(^|\.)kernel$/.test(name));
  return {
    outputShape,
    parameters: sum(sizes),
    multiplyAdds: sum(kernels) * sizeOf(outputShape.slice(0, -1)),
  };
}

function isPriced(part: Block | Merge): part is (Block | Merge) & Priced {
  return "price" in part;
}

/** A stream of zeros, for where drawn values do not matter. */
export const zeros: Rng = {
  next: () => 0,
  integer: () => 0,
  normal: () => 0,
  shuffle: (items) => [...items],
  seed: () => 1,
  save: () => ({ generator: { c: 0, s0: 0, s1: 0, s2: 0 }, spare: null }),
  restore: () => {},
  fork: () => zeros,
};
