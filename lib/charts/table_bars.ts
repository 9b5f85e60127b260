/**
 * The summary of a table as bars.
 *
 * @module
 */
import type { TopLevelSpec } from "vega-lite";
import { score } from "lib/results/format.ts";
import { cautionsOf, marksOf, type SummaryRow } from "lib/results/summary.ts";
import { base, type Chart, fill, titled } from "./chart.ts";

const kinds = {
  published: "published",
  chosen: "published, chosen with held-out labels",
} as const;

/**
 * UF1 of each row as a bar with its 95 % interval over subjects; what others published for the same
 * clips as diamonds, hollow where their procedure looked at the held-out labels. Data sets and
 * protocols get panels of their own.
 *
 * @throws RangeError when there are no rows
 */
export function tableBars(rows: readonly SummaryRow[]): Chart {
  if (rows.length === 0) throw new RangeError("There are no results to draw");
  const names = [...new Set(rows.map(panelOf))];
  const panels = names.map((name) => panel(rows.filter((row) => panelOf(row) === name)));
  const withPublished = rows.some(({ published }) => published.length > 0);
  const cautions = cautionsOf(rows);
  const text = names.length === 1 ? `UF1 on ${names[0]}` : "UF1";
  const subtitle = [
    ...cautions,
    `bar: ours, line: 95 % interval over subjects${withPublished ? ", diamond: published" : ""}`,
  ];
  const spec = {
    ...base,
    ...titled(text, subtitle),
    ...(names.length === 1 ? panels[0] : {
      vconcat: panels.map((one, i) => ({
        title: { text: names[i], fontSize: 12, offset: 6 },
        ...one,
      })),
    }),
  };
  return { spec: spec as unknown as TopLevelSpec, alt: describe(rows, text, cautions) };
}

/** A row's name where the protocol is told already. */
function withinProtocol(row: SummaryRow): string {
  return row.title + marksOf(row);
}

function panelOf({ data, synthetic, protocol }: SummaryRow): string {
  return `${data}${synthetic ? " (synthetic)" : ""}, ${protocol} protocol`;
}

/** The bars of a panel, the highest first. */
function panel(unsorted: readonly SummaryRow[]): Record<string, unknown> {
  const rows = unsorted.toSorted((a, b) => b.scores.composite.uf1 - a.scores.composite.uf1);
  const bars = rows.map((row) => ({
    method: withinProtocol(row),
    value: row.scores.composite.uf1,
    low: row.scores.intervals.uf1.low,
    high: row.scores.intervals.uf1.high,
    label: score(row.scores.composite.uf1),
  }));
  const marks = rows.flatMap((row) =>
    row.published.map((one) => ({
      method: withinProtocol(row),
      published: one.value,
      kind: one.selectsOnTestFold ? kinds.chosen : kinds.published,
      source: `${one.method}: ${one.source.citation} (${one.source.place})`,
    }))
  );
  const y = { field: "method", type: "nominal", title: null, sort: rows.map(withinProtocol) };
  return {
    width: 420,
    height: { step: 30 },
    layer: [
      ...ownLayers(y).map((layer) => ({ data: { values: bars }, ...layer })),
      ...(marks.length > 0 ? [{ data: { values: marks }, ...publishedLayer(y) }] : []),
    ],
  };
}

function ownLayers(y: unknown): Record<string, unknown>[] {
  const scale = { domain: [0, 1] };
  return [
    {
      mark: { type: "bar", height: { band: 0.62 }, color: fill.ours, stroke: fill.dark },
      encoding: { y, x: { field: "value", type: "quantitative", scale, title: "UF1" } },
    },
    {
      mark: { type: "rule", color: fill.ink, strokeWidth: 2 },
      encoding: { y, x: { field: "low", type: "quantitative" }, x2: { field: "high" } },
    },
    {
      mark: { type: "text", align: "left", dx: 6, fontSize: 11, color: fill.ink },
      encoding: { y, x: { datum: 1, type: "quantitative" }, text: { field: "label" } },
    },
  ];
}

function publishedLayer(y: unknown): Record<string, unknown> {
  return {
    mark: {
      type: "point",
      shape: "diamond",
      size: 110,
      stroke: fill.ink,
      strokeWidth: 1.6,
      opacity: 1,
    },
    encoding: {
      y,
      x: { field: "published", type: "quantitative" },
      fill: {
        field: "kind",
        type: "nominal",
        title: null,
        scale: { domain: Object.values(kinds), range: [fill.ink, "white"] },
      },
      tooltip: [{ field: "source" }, { field: "published" }],
    },
  };
}

function describe(rows: readonly SummaryRow[], title: string, cautions: readonly string[]): string {
  const lines = rows.map((row) => {
    const { low, high } = row.scores.intervals.uf1;
    const published = row.published.map((one) => score(one.value)).join(", ");
    return `${withinProtocol(row)}, ${row.protocol} protocol: ${
      score(row.scores.composite.uf1)
    }, ` +
      `${score(low)} to ${score(high)}${published ? `; published: ${published}` : ""}`;
  });
  return [`${title}.`, ...new Set(cautions), ...lines].join("\n");
}
