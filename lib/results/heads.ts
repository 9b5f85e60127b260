/**
 * Predictions of networks with several heads, under each rule of selecting one.
 *
 * @module
 */
import { type HeadSelection, headSelections, selectHead } from "lib/protocol/heads.ts";
import { argmax } from "./check.ts";
import { type Scores, scoresOf } from "./scores.ts";
import type { Prediction, Result } from "./types.ts";

/**
 * The same predictions with their scores and classes by a rule. A prediction without heads stays as it
 * is.
 *
 * @param classes in the order of the scores
 * @throws RangeError under `inner` when no head was chosen
 */
export function withSelection(
  predictions: readonly Prediction[],
  rule: HeadSelection,
  classes: readonly string[],
): Prediction[] {
  return predictions.map((prediction) => {
    const { heads, truth } = prediction;
    if (heads === undefined) return prediction;
    const scores = selectHead(rule, heads, classes.indexOf(truth));
    return { ...prediction, scores, predicted: classes[argmax(scores)] as string };
  });
}

/** How many heads each prediction has; 0 for none. */
export function headCount(predictions: readonly Prediction[]): number {
  return predictions[0]?.heads?.scores.length ?? 0;
}

/** One way of getting an answer from several heads, with its scores. */
export interface HeadRow {
  /** A rule, or `head 1` and so on for a head by itself. */
  readonly name: string;
  /** Whether it looks at the labels of held-out clips, so that its scores are optimistic. */
  readonly optimistic: boolean;
  readonly scores: Scores;
}

/**
 * Scores each head by itself and every rule of selecting one, on the same predictions. `inner` is left
 * out where no head was chosen.
 *
 * @throws RangeError when the predictions have no heads
 */
export function headRows({ predictions, metadata }: Result): HeadRow[] {
  const count = headCount(predictions);
  if (count === 0) throw new RangeError("These predictions come from a network without heads");
  const { classes } = metadata;
  const scored = (rows: readonly Prediction[]) => scoresOf(rows, classes);
  const heads = Array.from({ length: count }, (_, h): HeadRow => {
    // The choice is overruled: this head answers for every clip.
    const only = predictions.map((row) => ({ ...row, heads: { ...row.heads!, chosen: h + 1 } }));
    return {
      name: `head ${h + 1}`,
      optimistic: false,
      scores: scored(withSelection(only, "inner", classes)),
    };
  });
  const chosen = predictions.every(({ heads }) => heads!.chosen > 0);
  const rules = headSelections.filter((rule) => rule !== "inner" || chosen).map((rule) => ({
    name: rule,
    optimistic: rule === "oracle",
    scores: scored(withSelection(predictions, rule, classes)),
  }));
  return [...heads, ...rules];
}

/** How often each head was chosen on inner folds: folds of all seeds, by head. */
export function choices(predictions: readonly Prediction[]): number[] {
  const counts = Array<number>(headCount(predictions)).fill(0);
  const folds = Map.groupBy(predictions, ({ seed, fold }) => `${seed} ${fold}`);
  for (const [first] of folds.values()) {
    const chosen = first!.heads!.chosen;
    if (chosen > 0) counts[chosen - 1]!++;
  }
  return counts;
}
