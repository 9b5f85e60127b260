/**
 * Predictions of a row counted by seed and subject, from which the matrices of any choice of subjects come
 * cheaply; and whether two rows are about the same clips.
 *
 * @module
 */
import { UserError } from "lib/core/errors.ts";
import type { Prediction } from "lib/results/types.ts";
import { type ConfusionMatrix, confusionMatrix, type Metric } from "./metrics.ts";

/** Confusion counts a seed and subject, rows before columns, in one flat array a pair. */
export interface Counts {
  readonly classCount: number;
  readonly subjects: readonly string[];
  /** `[seed][subject]` → classCount² counts. */
  readonly bySeed: readonly (readonly Float64Array[])[];
}

/**
 * The classes that occur, sorted. Metrics leave out classes that occur nowhere, so these are all that
 * matter.
 */
export function classesOf(predictions: readonly Prediction[]): string[] {
  return [...new Set(predictions.flatMap(({ truth, predicted }) => [truth, predicted]))].sort();
}

/**
 * Counts predictions by seed and subject.
 *
 * @throws UserError when there are none
 */
export function countBySubject(
  predictions: readonly Prediction[],
  classes: readonly string[] = classesOf(predictions),
): Counts {
  if (predictions.length === 0) throw new UserError("There are no predictions to resample");
  const subjects = [...new Set(predictions.map(({ subject }) => subject))].sort();
  const seeds = [...new Set(predictions.map(({ seed }) => seed))].sort((a, b) => a - b);
  const index = new Map(classes.map((name, i) => [name, i]));
  const groups = Map.groupBy(predictions, ({ seed, subject }) => `${seed} ${subject}`);
  const countsOf = (part: readonly Prediction[]) =>
    Float64Array.from(
      confusionMatrix(
        part.map(({ truth }) => index.get(truth)!),
        part.map(({ predicted }) => index.get(predicted)!),
        classes.length,
      ).flat(),
    );
  return {
    classCount: classes.length,
    subjects,
    bySeed: seeds.map((seed) =>
      subjects.map((subject) => countsOf(groups.get(`${seed} ${subject}`) ?? []))
    ),
  };
}

/**
 * What pools counts: given how often each subject is chosen, the confusion matrix of each seed. They are
 * written anew at each call.
 */
export function pooling(
  { classCount, bySeed }: Counts,
): (times: ArrayLike<number>) => readonly ConfusionMatrix[] {
  const classes = Array.from({ length: classCount }, (_, i) => i);
  const pooled = bySeed.map(() => classes.map(() => classes.map(() => 0)));
  return (times) => {
    bySeed.forEach((bySubject, seed) => {
      let cell = 0;
      for (const row of pooled[seed]!) {
        for (let column = 0; column < classCount; column++, cell++) {
          let sum = 0;
          for (let i = 0; i < bySubject.length; i++) sum += times[i]! * bySubject[i]![cell]!;
          row[column] = sum;
        }
      }
    });
    return pooled;
  };
}

/** The mean over seeds of a metric. */
export function meanOver(perSeed: readonly ConfusionMatrix[], metric: Metric): number {
  return perSeed.reduce((total, confusion) => total + metric(confusion), 0) / perSeed.length;
}

/**
 * Refuses rows that do not cover the same clips, of the same subjects and true classes.
 *
 * @throws UserError naming the first clip that differs
 */
export function requireSameTruth(
  first: readonly Prediction[],
  second: readonly Prediction[],
): void {
  const truthOf = (part: readonly Prediction[]) => new Map(part.map((one) => [one.clip, one]));
  const [one, other] = [truthOf(first), truthOf(second)];
  for (const [here, there] of [[one, other], [other, one]] as const) {
    for (const [clip, prediction] of here) {
      const match = there.get(clip);
      if (match === undefined) throw unpaired(prediction);
      if (match.truth !== prediction.truth) throw differentTruth(clip);
      if (match.subject !== prediction.subject) {
        throw new UserError(`The rows do not agree on the subject of clip ${clip}`);
      }
    }
  }
}

/** What is said of a clip that one of two rows lacks. */
export function unpaired({ seed, clip }: Prediction): UserError {
  return new UserError(`Only one of the two rows has clip ${clip} (seed ${seed})`, {
    fix: "Compare results of the same data set and the same seeds",
  });
}

/** What is said of a clip whose true class differs between two rows. */
export function differentTruth(clip: string): UserError {
  return new UserError(`The rows do not agree on the true class of clip ${clip}`);
}
