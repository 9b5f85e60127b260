/**
 * What a row's notebook shows of its result.
 *
 * @module
 */
import { confusionChart, databaseBars } from "lib/charts/mod.ts";
import type { SeededMetrics } from "lib/protocol/metrics.ts";
import { probability, range, score } from "lib/results/format.ts";
import { cautions, scoreNames, scoresOf, scoreTitles } from "lib/results/scores.ts";
import type { Prediction, Result } from "lib/results/types.ts";
import { showChart } from "./chart.ts";
import { showMarkdown, showTable } from "./show.ts";

/** Shows the scores of the whole data set with intervals, of each database, and of each class. */
export async function showScores(result: Result): Promise<void> {
  const { predictions, metadata } = result;
  const { composite, databases, intervals, chance } = scoresOf(predictions, metadata.classes);
  const marks = cautions(result);
  if (marks.length > 0) await showMarkdown(`**${marks.join("; ")}**`);
  await showTable(
    ["score", "value", "95 % interval over subjects", "p, chance", "sd over seeds"],
    scoreNames.map((name) => [
      scoreTitles[name],
      score(composite[name]),
      range(intervals[name]),
      metadata.optimistic ? "–" : probability(chance[name]),
      score(composite.sd[name]),
    ]),
  );
  const line = (name: string, m: SeededMetrics) => [
    name,
    m.n,
    score(m.uf1),
    score(m.uar),
    score(m.accuracy),
  ];
  await showTable(["database", "clips", "UF1", "UAR", "accuracy"], [
    ...Object.entries(databases).map(([name, metrics]) => line(name, metrics)),
    line("all", composite),
  ]);
  await showTable(
    ["class", "clips", "precision", "recall", "F1"],
    metadata.classes.map((name, i) => [
      name,
      composite.support[i],
      score(composite.precision[i] ?? NaN),
      score(composite.recall[i] ?? NaN),
      score(composite.f1[i] ?? NaN),
    ]),
  );
  await showChart(databaseBars([result]));
}

/** Shows the confusion matrix, counts averaged over the seeds. */
export async function showConfusion(result: Result): Promise<void> {
  await showChart(confusionChart(result));
}

/** Shows the clips that were wrong for the most seeds, at most `limit` of them. */
export async function showMistakes(result: Result, limit = 12): Promise<void> {
  const byClip = Map.groupBy(result.predictions, ({ clip }) => clip);
  const wrong = [...byClip.values()]
    .map((seeds) => ({ seeds, wrong: seeds.filter((p) => p.predicted !== p.truth) }))
    .filter((entry) => entry.wrong.length > 0)
    .sort((a, b) => b.wrong.length - a.wrong.length || compareClips(a.seeds, b.seeds));
  await showMarkdown(
    `${wrong.length} of ${byClip.size} clips were wrong for at least one seed` +
      (wrong.length > limit ? `; the first ${limit}:` : "."),
  );
  await showTable(
    ["clip", "truth", "predicted", "wrong for"],
    wrong.slice(0, limit).map(({ seeds, wrong }) => [
      seeds[0]!.clip,
      seeds[0]!.truth,
      [...new Set(wrong.map(({ predicted }) => predicted))].sort().join(", "),
      `${wrong.length} of ${seeds.length} seeds`,
    ]),
  );
}

function compareClips(a: readonly Prediction[], b: readonly Prediction[]): number {
  return a[0]!.clip < b[0]!.clip ? -1 : 1;
}
