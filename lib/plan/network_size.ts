/**
 * How large the network of a method is at given parameters, counted without running it.
 *
 * @module
 */
import { cost } from "lib/blocks/cost.ts";
import { isWired } from "lib/blocks/graph.ts";
import { flatten } from "lib/blocks/tree.ts";
import type { Block, Shape } from "lib/blocks/block.ts";
import { canonicalJson } from "lib/core/json.ts";
import { rng } from "lib/core/rng.ts";
import { sizeOf, volume } from "lib/core/volume.ts";
import { mapSets } from "lib/experiment/data.ts";
import type { InputKind, Parameters } from "lib/experiment/types.ts";
import { findMethod } from "lib/run/methods.ts";
import type { Method } from "lib/train/method.ts";
import type { NetworkMethod } from "lib/train/network.ts";

/** A network in numbers. */
export interface NetworkSize {
  /** Learned numbers. */
  readonly parameters: number;
  /** What its nodes do; absent where a network does not list them, so that nobody can count. */
  readonly graph?: {
    /** Innermost nodes. */
    readonly nodes: number;
    /** Products of convolutions and of fully connected layers, for one clip forth. */
    readonly multiplyAdds: number;
    /** Numbers that nodes hand on, for one clip forth. */
    readonly elements: number;
  };
  /** Whether one of several heads is chosen. */
  readonly heads: boolean;
}

/** What a network is built from. */
export interface NetworkCall {
  readonly method: string;
  readonly input: InputKind;
  readonly parameters: Parameters;
  /** The name of the data set. */
  readonly data: string;
}

/** The last layer's few numbers do not matter, and one count serves all data sets. */
const classes = 4;

const known = new Map<string, Promise<NetworkSize | undefined>>();

/**
 * The size of a method's network; counted once a process for equal parameters.
 *
 * @returns nothing where the method is no network
 * @throws ParameterError when there is no such method
 */
export function networkSize(call: NetworkCall): Promise<NetworkSize | undefined> {
  const { method, input, parameters, data } = call;
  const { epochs: _epochs, learningRate: _rate, batchSize: _batch, ...shaping } = parameters;
  const key = canonicalJson({ method, input, maps: mapSets.includes(data), parameters: shaping });
  const found = known.get(key) ?? measure(call);
  known.set(key, found);
  return found;
}

/** A method's network, and the shape of what it sees of a clip; nothing where it is no network. */
export async function networkOf(call: NetworkCall & { readonly classes: number }) {
  const { method: name, input, parameters, data, classes } = call;
  const method: Method & Partial<NetworkMethod> = await findMethod(name);
  if (method.build === undefined) return undefined;
  const given = inputShape(input, parameters, mapSets.includes(data));
  const blank = volume(new Float32Array(sizeOf(given)), given);
  const { shape } = method.look?.(blank, parameters) ?? blank;
  // What a network begins with does not change its size.
  return { network: method.build(classes, { ...parameters, weights: "none" }), shape };
}

async function measure(call: NetworkCall): Promise<NetworkSize | undefined> {
  const found = await networkOf({ ...call, classes });
  if (found === undefined) return undefined;
  const { network, shape } = found;
  const heads = "headFolds" in call.parameters;
  if (!isWired(network)) {
    return { parameters: withoutDrawing(() => learnedIn(network, shape)), heads };
  }
  const rows = withoutDrawing(() => cost(network, shape));
  const sum = (of: (row: typeof rows[number]) => number) =>
    rows.reduce((all, row) => all + of(row), 0);
  return {
    parameters: sum(({ parameters }) => parameters),
    graph: {
      nodes: rows.length,
      multiplyAdds: sum(({ multiplyAdds }) => multiplyAdds),
      elements: sum(({ outputShape }) => sizeOf(outputShape)),
    },
    heads,
  };
}

/**
 * Does something in which initial numbers are drawn that nobody looks at: they stay 0. A network of a hundred
 * million of them would take half a minute to draw, and a plan should take seconds.
 */
function withoutDrawing<T>(work: () => T): T {
  const { from } = Float32Array;
  Float32Array.from = (source: ArrayLike<unknown> | Iterable<unknown>) =>
    new Float32Array((source as ArrayLike<unknown>).length);
  try {
    return work();
  } finally {
    Float32Array.from = from;
  }
}

/** The learned numbers of a network. */
export function learnedIn(network: Block, shape: Shape): number {
  return flatten(network.init(rng(1), shape).params)
    .reduce((sum, [, array]) => sum + sizeOf(array.shape), 0);
}

/** The shape of what a method is given of a clip. */
export function inputShape(input: InputKind, parameters: Parameters, maps: boolean): Shape {
  const side = maps ? 28 : Number(parameters.inputSide ?? parameters.cropSide);
  const frames = Number(parameters.keyFrames);
  switch (input) {
    case "apex-flow":
      return [28, 28, 3];
    case "apex-field":
      return [side, side, 3];
    case "flow-clip":
      return [frames, side, side, 2];
    case "grey-clip":
      return [frames, side, side, 1];
  }
}
