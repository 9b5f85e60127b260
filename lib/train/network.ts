/**
 * A network as a method.
 *
 * @module
 */
import type { Block } from "lib/blocks/block.ts";
import type { Rng } from "lib/core/rng.ts";
import type { Volume } from "lib/core/volume.ts";
import type { Sample, UnlabelledSample } from "lib/data/types.ts";
import type { Parameters } from "lib/experiment/types.ts";
import { bestHead } from "lib/protocol/heads.ts";
import { innerSubjectFolds } from "lib/protocol/splits.ts";
import { tf } from "./backend.ts";
import { fit, type FitSettings, stackInputs } from "./fit.ts";
import type { FoldTask, HeadedScores, Method, Scores } from "./method.ts";
import type { Objective } from "./objective.ts";

/** A network by name. */
export interface NetworkSpec {
  readonly id: string;
  /** The network for so many classes, to scores before the softmax: `[classes]` or `[heads, classes]`. */
  build(classes: number, parameters: Parameters): Block;
  /** What the network sees of a sample's input; the input itself when left out. Depends on nothing else. */
  look?(input: Volume, parameters: Parameters): Volume;
  /** What it is trained for, when not for the cross-entropy of its scores alone. */
  objective?(parameters: Parameters): Objective;
}

/** A method that trains a network. */
export interface NetworkMethod extends Method, NetworkSpec {}

/**
 * Makes a method of a network: it is trained from scratch on the training samples, then scores the test
 * samples by its softmax. Takes the parameters of {@linkcode fitSettings}.
 *
 * Where the network has several heads, all of them score, and one is chosen on `headFolds` inner folds of
 * the training subjects, for each of which a network is trained; 0 chooses none.
 */
export function network(spec: NetworkSpec): NetworkMethod {
  return {
    ...spec,
    backend: "tensorflow",
    runFold: (task) => trainAndScore(spec, seenBy(spec, task)),
  };
}

/** The task with what the network sees in the place of each input. */
function seenBy({ look }: NetworkSpec, task: FoldTask): FoldTask {
  if (look === undefined) return task;
  const seen = <S extends UnlabelledSample>(sample: S): S => ({
    ...sample,
    input: look(sample.input, task.parameters),
  });
  return { ...task, train: task.train.map(seen), test: task.test.map(seen) };
}

/** Probabilities by sample, head and class. */
type Probabilities = readonly (readonly (readonly number[])[])[];

async function trainAndScore(spec: NetworkSpec, task: FoldTask): Promise<Scores | HeadedScores> {
  const { train, test, classes, parameters, rng } = task;
  if (test.length === 0) return [];
  const objective = spec.objective?.(parameters);
  const block = spec.build(classes.length, parameters);
  const folds = innerFolds(task);
  const pick = (indices: readonly number[]) => indices.map((i) => train[i] as Sample);
  const whole = folds.reduce((sum, fold) => sum + fold.train.length, train.length);
  let done = 0;
  const run = async (work: Pick<Work, "name" | "train" | "test" | "rng">) => {
    const size = work.train.length;
    const onProgress = (share: number) => task.onProgress?.((done + share * size) / whole);
    const answer = await trainOnce(block, { ...task, ...work, onProgress }, objective);
    done += size;
    return answer;
  };
  const scores = await run({ name: "all", train, test, rng });
  const heads = (scores[0] as Probabilities[number]).length;
  if (heads === 1) return scores.map(([only]) => only as readonly number[]);
  const inner: Probabilities[] = [];
  for (const [i, fold] of folds.entries()) {
    const name = `inner ${i + 1}`;
    const parts = { train: pick(fold.train), test: pick(fold.test) };
    inner.push(await run({ name, ...parts, rng: rng.fork(name) }));
  }
  const labels = folds.flatMap((fold) => pick(fold.test).map(({ label }) => label));
  return { heads: scores, chosen: folds.length === 0 ? 0 : bestHead(labels, inner.flat()) };
}

function innerFolds({ train, parameters, rng }: FoldTask): ReturnType<typeof innerSubjectFolds> {
  const folds = Number(parameters.headFolds ?? 0);
  return folds === 0 ? [] : innerSubjectFolds(train, folds, rng.fork("head folds"));
}

interface Work extends FoldTask {
  readonly name: string;
  readonly rng: Rng;
}

async function trainOnce(
  block: Block,
  work: Work,
  objective: Objective | undefined,
): Promise<Probabilities> {
  const { name, train, test, classes, checkpoints, onProgress } = work;
  const settings = fitSettings(work.parameters);
  const checkpoint = checkpoints && {
    load: () => checkpoints.load(name),
    save: (bytes: Uint8Array) => checkpoints.save(name, bytes),
    ...(checkpoints.everySeconds === undefined ? {} : { everySeconds: checkpoints.everySeconds }),
  };
  const trainer = await fit({
    block,
    train,
    classes: classes.length,
    settings,
    rng: work.rng,
    ...(onProgress ? { onProgress } : {}),
    ...(checkpoint ? { checkpoint } : {}),
    ...(objective ? { loss: objective.loss } : {}),
  });
  const scoresOf = (x: tf.Tensor): tf.Tensor =>
    objective ? objective.scores(trainer.predict(x)) : trainer.predict(x);
  try {
    const parts = Array.from(
      { length: Math.ceil(test.length / settings.batchSize) },
      (_, i) => test.slice(i * settings.batchSize, (i + 1) * settings.batchSize),
    );
    return parts.flatMap((part) => probabilities(scoresOf, part));
  } finally {
    trainer.dispose();
  }
}

/** A network without a head axis has one head. */
function probabilities(
  scoresOf: (x: tf.Tensor) => tf.Tensor,
  samples: readonly UnlabelledSample[],
): Probabilities {
  return tf.tidy(() => {
    const scores = tf.softmax(scoresOf(stackInputs(samples)));
    if (scores.rank === 3) return scores.arraySync() as number[][][];
    return (scores.arraySync() as number[][]).map((row) => [row]);
  });
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
