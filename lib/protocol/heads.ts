/**
 * One answer from a network with several heads, each of which scores every class.
 *
 * @module
 */
import { confusionMatrix, uf1 } from "./metrics.ts";

/** The rules, the default first. */
export const headSelections = ["inner", "mean", "confidence", "oracle"] as const;

/**
 * Which head answers for a clip:
 * - `inner`: the head that did best on inner folds of the training subjects, the same for all clips
 *   of a fold;
 * - `mean`: none; the probabilities of all heads are averaged;
 * - `confidence`: the head with the largest probability, whatever its class;
 * - `oracle`: the head with the smallest cross-entropy. This is what section 3.5 of the paper says when
 *   it is read as it stands, and it needs the label of the held-out clip: scores under it are optimistic.
 */
export type HeadSelection = typeof headSelections[number];

/** What the heads say of a clip. */
export interface HeadScores {
  /** The head that was chosen on inner folds, from 1; 0 when none was. */
  readonly chosen: number;
  /** Probabilities, `[heads][classes]`. */
  readonly scores: readonly (readonly number[])[];
}

/**
 * The probabilities that a rule makes of the heads', one a class. Of equal heads the first answers.
 *
 * @param truth the clip's class, which only `oracle` looks at
 * @throws RangeError under `inner` when no head was chosen
 */
export function selectHead(
  rule: HeadSelection,
  { chosen, scores }: HeadScores,
  truth: number,
): readonly number[] {
  switch (rule) {
    case "inner": {
      const head = scores[chosen - 1];
      if (head === undefined) throw new RangeError("No head was chosen on inner folds");
      return head;
    }
    case "mean":
      return (scores[0] ?? []).map((_, c) =>
        scores.reduce((sum, head) => sum + (head[c] as number), 0) / scores.length
      );
    case "confidence":
      return largest(scores, (head) => Math.max(...head));
    case "oracle":
      return largest(scores, (head) => head[truth] as number);
  }
}

/**
 * The head with the largest macro F1 over clips that it was not trained on, from 1; of equal ones the
 * first.
 *
 * @param labels the clips' classes, from 0
 * @param clips scores of each clip, `[clips][heads][classes]`
 */
export function bestHead(
  labels: readonly number[],
  clips: readonly (readonly (readonly number[])[])[],
): number {
  const heads = (clips[0] ?? []).map((_, h) => h);
  const classCount = clips[0]?.[0]?.length ?? 0;
  const quality = heads.map((h) => {
    const predicted = clips.map((scores) => {
      const head = scores[h] as readonly number[];
      return head.indexOf(Math.max(...head));
    });
    return uf1(confusionMatrix(labels, predicted, classCount));
  });
  return 1 + quality.indexOf(Math.max(...quality));
}

function largest(
  scores: HeadScores["scores"],
  by: (head: readonly number[]) => number,
): readonly number[] {
  return scores.reduce((best, head) => (by(head) > by(best) ? head : best));
}
