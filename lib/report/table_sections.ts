/**
 * The chapters of a report that show Table 1: ours beside what was published, with charts.
 *
 * @module
 */
import { published } from "experiments/published.ts";
import { toSvg } from "lib/charts/mod.ts";
import { mapSets } from "lib/experiment/data.ts";
import { costHead, costLines, costNote } from "lib/notebook/costs.ts";
import { tableCharts } from "lib/notebook/summary.ts";
import { plural, score } from "lib/results/format.ts";
import { findPublished } from "lib/results/published.ts";
import { cautionsOf, methodName } from "lib/results/summary.ts";
import type { Cell, Part, Section } from "./part.ts";
import {
  caution,
  cite,
  comparable,
  ours,
  paperSource,
  protocolOf,
  startsOf,
  titleOf,
  verdict,
} from "./rows.ts";
import { paperSets, type Table } from "./tables.ts";

/** Table 1 on every data set that has results: flow maps each for itself, clips in the paper's layout. */
export async function tableSections(tables: readonly Table[]): Promise<Section[]> {
  const maps = tables.filter(({ data }) => mapSets.includes(data));
  const clips = tables.filter(({ data }) => !mapSets.includes(data));
  const groups = [
    { title: "Real clips in the paper's layout", tables: clips.filter((one) => !one.synthetic) },
    {
      title: "Drawn clips in the paper's layout (synthetic)",
      tables: clips.filter((one) => one.synthetic),
    },
  ].filter(({ tables }) => tables.length > 0);
  return [
    ...await Promise.all(maps.map(mapSection)),
    ...await Promise.all(groups.map(({ title, tables }) => paperSection(title, tables))),
  ];
}

/** A composite set of flow maps: ours beside what others published for the same clips. */
async function mapSection(table: Table): Promise<Section> {
  const { data, rows } = table;
  const lines = rows.map((row): Cell[] => {
    const free = comparable(row);
    const chosen = row.published.filter((one) => one.selectsOnTestFold === true);
    return [
      titleOf(row),
      ours(row),
      free.length === 0 ? "–" : free.map((one) => `${cite(one)}, ${one.source.id}`),
      verdict(row, free),
      chosen.length === 0 ? "–" : chosen.map((one) => `${cite(one)}, ${one.source.id}`),
      score(row.scores.composite.uar),
      score(row.scores.composite.accuracy),
      [protocolOf(row), `${plural(row.clips, "clip")}, ${plural(row.subjects, "subject")}`]
        .concat(plural(row.seeds, "seed")),
    ];
  });
  const head = [
    "method",
    "UF1, ours",
    "UF1, published, no choice on held-out labels",
    "is it in our interval?",
    "UF1, published with such a choice",
    "UAR",
    "accuracy",
    "protocol",
  ];
  return {
    id: data,
    title: table.synthetic ? `Drawn flow maps: ${data} (synthetic)` : `Public real clips: ${data}`,
    parts: [
      ...cautionsOf(rows).map(caution),
      { kind: "table", caption: `UF1 of each method on ${data}`, head, rows: lines },
      ...startsOf(rows),
      ...await chartsOf(table),
    ],
  };
}

/** The charts of a table: bars as they are, confusions and recalls on demand. */
async function chartsOf(table: Table): Promise<Part[]> {
  const parts = await Promise.all([...tableCharts(table)].map(async ([name, chart]) => {
    const file = `${table.data}/table1/charts/${name}.svg`;
    const figure = { svg: await toSvg(chart), alt: chart.alt, file };
    return { name, part: { kind: "figure", figure } as Part };
  }));
  const isConfusion = ({ name }: { name: string }) => name.startsWith("confusion-");
  return [
    ...parts.filter((one) => !isConfusion(one)).map(({ part }) => part),
    {
      kind: "details",
      title: `Recall by class in numbers, ${table.data}`,
      parts: [recallTable(table)],
    },
    await costPart(table),
    {
      kind: "details",
      title: `Confusion matrices, ${table.data}`,
      parts: parts.filter(isConfusion).map(({ part }) => part),
    },
  ];
}

async function costPart({ data, rows, results }: Table): Promise<Part> {
  return {
    kind: "details",
    title: `Parameters and FLOPs, ${data}`,
    parts: [
      {
        kind: "table",
        caption: `What the networks take on ${data}`,
        head: costHead,
        rows: await costLines(rows, results),
      },
      { kind: "text", text: costNote },
    ],
  };
}

