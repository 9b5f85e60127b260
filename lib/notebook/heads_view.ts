/**
 * What a network with several heads says, under every rule of selecting one.
 *
 * @module
 */
import { range, score } from "lib/results/format.ts";
import { choices, headRows } from "lib/results/heads.ts";
import type { Result } from "lib/results/types.ts";
import { cautions } from "lib/results/scores.ts";
import { showMarkdown, showTable } from "./show.ts";

/**
 * Shows each head by itself and each rule side by side, on the same predictions, and how often each head
 * was chosen on inner subjects. What looks at held-out labels is marked.
 *
 * @throws RangeError when the result's network has no heads
 */
export async function showHeads(result: Result): Promise<void> {
  const { metadata, predictions } = result;
  // Whether the saved scores are optimistic is not what this table is about: it marks its own rows.
  const marks = cautions({ metadata: { ...metadata, optimistic: false } });
  if (marks.length > 0) await showMarkdown(`**${marks.join("; ")}**`);
  await showTable(
    ["answer", "looks at held-out labels", "UF1", "95 % interval over subjects", "UAR", "accuracy"],
    headRows(result).map(({ name, optimistic, scores }) => [
      name,
      optimistic ? "yes: optimistic" : "no",
      score(scores.composite.uf1),
      range(scores.intervals.uf1),
      score(scores.composite.uar),
      score(scores.composite.accuracy),
    ]),
  );
  const counts = choices(predictions);
  if (counts.every((count) => count === 0)) return;
  const list = counts.map((count, h) => `head ${h + 1}: ${count}`).join(", ");
  await showMarkdown(`Folds that chose each head on inner subjects: ${list}.`);
}
