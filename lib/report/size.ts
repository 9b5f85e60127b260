/**
 * How large the networks of results are.
 *
 * @module
 */
import { flatten } from "lib/blocks/tree.ts";
import { rng } from "lib/core/rng.ts";
import { sizeOf, volume } from "lib/core/volume.ts";
import { mapSets } from "lib/experiment/data.ts";
import type { InputKind, Parameters } from "lib/experiment/types.ts";
import type { ResultMetadata } from "lib/results/types.ts";
import { findMethod } from "lib/run/methods.ts";
import type { Method } from "lib/train/method.ts";
import type { NetworkMethod } from "lib/train/network.ts";

/**
 * The learned numbers of a result's network, at the size at which it was run, by the code as it is now.
 *
 * @returns nothing where the method is no network
 * @throws ParameterError when there is no such method any more
 */
export async function learnedNumbers(metadata: ResultMetadata): Promise<number | undefined> {
  const { experiment, parameters, classes, data } = metadata;
  const method: Method & Partial<NetworkMethod> = await findMethod(experiment.method);
  if (method.build === undefined) return undefined;
  const given = inputShape(experiment.input, parameters, mapSets.includes(data.name));
  const blank = volume(new Float32Array(sizeOf(given)), given);
  const { shape } = method.look?.(blank, parameters) ?? blank;
  // What a network begins with does not change its size.
  const network = method.build(classes.length, { ...parameters, weights: "none" });
  return flatten(network.init(rng(1), shape).params)
    .reduce((sum, [, array]) => sum + sizeOf(array.shape), 0);
}

/** The shape of what a method is given. */
function inputShape(input: InputKind, parameters: Parameters, maps: boolean): readonly number[] {
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
