/**
 * Choosing a setting without looking at held-out clips.
 *
 * @module
 */
import { confusionMatrix, uf1 } from "./metrics.ts";
import type { Fold, SplitItem } from "./splits.ts";

/** What {@linkcode chooseByFolds} needs. */
export interface Choice<Candidate> {
  /** In order of preference among equals. */
  readonly candidates: readonly Candidate[];
  /** The training part of an outer fold, and nothing else. */
  readonly items: readonly SplitItem[];
  /** Inner folds of these items, such as `innerSubjectFolds` gives. */
  readonly folds: readonly Fold[];
  /** Trains on `fold.train` and returns a class for each of `fold.test`, in that order. */
  readonly predict: (
    candidate: Candidate,
    fold: Fold,
  ) => readonly number[] | Promise<readonly number[]>;
}

/** A choice, with the pooled macro F1 of every candidate. */
export interface Chosen<Candidate> {
  readonly candidate: Candidate;
  readonly scores: readonly number[];
}

/**
 * Chooses the candidate with the highest macro F1 over the pooled predictions of the inner folds; of
 * equals, the first.
 *
 * @throws RangeError when there is no candidate, no fold, or not one prediction a held-out item
 */
export async function chooseByFolds<Candidate>(
  { candidates, items, folds, predict }: Choice<Candidate>,
): Promise<Chosen<Candidate>> {
  if (candidates.length === 0 || folds.length === 0) {
    throw new RangeError("A choice needs at least one candidate and one fold");
  }
  const classCount = 1 + Math.max(...items.map(({ label }) => label));
  const truth = folds.flatMap(({ test }) => test.map((i) => items[i]!.label));
  const scores: number[] = [];
  for (const candidate of candidates) {
    const predicted: number[] = [];
    for (const fold of folds) {
      const answer = await predict(candidate, fold);
      if (answer.length !== fold.test.length) {
        throw new RangeError(`${answer.length} predictions for ${fold.test.length} held-out items`);
      }
      predicted.push(...answer);
    }
    scores.push(uf1(confusionMatrix(truth, predicted, classCount)));
  }
  const best = scores.indexOf(Math.max(...scores));
  return { candidate: candidates[best]!, scores };
}
