/**
 * One fold: the unit of work, of caching and of resuming.
 *
 * @module
 */
import { rng } from "lib/core/rng.ts";
import type { Dataset, Sample } from "lib/data/types.ts";
import type { Parameters } from "lib/experiment/types.ts";
import { type HeadScores, selectHead } from "lib/protocol/heads.ts";
import { type Fold, kFoldBySubject, leaveOneOut, leaveOneSubjectOut } from "lib/protocol/splits.ts";
import type { Prediction } from "lib/results/types.ts";
import type { Checkpoints, HeadedScores, Method, Scores } from "lib/train/method.ts";

/** Which fold of which run. */
export interface FoldName {
  readonly seed: number;
  /** The id of a fold of {@linkcode foldsOf}. */
  readonly fold: string;
}

/**
 * The folds of a data set under the parameters `split`, `k` and a seed. Only k-fold-by-subject
 * depends on the seed.
 */
export function foldsOf(dataset: Dataset, parameters: Parameters, seed: number): Fold[] {
  switch (parameters.split) {
    case "leave-one-subject-out":
      return leaveOneSubjectOut(dataset.samples);
    case "leave-one-clip-out":
      return leaveOneOut(dataset.samples);
    case "k-fold-by-subject":
      return kFoldBySubject(dataset.samples, Number(parameters.k), rng(seed, "split"));
    default:
      throw new RangeError(`Unknown split: ${parameters.split}`);
  }
}

/** What {@linkcode runFold} needs beside the name of the fold. */
export interface FoldContext {
  readonly method: Method;
  readonly dataset: Dataset;
  readonly parameters: Parameters;
  readonly onProgress?: (share: number) => void;
  readonly checkpoints?: Checkpoints;
}

/**
 * Trains on a fold's training clips and predicts its held-out clips. The method never receives a
 * held-out label. Of a network with several heads, the mean of what they say is the prediction.
 *
 * @throws Error when the method returns anything but one finite score a class for each held-out clip
 */
export async function runFold(name: FoldName, context: FoldContext): Promise<Prediction[]> {
  const { method, dataset, parameters } = context;
  const fold = foldsOf(dataset, parameters, name.seed).find(({ id }) => id === name.fold);
  if (fold === undefined) throw new RangeError(`${dataset.name} has no fold ${name.fold}`);
  const stream = rng(name.seed, method.id, dataset.name, name.fold);
  const pick = (indices: readonly number[]) => indices.map((i) => dataset.samples[i] as Sample);
  const train = pick(fold.train);
  const held = pick(fold.test);
  const answer = await method.runFold({
    train: parameters.permuteLabels ? permuteLabels(train, stream.fork("permute")) : train,
    test: held.map(({ label: _hidden, ...rest }) => rest),
    classes: dataset.classes,
    parameters,
    rng: stream,
    ...(context.onProgress ? { onProgress: context.onProgress } : {}),
    ...(context.checkpoints ? { checkpoints: context.checkpoints } : {}),
  });
  const scored = scoresOf(answer);
  if (scored.length !== held.length) {
    throw new Error(`${method.id} scored ${scored.length} of ${held.length} clips`);
  }
  return held.map((sample, i) =>
    toPrediction(name, dataset, { sample, ...scored[i] as typeof scored[number] })
  );
}

interface Scored {
  readonly scores: readonly number[];
  readonly heads?: HeadScores;
}

function scoresOf(answer: Scores | HeadedScores): readonly Scored[] {
  if (!("heads" in answer)) return answer.map((scores) => ({ scores }));
  return answer.heads.map((scores) => {
    const heads = { chosen: answer.chosen, scores };
    return { scores: selectHead("mean", heads, -1), heads };
  });
}

function permuteLabels(samples: readonly Sample[], stream: ReturnType<typeof rng>): Sample[] {
  const labels = stream.shuffle(samples.map(({ label }) => label));
  return samples.map((sample, i) => ({ ...sample, label: labels[i] as number }));
}

function toPrediction(
  name: FoldName,
  dataset: Dataset,
  { sample, scores, heads }: Scored & { readonly sample: Sample },
): Prediction {
  for (const row of [scores, ...heads?.scores ?? []]) {
    if (row.length === dataset.classes.length && row.every(Number.isFinite)) continue;
    throw new Error(`Clip ${sample.clip} got the scores [${row.join(", ")}]`);
  }
  // The first of equal scores wins, so that a tie has one answer.
  const best = scores.indexOf(Math.max(...scores));
  return {
    seed: name.seed,
    fold: name.fold,
    clip: sample.clip,
    subject: sample.subject,
    database: sample.database,
    truth: dataset.classes[sample.label] as string,
    predicted: dataset.classes[best] as string,
    scores,
    ...(heads ? { heads } : {}),
  };
}
