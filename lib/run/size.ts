/**
 * How large the networks of results are, and what training them took.
 *
 * @module
 */
import type { Block } from "lib/blocks/block.ts";
import { sizeOf, volume } from "lib/core/volume.ts";
import { mapSets } from "lib/experiment/data.ts";
import type { InputKind, Parameters } from "lib/experiment/types.ts";
import { learnedNumbersOf, multiplyAdds } from "lib/networks/products.ts";
import { flopsPerMultiplyAdd, trainingFlops } from "lib/networks/training_cost.ts";
import { variantNames } from "lib/preprocess/augment.ts";
import type { Result, ResultMetadata } from "lib/results/types.ts";
import type { Method } from "lib/train/method.ts";
import type { NetworkMethod } from "lib/train/network.ts";
import { findMethod } from "./methods.ts";

/** What the network of a result takes. */
export interface NetworkSize {
  /** Learned numbers. */
  readonly parameters: number;
  /** FLOPs of one clip forth: two for each multiply-add of convolutions and fully connected layers. */
  readonly forward: number;
  /** FLOPs of all trainings of the result, forth and back: every fold, inner fold, epoch and seed. */
  readonly training: number;
}

/**
 * The size of a result's network and the cost of its training, calculated, by the code as it is now.
 *
 * @returns nothing where the method is no network
 * @throws ParameterError when there is no such method any more
 */
export async function networkSize(result: Result): Promise<NetworkSize | undefined> {
  const found = await networkIn(result.metadata);
  if (found === undefined) return undefined;
  const { network, inputShape } = found;
  const forward = flopsPerMultiplyAdd * await multiplyAdds(network, inputShape);
  return {
    parameters: learnedNumbersOf(network, inputShape),
    forward,
    training: trainingFlops(forward, trainedClips(result)),
  };
}

/**
 * The learned numbers of a result's network, at the size at which it was run, by the code as it is now.
 *
 * @returns nothing where the method is no network
 * @throws ParameterError when there is no such method any more
 */
export async function learnedNumbers(metadata: ResultMetadata): Promise<number | undefined> {
  const found = await networkIn(metadata);
  return found && learnedNumbersOf(found.network, found.inputShape);
}

function networkIn(
  { experiment: { method, input }, parameters, classes, data }: ResultMetadata,
): ReturnType<typeof networkOf> {
  return networkOf({ method, input, parameters, data: data.name, classes: classes.length });
}

/** What a network is built from. */
export interface NetworkCall {
  readonly method: string;
  readonly input: InputKind;
  readonly parameters: Parameters;
  /** The name of the data set. */
  readonly data: string;
  /** How many there are. */
  readonly classes: number;
}

/**
 * A method's network, and the shape of what it sees of a clip.
 *
 * @returns nothing where the method is no network
 * @throws ParameterError when there is no such method
 */
export async function networkOf(
  { method: name, input, parameters, data, classes }: NetworkCall,
): Promise<{ readonly network: Block; readonly inputShape: readonly number[] } | undefined> {
  const method: Method & Partial<NetworkMethod> = await findMethod(name);
  if (method.build === undefined) return undefined;
  const given = inputShape(input, parameters, mapSets.includes(data));
  const blank = volume(new Float32Array(sizeOf(given)), given);
  const { shape } = method.look?.(blank, parameters) ?? blank;
  // What a network begins with does not change its size.
  const network = method.build(classes, { ...parameters, weights: "none" });
  return { network, inputShape: shape };
}

/** How many times a clip went forth and back in all trainings of a result. */
function trainedClips({ metadata: { parameters }, predictions }: Result): number {
  const { epochs, augment, headFolds = 0 } = parameters;
  // What is held out in one fold is trained on in all others of its seed.
  const folds = new Set(predictions.map(({ seed, fold }) => `${seed} ${fold}`)).size;
  const seeds = new Set(predictions.map(({ seed }) => seed)).size;
  const trained = predictions.length * (folds / seeds - 1);
  // Predictions are of the clips themselves, but where copies were made before the split.
  const copies = augment === "training" ? variantNames.length : 1;
  // An inner fold trains on all but its share, so k of them cost k − 1 trainings more.
  return trained * copies * Number(epochs) * Math.max(1, Number(headFolds));
}

/** The shape of what a method is given of a clip. */
export function inputShape(
  input: InputKind,
  parameters: Parameters,
  maps: boolean,
): readonly number[] {
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
