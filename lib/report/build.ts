/**
 * The report of a folder of results: every table and chart, what was published beside it, the arithmetic
 * of the paper's table, every departure, and how each result was made.
 *
 * @module
 */
import { basename, join } from "@std/path";
import { published } from "experiments/published.ts";
import { toSvg } from "lib/charts/mod.ts";
import { UserError } from "lib/core/errors.ts";
import { mapSets } from "lib/experiment/data.ts";
import { tableCharts } from "lib/notebook/summary.ts";
import { plural, score, shortDigest } from "lib/results/format.ts";
import { findPublished } from "lib/results/published.ts";
import { cautionsOf } from "lib/results/summary.ts";
import { auditSection, averagesSection, inflationSections } from "./audit.ts";
import { gatherDeviations } from "./deviations.ts";
import type { Cell, Part, Report, Section } from "./part.ts";
import { cite, ours, protocolOf, startsOf, titleOf, verdict } from "./rows.ts";
import { learnedNumbers } from "lib/run/size.ts";
import { paperSets, readTables, type Table } from "./tables.ts";

const paperSource = "jin2024";

/**
 * Builds the report.
 *
 * @param results the folder of result files, `<data set>/<table>/<row>.arrow`
 * @throws UserError when there is no readable result in it
 */
export async function buildReport(results: string): Promise<Report> {
  const { tables, unreadable } = await readTables(results);
  if (tables.length === 0) {
    throw new UserError("There are no results to report", {
      file: results,
      fix: "Run: deno task reproduce table1",
    });
  }
  const maps = tables.filter(({ data }) => mapSets.includes(data));
  const clips = tables.filter(({ data }) => !mapSets.includes(data));
  const groups = [
    { title: "Real clips in the paper's layout", tables: clips.filter((one) => !one.synthetic) },
    {
      title: "Drawn clips in the paper's layout (synthetic)",
      tables: clips.filter((one) => one.synthetic),
    },
  ].filter(({ tables }) => tables.length > 0);
  const sections = [
    ...await Promise.all(maps.map(mapSection)),
    ...await Promise.all(groups.map(({ title, tables }) => paperSection(title, tables))),
    ...await figureSections(results),
    ...inflationSections(tables),
    auditSection(),
    averagesSection(tables),
    await deviationSection(),
    await provenanceSection(tables),
  ];
  return {
    title: "fleeting: what came out",
    lead: [
      {
        kind: "text",
        text: "Micro-expression recognition, run again. Ours: counts pooled over folds, a 95 % " +
          "interval by resampling subjects, and p, how probable so high a UF1 is if a subject's " +
          "predictions were dealt to the subject's clips at random. Published numbers are never mixed " +
          "with ours. † a step of the published procedure looks at the held-out labels; ? not read in " +
          "the source itself; ‡ began with drawn weights, its originators with others.",
      },
      ...unreadable.map(caution),
    ],
    sections,
  };
}

/** A composite set of flow maps: ours beside what others published for the same clips. */
async function mapSection(table: Table): Promise<Section> {
  const { data, rows } = table;
  const lines = rows.map((row): Cell[] => {
    const same = row.protocol !== "strict" || row.synthetic ? [] : row.published;
    const free = same.filter((one) => one.selectsOnTestFold !== true);
    const chosen = same.filter((one) => one.selectsOnTestFold === true);
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
    title: `${data}${table.synthetic ? " (synthetic)" : ""}`,
    parts: [
      ...cautionsOf(rows).map(caution),
      { kind: "table", caption: `UF1 of each method on ${data}`, head, rows: lines },
      ...startsOf(rows),
      ...await chartsOf(table),
    ],
  };
}

function caution(text: string): Part {
  return { kind: "caution", text };
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
    { kind: "details", title: `Recall by class, ${table.data}`, parts: [recallTable(table)] },
    {
      kind: "details",
      title: `Confusion matrices, ${table.data}`,
      parts: parts.filter(isConfusion).map(({ part }) => part),
    },
  ];
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
      `${row.title}${row.protocol === "strict" ? "" : ` (${row.protocol})`}`,
      ...classes.map((name) => names.includes(name) ? score(recall[names.indexOf(name)]!) : "–"),
    ];
  });
  return { kind: "table", caption: `Recall on ${data}`, head: ["method", ...classes], rows: lines };
}

