/**
 * Scores of predictions, for people.
 *
 * @module
 */
import type { SeededMetrics } from "lib/protocol/metrics.ts";
import type { ForeignPredictions } from "./foreign.ts";
import { counts, plural, probability, range, score } from "./format.ts";
import type { Block } from "./report.ts";
import { scoreNames, type Scores, scoreTitles } from "./scores.ts";

/** All scores of predictions as a report. */
export function scoreReport(read: ForeignPredictions, scores: Scores): Block[] {
  const { composite, databases, intervals, chance } = scores;
  const seeds = composite.perSeed.length;
  const subjects = new Set(read.predictions.map(({ subject }) => subject)).size;
  const names = Object.keys(databases);
  const what = [
    plural(composite.n, "clip"),
    plural(subjects, "subject"),
    plural(seeds, "seed"),
  ].join(", ");
  return [
    { heading: `Scores (${what})` },
    ...(read.synthetic ? [{ text: "synthetic data: this says nothing about faces" }] : []),
    ...(read.optimistic ? [{ text: "optimistic: a step used held-out labels" }] : []),
    {
      head: ["score", "value", "95 % interval over subjects", "p, chance", "sd over seeds"],
      rows: scoreNames.map((name) => [
        scoreTitles[name],
        score(composite[name]),
        subjects > 1 ? range(intervals[name]) : "one subject, none",
        probability(chance[name]),
        score(composite.sd[name]),
      ]),
    },
    { heading: "By class" },
    {
      head: ["class", "clips", "precision", "recall", "F1"],
      rows: read.classes.map((name, i) => [
        name,
        String(composite.support[i]),
        ...[composite.precision, composite.recall, composite.f1].map((of) => score(of[i]!)),
      ]),
    },
    ...(names.length > 1 ? databaseBlocks(databases) : []),
    { heading: `Confusion${seeds > 1 ? " (mean over seeds)" : ""}` },
    {
      head: ["true / predicted", ...read.classes],
      rows: counts(composite.confusion).map((cells, i) => [read.classes[i]!, ...cells]),
    },
  ];
}

function databaseBlocks(databases: Readonly<Record<string, SeededMetrics>>): Block[] {
  return [
    { heading: "By database" },
    {
      head: ["database", "clips", ...scoreNames.map((name) => scoreTitles[name])],
      rows: Object.entries(databases).map(([name, metrics]) => [
        name,
        String(metrics.n),
        ...scoreNames.map((key) => score(metrics[key])),
      ]),
    },
  ];
}