function recallTable({ data, results, rows }: Table): Part {
  const classes = [...new Set(results.flatMap(({ metadata }) => metadata.classes))];
  const lines = rows.map((row) => {
    const own = results.find(({ metadata }) =>
      metadata.experiment.id === row.row && metadata.protocol === row.protocol
    );
    const names = own?.metadata.classes ?? [];
    const { recall } = row.scores.composite;
    return [
      methodName(row),
      ...classes.map((name) => names.includes(name) ? score(recall[names.indexOf(name)]!) : "–"),
    ];
  });
  return { kind: "table", caption: `Recall on ${data}`, head: ["method", ...classes], rows: lines };
}

/** How readers know the paper's data sets. */
const setTitles: Readonly<Record<string, string>> = {
  "smic-hs": "SMIC-HS",
  samm: "SAMM",
  casme2: "CASME II",
};

/** What a column is about: drawn clips are named after what they are shaped like. */
function columnTitle({ data, synthetic }: Table): string {
  const title = setTitles[paperSets[data] ?? ""];
  if (title === undefined) return data;
  return synthetic ? `${data} (synthetic, shaped like ${title})` : title;
}

/**
 * The layout of the paper's Table 1: a line a method, a column a data set; in each cell ours, then what the
 * paper and others print.
 */
export function paperTable(tables: readonly Table[]): Part {
  const all = tables.flatMap(({ rows }) => rows);
  const order = [...new Set(all.map(({ row }) => row))];
  const lines = order.map((id): Cell[] => [
    titleOf(all.find(({ row }) => row === id)!),
    ...tables.map(({ data, rows }): Cell => {
      const own = rows.filter(({ row }) => row === id);
      const strict = own.find(({ protocol }) => protocol === "strict");
      const others = own.filter((row) => row !== strict);
      if (strict === undefined) return publishedLines(id, paperSets[data] ?? data);
      return ours(strict, [
        `accuracy ${score(strict.scores.composite.accuracy)}`,
        ...others.map((row) => `protocol ${protocolOf(row)}: ${score(row.scores.composite.uf1)}`),
        ...publishedLines(id, paperSets[data] ?? data),
      ]);
    }),
  ]);
  const protocols = [
    ...new Set(all.filter(({ protocol }) => protocol === "strict").map(protocolOf)),
  ];
  return {
    kind: "table",
    caption: `Table 1, UF1; our protocol: ${protocols.join("; ") || "none but others"}`,
    head: ["method", ...tables.map(columnTitle)],
    rows: lines,
  };
}

async function paperSection(title: string, tables: readonly Table[]): Promise<Section> {
  const all = tables.flatMap(({ rows }) => rows);
  const charts = await Promise.all(tables.map(chartsOf));
  return {
    id: tables.some(({ synthetic }) => synthetic) ? "drawn-clips" : "real-clips",
    title,
    parts: [
      ...cautionsOf(all).map(caution),
      { kind: "text", text: paperTableNote },
      paperTable(tables),
      ...startsOf(all),
      ...charts.flatMap((parts, i): Part[] => [
        { kind: "details", title: `Charts, ${tables[i]!.data}`, parts },
      ]),
    ],
  };
}

/** How to read a cell of {@linkcode paperTable}. */
export const paperTableNote =
  "Per cell: our UF1 with its interval over subjects, p and accuracy; other protocols of ours where they " +
  "were run; then what the paper prints for its own clips, classes and protocol (one clip left out), and " +
  "what others print for the method, its own publication among them, each under a protocol of its own: " +
  "digits to read beside ours, not to subtract.";

function publishedLines(row: string, data: string): string[] {
  const numbers = findPublished(published, { row, data, part: "all" });
  const bySource = Map.groupBy(numbers, ({ source }) => source.id);
  return [...bySource.values()].map((own) => {
    const { source } = own[0]!;
    const values = own.map((one) =>
      one.score === "accuracy"
        ? `${Number((100 * one.value).toFixed(2))} %${one.verified ? "" : "?"}`
        : `${one.score === "f1" ? "F1" : one.score.toUpperCase()} ${cite(one)}`
    );
    return `${source.id === paperSource ? "the paper" : source.id}: ${values.join(", ")}`;
  });
}
