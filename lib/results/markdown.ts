/**
 * A result as Markdown, for readers who see the repository in a browser.
 *
 * @module
 */
import type { SeededMetrics } from "lib/protocol/metrics.ts";
import { compareText } from "./check.ts";
import { counts, markdownTable, plural, probability, range, score, shortDigest } from "./format.ts";
import {
  cautions,
  otherSplit,
  scoreNames,
  type Scores,
  scoresOf,
  scoreTitles,
  startedFrom,
} from "./scores.ts";
import type { Result } from "./types.ts";

/**
 * The Markdown mirror of a result: what it is, its scores, its confusion matrix and how it was made.
 * Depends on nothing but the result.
 */
export function resultMarkdown(result: Result): string {
  const scores = scoresOf(result.predictions, result.metadata.classes);
  const parts = [
    head(result),
    `## Scores\n\n${scoreLines(scores, result.metadata.optimistic)}`,
    `## By database\n\n${databaseTable(scores)}`,
    `## By class\n\n${classTable(scores, result.metadata.classes)}`,
    `## Confusion matrix\n\n${confusionTable(scores.composite, result.metadata.classes)}`,
    `## How it was made\n\n${origin(result)}`,
  ];
  return `${parts.join("\n\n")}\n`;
}

function head(result: Result): string {
  const { experiment, protocol, data } = result.metadata;
  const split = otherSplit(result);
  const start = startedFrom(result);
  const place = "row" in experiment.paper
    ? `row "${experiment.paper.row}" of the paper`
    : `not in the paper: ${experiment.paper.extra}`;
  const marks = cautions(result).map((text) => `\n> **${text}**\n`).join("");
  return `# ${experiment.title} on ${data.name}${
    data.synthetic ? " (synthetic)" : ""
  }\n${marks}\n` +
    `${experiment.table}, ${place}. Protocol: ${protocol}${
      split ? `, ${split}` : ""
    }. Source: ${experiment.source}.${start ? ` The network: ${start}.` : ""}`;
}

function scoreLines(scores: Scores, optimistic: boolean): string {
  const { composite, intervals, chance } = scores;
  const seeds = composite.perSeed.length;
  const table = markdownTable(
    [
      "score",
      "value",
      "95 % interval over subjects",
      "p, chance",
      ...(seeds > 1 ? ["sd over seeds"] : []),
    ],
    scoreNames.map((name) => [
      scoreTitles[name],
      score(composite[name]),
      range(intervals[name]),
      optimistic ? "–" : probability(chance[name]),
      ...(seeds > 1 ? [score(composite.sd[name])] : []),
    ]),
  );
  const pooled =
    `${plural(composite.n, "clip")}, ${plural(seeds, "seed")}. Counts are pooled over ` +
    `all folds${seeds > 1 ? "; a score is the mean over seeds" : ""}.`;
  const share = intervals.uf1.degenerate;
  const test = " p: how probable so high a score is if a subject's predictions were dealt to the " +
    "subject's clips at random.";
  const thin = share > 0.01
    ? ` In ${(100 * share).toFixed(0)} % of the resamples a class has no clips, so the intervals ` +
      "say little."
    : "";
  return `${pooled}${test}${thin}\n\n${table}`;
}

function databaseTable({ composite, databases }: Scores): string {
  const line = (name: string, metrics: SeededMetrics) => [
    name,
    String(metrics.n),
    ...scoreNames.map((key) => score(metrics[key])),
  ];
  return markdownTable(
    ["database", "clips", ...scoreNames.map((name) => scoreTitles[name])],
    [...Object.entries(databases).map(([name, m]) => line(name, m)), line("all", composite)],
  );
}

function classTable({ composite }: Scores, classes: readonly string[]): string {
  return markdownTable(
    ["class", "clips", "precision", "recall", "F1"],
    classes.map((name, i) => [
      name,
      String(composite.support[i]),
      ...[composite.precision, composite.recall, composite.f1].map((values) => score(values[i]!)),
    ]),
  );
}

function confusionTable({ confusion, perSeed }: SeededMetrics, classes: readonly string[]): string {
  const cells = counts(confusion);
  const note = perSeed.length > 1 ? "Clips, mean over seeds.\n\n" : "";
  return note + markdownTable(
    ["true / predicted", ...classes],
    classes.map((name, row) => [name, ...cells[row]!]),
  );
}

function origin({ metadata }: Result): string {
  const { parameters, code, data, environment } = metadata;
  const rows: [string, string][] = [
    ...lines("parameter", parameters),
    ...lines("environment", environment),
    ["data digest", shortDigest(data.digest)],
    ["code digest", shortDigest(code.digest)],
    ["code modules", String(Object.keys(code.modules).length)],
  ];
  return markdownTable(["what", "value"], rows, { right: false });
}

function lines(kind: string, record: Readonly<Record<string, unknown>>): [string, string][] {
  const entries = Object.entries(record).sort(([a], [b]) => compareText(a, b));
  return entries.map(([name, value]) => [`${kind} ${name}`, String(value)]);
}
