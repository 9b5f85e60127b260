/**
 * The recall of each class in each row of a table.
 *
 * @module
 */
import type { TopLevelSpec } from "vega-lite";
import { score } from "lib/results/format.ts";
import { cautionsOf, methodName, type SummaryRow } from "lib/results/summary.ts";
import { base, type Chart, titled } from "./chart.ts";

/** The rows of one data set with the names of their classes. */
export interface RecallTable {
  readonly rows: readonly SummaryRow[];
  /** The classes of each row, in the order of its recalls. */
  readonly classes: readonly (readonly string[])[];
}

/**
 * A cell a row and class: the recall as a number and as the cell's shade.
 *
 * @throws RangeError when there are no rows
 */
export function recallChart({ rows, classes }: RecallTable): Chart {
  const [first] = rows;
  if (first === undefined) throw new RangeError("There are no results to draw");
  const text = `Recall of each class on ${first.data}${first.synthetic ? " (synthetic)" : ""}`;
  const cells = rows.flatMap((row, i) =>
    (classes[i] ?? []).map((name, k) => {
      const recall = row.scores.composite.recall[k]!;
      // No clip of a class has no recall.
      const share = Number.isFinite(recall) ? recall : 0;
      return { method: methodName(row), class: name, share, label: score(recall) };
    })
  );
  const cautions = cautionsOf(rows);
  const names = [...new Set(classes.flat())];
  const axis = { ticks: false, domain: false, labelPadding: 6 };
  const encoding = {
    x: {
      ...{ field: "class", type: "nominal", sort: names, title: null },
      axis: { ...axis, orient: "top", labelAngle: 0 },
    },
    y: { field: "method", type: "nominal", sort: rows.map(methodName), title: null, axis },
  };
  const spec = {
    ...base,
    ...titled(text, [...cautions, "share of the clips of a class that are recognised"]),
    data: { values: cells },
    width: { step: 92 },
    height: { step: 24 },
    layer: [
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
        mark: { type: "text", fontSize: 12 },
        encoding: {
          ...encoding,
          text: { field: "label" },
          color: { condition: { test: "datum.share > 0.55", value: "white" }, value: "black" },
        },
      },
    ],
  };
  const said = rows.map((row, i) =>
    `${methodName(row)}: ${
      (classes[i] ?? []).map((name, k) => `${name} ${score(row.scores.composite.recall[k]!)}`)
        .join(", ")
    }`
  );
  return {
    spec: spec as unknown as TopLevelSpec,
    alt: [`${text}.`, ...cautions, ...said].join("\n"),
  };
}
