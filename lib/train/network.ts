/**
 * A network as a method.
 *
 * @module
 */
import type { Block } from "lib/blocks/block.ts";
import type { Parameters } from "lib/experiment/types.ts";
import { tf } from "./backend.ts";
import { fit, type FitSettings, stackInputs } from "./fit.ts";
import type { FoldTask, Method, Scores } from "./method.ts";

/** A network by name. */
export interface NetworkSpec {
  readonly id: string;
  /** The network for so many classes, from class scores' inputs to class scores before the softmax. */
  build(classes: number, parameters: Parameters): Block;
}

/** A method that trains a network. */
export interface NetworkMethod extends Method, NetworkSpec {}

/**
 * Makes a method of a network: it is trained from scratch on the training samples, then scores the test
 * samples by its softmax. Takes the parameters of {@linkcode fitSettings}.
 */
export function network(spec: NetworkSpec): NetworkMethod {
  return { ...spec, backend: "tensorflow", runFold: (task) => trainAndScore(spec, task) };
}

async function trainAndScore(spec: NetworkSpec, task: FoldTask): Promise<Scores> {
  const { train, test, classes, parameters, rng, onProgress } = task;
  if (test.length === 0) return [];
  const trainer = await fit({
    block: spec.build(classes.length, parameters),
    train,
    classes: classes.length,
    settings: fitSettings(parameters),
    rng,
    ...(onProgress ? { onProgress } : {}),
  });
  try {
    return tf.tidy(() => {
      const scores = tf.softmax(trainer.predict(stackInputs(test)));
      return scores.arraySync() as number[][];
    });
  } finally {
    trainer.dispose();
  }
}

/**
 * The training settings among an experiment's parameters: `epochs`, `batchSize`, `learningRate`,
 * `weightDecay`, `optimiser` (`adam` or `sgd`) and `classWeights` (`none` or `balanced`).
 *
 * @throws TypeError when one is missing or something else
 */
export function fitSettings(parameters: Parameters): FitSettings {
  const number = (name: string): number => {
    const value = parameters[name];
    if (typeof value === "number") return value;
    throw new TypeError(`The parameter ${name} must be a number, got ${value}`);
  };
  const choice = <T extends string>(name: string, ...choices: readonly T[]): T => {
    const found = choices.find((known) => known === parameters[name]);
    if (found !== undefined) return found;
    throw new TypeError(`The parameter ${name} must be ${choices.join(" or ")}`);
  };
  return {
    epochs: number("epochs"),
    batchSize: number("batchSize"),
    learningRate: number("learningRate"),
    weightDecay: number("weightDecay"),
    optimiser: choice("optimiser", "adam", "sgd"),
    classWeights: choice("classWeights", "none", "balanced"),
  };
}
