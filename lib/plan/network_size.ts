/**
 * How large the network of a method is at given parameters, counted without running it.
 *
 * @module
 */
import { cost } from "lib/blocks/cost.ts";
import { isWired } from "lib/blocks/graph.ts";
import type { Shape } from "lib/blocks/block.ts";
import { canonicalJson } from "lib/core/json.ts";
import { sizeOf, volume } from "lib/core/volume.ts";
import { mapSets } from "lib/experiment/data.ts";
import type { InputKind, Parameters } from "lib/experiment/types.ts";
import { findMethod } from "lib/run/methods.ts";
import type { Method } from "lib/train/method.ts";
import type { NetworkMethod } from "lib/train/network.ts";

/** A network in numbers; all but the first two are for one clip forth. */
export interface NetworkSize {
  /** Innermost nodes. */
  readonly nodes: number;
  /** Learned numbers. */
  readonly parameters: number;
  /** Products of convolutions and of fully connected layers. */
  readonly multiplyAdds: number;
  /** Numbers that nodes hand on. */
  readonly elements: number;
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
  readonly classes: number;
}

const known = new Map<string, Promise<NetworkSize | undefined>>();

/**
 * The size of a method's network; counted once a process for equal parameters.
 *
 * @returns nothing where the method is no network
 * @throws ParameterError when there is no such method
 */
export function networkSize(call: NetworkCall): Promise<NetworkSize | undefined> {
  const { method, input, parameters, data, classes } = call;
  const { epochs: _epochs, learningRate: _rate, batchSize: _batch, ...shaping } = parameters;
  const maps = mapSets.includes(data);
  const key = canonicalJson({ method, input, classes, maps, parameters: shaping });
  const found = known.get(key) ?? measure(call);
  known.set(key, found);
  return found;
}

/** A method's network, and the shape of what it sees of a clip; nothing where it is no network. */
export async function networkOf({ method: name, input, parameters, data, classes }: NetworkCall) {
  const method: Method & Partial<NetworkMethod> = await findMethod(name);
  if (method.build === undefined) return undefined;
  const given = inputShape(input, parameters, mapSets.includes(data));
  const blank = volume(new Float32Array(sizeOf(given)), given);
  const { shape } = method.look?.(blank, parameters) ?? blank;
  // What a network begins with does not change its size.
  return { network: method.build(classes, { ...parameters, weights: "none" }), shape };
}

async function measure(call: NetworkCall): Promise<NetworkSize | undefined> {
  const found = await networkOf(call);
  if (found === undefined) return undefined;
  const { network, shape } = found;
  if (!isWired(network)) throw new TypeError(`The network of ${call.method} does not list its nodes`);
  const rows = cost(network, shape);
  const sum = (of: (row: typeof rows[number]) => number) =>
    rows.reduce((all, row) => all + of(row), 0);
  return {
    nodes: rows.length,
    parameters: sum(({ parameters }) => parameters),
    multiplyAdds: sum(({ multiplyAdds }) => multiplyAdds),
    elements: sum(({ outputShape }) => sizeOf(outputShape)),
    heads: "headFolds" in call.parameters,
  };
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