/** The layout of the paper's Table 1: a line a method, a column a data set. */
async function paperSection(title: string, tables: readonly Table[]): Promise<Section> {
  const all = tables.flatMap(({ rows }) => rows);
  const order = [...new Set(all.map(({ row }) => row))];
  const lines = order.map((id): Cell[] => [
    titleOf(all.find(({ row }) => row === id)!),
    ...tables.map(({ data, rows }): Cell => {
      const [strict, ...others] = rows.filter(({ row }) => row === id);
      if (strict === undefined) return publishedLines(id, paperSets[data] ?? data);
      return ours(strict, [
        ...others.map((row) => `${protocolOf(row)}: ${score(row.scores.composite.uf1)}`),
        ...publishedLines(id, paperSets[data] ?? data),
      ]);
    }),
  ]);
  const charts = await Promise.all(tables.map(chartsOf));
  const protocols = [...new Set(all.map(protocolOf))].join("; ");
  return {
    id: tables.some(({ synthetic }) => synthetic) ? "drawn-clips" : "real-clips",
    title,
    parts: [
      ...cautionsOf(all).map(caution),
      {
        kind: "text",
        text:
          "Per cell: our UF1, its interval and p; then what the paper prints for its own clips, " +
          "classes and protocol (one clip left out), and what others print for the method, each under " +
          "a protocol of its own: digits to read beside ours, not to subtract.",
      },
      {
        kind: "table",
        caption: `Table 1, protocol: ${protocols}`,
        head: ["method", ...tables.map(({ data }) => data)],
        rows: lines,
      },
      ...startsOf(all),
      ...charts.flatMap((parts, i): Part[] => [
        { kind: "details", title: `Charts, ${tables[i]!.data}`, parts },
      ]),
    ],
  };
}

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
    return `${source.id === paperSource ? "paper" : source.id}: ${values.join(", ")}`;
  });
}

/** Figures over several data sets, such as those of the ablation. */
async function figureSections(results: string): Promise<Section[]> {
  const folder = join(results, "synthetic");
  const files = await Array.fromAsync(Deno.readDir(folder)).catch(() => []);
  const names = files.map(({ name }) => name).filter((name) => name.endsWith(".svg")).sort();
  if (names.length === 0) return [];
  const parts = await Promise.all(names.map(async (name): Promise<Part> => {
    const text = await Deno.readTextFile(join(folder, `${basename(name, ".svg")}.md`)).catch(() =>
      ""
    );
    const alt = text.split("\n").filter((line) => line.startsWith("- "))
      .map((line) => line.slice(2)).join("\n");
    const svg = await Deno.readTextFile(join(folder, name));
    return { kind: "figure", figure: { svg, alt: alt || name, file: `synthetic/${name}` } };
  }));
  return [{
    id: "figures",
    title: "The paper's figures 10 and 11 on the drawn clips (synthetic)",
    parts: [
      { kind: "caution", text: "synthetic data: this says nothing about faces" },
      ...parts,
    ],
  }];
}

async function deviationSection(): Promise<Section> {
  const found = await gatherDeviations();
  return {
    id: "departures",
    title: "Departures from what is reproduced",
    parts: [
      {
        kind: "text",
        text:
          `${plural(found.length, "place")} in the code where it does something else than the ` +
          "publication that it follows, with the reason.",
      },
      {
        kind: "table",
        caption: "Departures by file and line",
        head: ["where", "what and why"],
        rows: found.map(({ file, line, text }) => [`${file}:${line}`, text]),
      },
    ],
  };
}

/** A result may be of a row that is gone. */
function noMore(error: unknown): undefined {
  if (!(error instanceof UserError)) throw error;
}

/** How each result was made. */
async function provenanceSection(tables: readonly Table[]): Promise<Section> {
  const all = tables.flatMap(({ data, results }) => results.map((result) => ({ data, result })));
  const lines = await Promise.all(
    all.map(async ({ data, result: { metadata } }): Promise<Cell[]> => {
      const { experiment, parameters, protocol, code, environment } = metadata;
      return [
        `${experiment.id}${protocol === "strict" ? "" : `.${protocol}`}`,
        data,
        `${parameters.profile}, ${plural(Number(parameters.seeds), "seed")}`,
        shortDigest(metadata.data.digest),
        shortDigest(code.digest),
        (await learnedNumbers(metadata).catch(noMore))?.toLocaleString("en") ?? "–",
        Object.entries(environment).map(([name, value]) => `${name} ${value}`),
      ];
    }),
  );
  return {
    id: "provenance",
    title: "How each result was made",
    parts: [
      {
        kind: "text",
        text:
          "deno task reproduce --from results/<data set>/table1/<result>.arrow makes one again by " +
          "what the file says, and compares; deno task verify does so with folds drawn at random.",
      },
      {
        kind: "table",
        caption: "Digests of data and code, and what else numbers depend on",
        head: [
          "result",
          "data set",
          "profile",
          "data",
          "code",
          "learned numbers",
          "environment",
        ],
        rows: lines,
      },
    ],
  };
}
