/**
 * Training a network with a look at some clips after each epoch, as publications do that choose an epoch.
 *
 * This stands apart from `fit.ts` so that the way of `strict` has no code in it that looks at anything but
 * training clips while it trains. Given the same stream, the training is the same to the bit.
 *
 * @module
 */
import type { Sample, UnlabelledSample } from "lib/data/types.ts";
import { balancedWeights } from "lib/protocol/class_weights.ts";
import { tf } from "./backend.ts";
import { openBatches } from "./batches.ts";
import { stackInputs } from "./fit.ts";
import type { FoldTask, Scores } from "./method.ts";
import { fitSettings, type NetworkSpec } from "./network.ts";
import { openTrainer, type Trainer } from "./trainer.ts";

/** What is seen of a training after an epoch. */
export interface EpochView {
  /** From 1. */
  readonly epoch: number;
  /** The mean of the batches' losses, each before its own step. */
  readonly loss: number;
  /** The test clips' scores. */
  readonly scores: Scores;
}

/**
 * Trains on the task's training clips, from scratch, and scores its test clips after each epoch. A batch
 * in which an epoch ends still counts for it.
 *
 * @param onEpoch called after each epoch; what it sees changes nothing
 * @returns scores by epoch, as a method gives them
 * @throws RangeError when there are no training clips, or when the network has several heads
 */
export async function scoresByEpoch(
  spec: NetworkSpec,
  task: FoldTask,
  onEpoch?: (view: EpochView) => void,
): Promise<Scores[]> {
  const seen = <S extends UnlabelledSample>(sample: S): S =>
    spec.look ? { ...sample, input: spec.look(sample.input, task.parameters) } : sample;
  const [train, test] = [task.train.map(seen), task.test.map(seen)];
  const [first] = train;
  if (first === undefined) throw new RangeError("Cannot train on no samples");
  const settings = fitSettings(task.parameters);
  const objective = spec.objective?.(task.parameters);
  const block = spec.build(task.classes.length, task.parameters);
  const trainer = openTrainer({
    block,
    initial: block.init(task.rng.fork("init"), first.input.shape),
    rng: task.rng.fork("dropout"),
    ...settings,
    ...(objective ? { loss: objective.loss } : {}),
  });
  const size = settings.batchSize;
  const batches = openBatches({ clips: train.length, size }, task.rng.fork("shuffle"));
  const weights = settings.classWeights === "balanced"
    ? balancedWeights(train.map(({ label }) => label), task.classes.length)
    : undefined;
  const scoresOf = (x: tf.Tensor): tf.Tensor =>
    objective ? objective.scores(trainer.predict(x)) : trainer.predict(x);
  const epochs: Scores[] = [];
  let losses: number[] = [];
  try {
    for (let step = 0; epochs.length < settings.epochs;) {
      losses.push(learn(trainer, batches.next().map((i) => train[i] as Sample), weights));
      step++;
      task.onProgress?.(step / batches.count(settings.epochs));
      await new Promise((resolve) => setTimeout(resolve));
      // A batch of all clips or more ends one epoch each, a smaller one at most one.
      if (step !== batches.count(epochs.length + 1)) continue;
      const scores = score(scoresOf, test, size);
      epochs.push(scores);
      const loss = losses.reduce((sum, one) => sum + one, 0) / losses.length;
      onEpoch?.({ epoch: epochs.length, loss, scores });
      losses = [];
    }
    return epochs;
  } finally {
    trainer.dispose();
  }
}

/** One step; returns the batch's loss before it. */
function learn(
  trainer: Trainer,
  samples: readonly Sample[],
  weights: readonly number[] | undefined,
): number {
  const loss = tf.tidy(() => {
    const labels = samples.map(({ label }) => label);
    return trainer.step({
      x: stackInputs(samples),
      labels: tf.tensor1d(labels, "int32"),
      ...(weights ? { weights: tf.tensor1d(labels.map((label) => weights[label]!)) } : {}),
    });
  });
  const [value] = loss.dataSync();
  loss.dispose();
  return value as number;
}

function score(
  scoresOf: (x: tf.Tensor) => tf.Tensor,
  samples: readonly UnlabelledSample[],
  size: number,
): Scores {
  const parts = Array.from(
    { length: Math.ceil(samples.length / size) },
    (_, i) => samples.slice(i * size, (i + 1) * size),
  );
  return parts.flatMap((part) =>
    tf.tidy(() => {
      const scores = tf.softmax(scoresOf(stackInputs(part)));
      if (scores.rank !== 2) throw new RangeError("A network of several heads has no one epoch");
      return scores.arraySync() as number[][];
    })
  );
}
