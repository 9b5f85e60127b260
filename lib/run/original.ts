/**
 * What original publications do that `strict` does not, around any network: the epoch that is best on the
 * held-out subject, training on the other databases alone, held-out images turned at random.
 *
 * @module
 */
import { UserError } from "lib/core/errors.ts";
import type { Dataset, Sample, UnlabelledSample } from "lib/data/types.ts";
import type { Parameters } from "lib/experiment/types.ts";
import { rotateFrames } from "lib/preprocess/rotate.ts";
import { scoresByEpoch } from "lib/train/by_epoch.ts";
import type { FoldTask, Method, Scores } from "lib/train/method.ts";
import type { NetworkMethod } from "lib/train/network.ts";

/**
 * A method as its parameters ask for: itself under `strict`.
 *
 * - `epochSelection` `best-held-out`: the epoch with most of the held-out clips right, the first of equals.
 *   It needs the held-out labels, so scores under it are optimistic.
 * - `trainOn` `other-databases`: training clips of the held-out subject's database are left out of the
 *   training, and the epoch with the smallest cross-entropy on them counts.
 * - `testRotation`: held-out clips are turned by an angle drawn evenly up to so many degrees either way.
 *
 * @param dataset where the held-out labels are; no method gets them
 */
export function underOriginal(method: Method, dataset: Dataset, parameters: Parameters): Method {
  const { epochSelection, trainOn, testRotation } = parameters;
  const turned = (task: FoldTask): FoldTask =>
    Number(testRotation ?? 0) > 0 ? withTurned(task, Number(testRotation)) : task;
  if (trainOn === "other-databases") {
    return { ...method, runFold: (task) => onOthers(method as NetworkMethod, turned(task)) };
  }
  if (epochSelection === "best-held-out") {
    return {
      ...method,
      runFold: (task) => bestHeldOut(method as NetworkMethod, turned(task), dataset),
    };
  }
  return { ...method, runFold: (task) => method.runFold(turned(task)) };
}

async function bestHeldOut(
  method: NetworkMethod,
  task: FoldTask,
  { samples }: Dataset,
): Promise<Scores> {
  const labels = new Map(samples.map(({ clip, label }) => [clip, label]));
  const truths = task.test.map(({ clip }) => labels.get(clip) as number);
  const epochs = await scoresByEpoch(method, task);
  return epochs[epochOfMostHits(epochs, truths)] as Scores;
}

/** The epoch, from 0, that gets most clips right; the first of equals. */
export function epochOfMostHits(epochs: readonly Scores[], labels: readonly number[]): number {
  const hits = epochs.map((scores) =>
    scores.filter((row, i) => row.indexOf(Math.max(...row)) === labels[i]).length
  );
  return hits.indexOf(Math.max(...hits));
}

async function onOthers(method: NetworkMethod, task: FoldTask): Promise<Scores> {
  const databases = [...new Set(task.test.map(({ database }) => database))];
  const [database] = databases;
  const same = task.train.filter((sample) => sample.database === database);
  const others = task.train.filter((sample) => sample.database !== database);
  if (databases.length !== 1 || same.length === 0 || others.length === 0) {
    throw new UserError(
      "Training on the other databases needs several databases, and several subjects in each",
      { field: "trainOn", fix: "Use --train-on other-subjects" },
    );
  }
  const held: readonly UnlabelledSample[] = task.test;
  const epochs = await scoresByEpoch(method, {
    ...task,
    train: others,
    test: [...same.map(({ label: _hidden, ...rest }) => rest), ...held],
  });
  const best = epochOfLeastLoss(epochs, same);
  return (epochs[best] as Scores).slice(same.length);
}

/** The epoch, from 0, whose first scores have the smallest mean cross-entropy; the first of equals. */
export function epochOfLeastLoss(
  epochs: readonly Scores[],
  validation: readonly Pick<Sample, "label">[],
): number {
  const losses = epochs.map((scores) =>
    // Softmax in single precision can be 0 for a class.
    validation.reduce((sum, { label }, i) => sum - Math.log(Math.max(scores[i]![label]!, 1e-30)), 0)
  );
  return losses.indexOf(Math.min(...losses));
}

function withTurned(task: FoldTask, most: number): FoldTask {
  const test = task.test.map((sample) => {
    // By clip, so that neither order nor company changes the angle.
    const angle = most * (2 * task.rng.fork("turn", sample.clip).next() - 1);
    return { ...sample, input: rotateFrames(sample.input, angle) };
  });
  return { ...task, test };
}
