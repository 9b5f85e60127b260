/**
 * Scores by database as bars.
 *
 * @module
 */
import type { TopLevelSpec } from "vega-lite";
import { scorePredictions } from "lib/protocol/metrics.ts";
import { score } from "lib/results/format.ts";
import { cautions, otherSplit } from "lib/results/scores.ts";
import type { Result } from "lib/results/types.ts";
import { base, type Chart, fill, titled } from "./chart.ts";

interface Bar {
  readonly method: string;
  readonly database: string;
  readonly clips: number;
  readonly value: number;
  readonly label: string;
}

/**
 * UF1 in each database and in all of them. One result gives a bar a database; several give a panel a
 * database with a bar a result. All results have to be of one data set.
 *
 * @throws RangeError when there are no results, or of several data sets
 */
export function databaseBars(results: readonly Result[]): Chart {
  const [first] = results;
  if (first === undefined) throw new RangeError("There are no results to draw");
  const { name, synthetic } = first.metadata.data;
  if (results.some(({ metadata }) => metadata.data.name !== name)) {
    throw new RangeError("Cannot draw results of several data sets in one chart");
  }
  const bars = results.flatMap(barsOf);
  const single = results.length === 1;
  const where = `${name}${synthetic ? " (synthetic)" : ""}`;
  const text = single
    ? `${methodOf(first)}: UF1 by database, ${where}`
    : `UF1 by database, ${where}`;
  const notes = results.flatMap((result) => cautions(result));
  const spec = {
    ...base,
    ...titled(text, notes),
    data: { values: bars.map((bar) => ({ ...bar, part: partOf(bar) })) },
    ...(single ? { width: 420, height: { step: 28 }, layer: layers("part", bars.map(partOf)) } : {
      facet: {
        field: "part",
        type: "nominal",
        title: null,
        sort: [...new Set(bars.map(partOf))],
      },
      columns: 2,
      spec: { width: 240, height: { step: 24 }, layer: layers("method", results.map(methodOf)) },
    }),
  };
  const lines = bars.map((bar) => `${bar.method}, ${partOf(bar)}: ${bar.label}`);
  return {
    spec: spec as unknown as TopLevelSpec,
    alt: [`${text}.`, ...new Set(notes), ...lines].join("\n"),
  };
}

function methodOf({ metadata }: Result): string {
  const marks = [
    metadata.protocol === "strict" ? undefined : `${metadata.protocol} protocol`,
    otherSplit({ metadata }),
  ].filter(Boolean).join(", ");
  return metadata.experiment.title + (marks ? ` (${marks})` : "");
}

function partOf({ database, clips }: Bar): string {
  return `${database} (${clips} clips)`;
}

function barsOf(result: Result): Bar[] {
  const { composite, databases } = scorePredictions(result.predictions, result.metadata.classes);
  return [["all", composite] as const, ...Object.entries(databases)].map(([database, metrics]) => ({
    method: methodOf(result),
    database,
    clips: metrics.n,
    value: metrics.uf1,
    label: score(metrics.uf1),
  }));
}

function layers(field: string, order: readonly string[]): unknown[] {
  const y = { field, type: "nominal", title: null, sort: [...new Set(order)] };
  const x = { field: "value", type: "quantitative", title: "UF1", scale: { domain: [0, 1] } };
  return [
    {
      mark: { type: "bar", height: { band: 0.66 }, color: fill.ours, stroke: fill.dark },
      encoding: { y, x },
    },
    {
      mark: { type: "text", align: "left", dx: 5, fontSize: 11, color: fill.ink },
      encoding: { y, x: { datum: 0, type: "quantitative" }, text: { field: "label" } },
    },
  ];
}
