/**
 * What a row's notebook shows of its result.
 *
 * @module
 */
import { confusionChart, databaseBars } from "lib/charts/mod.ts";
import { rng } from "lib/core/rng.ts";
import { accuracy, scorePredictions, type SeededMetrics, uar, uf1 } from "lib/protocol/metrics.ts";
import { bootstrapOverSubjects } from "lib/protocol/statistics.ts";
import type { Prediction, Result } from "lib/results/types.ts";
import { showChart } from "./chart.ts";
import { showMarkdown, showTable } from "./show.ts";

/** Three digits, as papers print scores; a dash where a score is not defined. */
export function score(value: number): string {
  return Number.isFinite(value) ? value.toFixed(3) : "–";
}

/** What must be said beside any number of a result: synthetic data, a step that saw the labels. */
export function caution({ metadata }: Result): string {
  const marks = [
    metadata.data.synthetic ? "synthetic data: this says nothing about faces" : "",
    metadata.optimistic ? "optimistic: a step used held-out labels" : "",
    metadata.parameters.permuteLabels ? "training labels were shuffled" : "",
  ];
  return marks.filter((mark) => mark !== "").join("; ");
}

/** Shows the scores of the whole data set with intervals, of each database, and of each class. */
export async function showScores(result: Result): Promise<void> {
  const { predictions, metadata } = result;
  const { composite, databases } = scorePredictions(predictions, metadata.classes);
  const interval = (metric: typeof uf1) => {
    const { low, high } = bootstrapOverSubjects(predictions, metric, { rng: rng(1, "interval") });
    return `${score(low)} to ${score(high)}`;
  };
  const marks = caution(result);
  if (marks) await showMarkdown(`**${marks}**`);
  await showTable(["score", "value", "95 % interval over subjects", "sd over seeds"], [
    ["UF1", score(composite.uf1), interval(uf1), score(composite.sd.uf1)],
    ["UAR", score(composite.uar), interval(uar), score(composite.sd.uar)],
    ["accuracy", score(composite.accuracy), interval(accuracy), score(composite.sd.accuracy)],
  ]);
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
