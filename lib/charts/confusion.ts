/**
 * A confusion matrix as a chart.
 *
 * @module
 */
import type { TopLevelSpec } from "vega-lite";
import { scorePredictions } from "lib/protocol/metrics.ts";
import { counts } from "lib/results/format.ts";
import { cautions } from "lib/results/scores.ts";
import type { Result } from "lib/results/types.ts";
import { base, type Chart, titled } from "./chart.ts";

/**
 * The confusion matrix: clips in each cell (mean over seeds) with their share of the row, which the
 * shade shows too.
 */
export function confusionChart(result: Result): Chart {
  const { metadata, predictions } = result;
  const { classes, experiment, data } = metadata;
  const { confusion, support, n, perSeed } = scorePredictions(predictions, classes).composite;
  const labels = counts(confusion);
  const cells = classes.flatMap((truth, row) =>
    classes.map((predicted, column) => {
      const clips = confusion[row]![column]!;
      const share = support[row]! > 0 ? clips / support[row]! : 0;
      return {
        truth,
        predicted,
        clips,
        share,
        label: labels[row]![column]!,
        percent: `${(100 * share).toFixed(0)} %`,
      };
    })
  );
  const text = `${experiment.title} on ${data.name}${data.synthetic ? " (synthetic)" : ""}`;
  const what = `${n} clips${perSeed.length > 1 ? `, mean over ${perSeed.length} seeds` : ""}, ` +
    `${metadata.protocol} protocol; per cent of the row`;
  const notes = cautions(result);
  const spec = {
    ...base,
    ...titled(text, [...notes, what]),
    data: { values: cells },
    width: { step: 96 },
    height: { step: 64 },
    layer: layers(classes),
  };
  const lines = cells.map((c) => `true ${c.truth}, predicted ${c.predicted}: ${c.label}`);
  return {
    spec: spec as unknown as TopLevelSpec,
    alt: [`Confusion matrix. ${text}, ${what}.`, ...notes, ...lines].join("\n"),
  };
}

function layers(classes: readonly string[]): unknown[] {
  const axis = (field: string, more: Readonly<Record<string, unknown>>) => ({
    field,
    type: "nominal",
    sort: [...classes],
    axis: { ticks: false, domain: false, labelPadding: 6, ...more },
  });
  const encoding = {
    x: axis("predicted", { orient: "top", labelAngle: 0, title: "predicted" }),
    y: axis("truth", { title: "true" }),
  };
  // White on dark cells, black on light ones: readable at any shade.
  const ink = { condition: { test: "datum.share > 0.55", value: "white" }, value: "black" };
  return [
    {
      mark: { type: "rect", stroke: "white", strokeWidth: 2 },
      encoding: {
        ...encoding,
        color: {
          field: "share",
          type: "quantitative",
          scale: { domain: [0, 1], range: ["#f3f6fa", "#08306b"] },
          legend: null,
        },
      },
    },
    {
      mark: { type: "text", fontSize: 15, dy: -7 },
      encoding: { ...encoding, text: { field: "label" }, color: ink },
    },
    {
      mark: { type: "text", fontSize: 11, dy: 11 },
      encoding: { ...encoding, text: { field: "percent" }, color: ink },
    },
  ];
}
