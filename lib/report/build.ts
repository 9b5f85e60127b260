/**
 * The report of a folder of results: every table and chart, what was published beside it, the arithmetic
 * of the paper's table, every departure, and how each result was made.
 *
 * @module
 */
import { basename, join } from "@std/path";
import { knownSets } from "experiments/known_sets.ts";
import { published } from "experiments/published.ts";
import { averages } from "lib/audit/averages.ts";
import { chanceOfMatch } from "lib/audit/granularity.ts";
import { type AuditedCell, auditTable } from "lib/audit/table.ts";
import { toSvg } from "lib/charts/mod.ts";
import { UserError } from "lib/core/errors.ts";
import { mapSets } from "lib/experiment/data.ts";
import { readTable, tableCharts, type TableResults } from "lib/notebook/summary.ts";
import { compareText } from "lib/results/check.ts";
import { compareResults } from "lib/results/compare.ts";
import { plural, probability, range, score, shortDigest, signed } from "lib/results/format.ts";
import { findPublished, type PublishedNumber } from "lib/results/published.ts";
import type { SummaryRow } from "lib/results/summary.ts";
import type { Result } from "lib/results/types.ts";
import { gatherDeviations } from "./deviations.ts";
import type { Cell, Part, Report, Section } from "./part.ts";

const paperSource = "jin2024";

/** Which of the paper's data sets a set of clips is, or is shaped like. */
const paperSets: Readonly<Record<string, string>> = {
  "smic-hs": "smic-hs",
  "samm": "samm",
  "casme2": "casme2",
  "synthetic-smic": "smic-hs",
  "synthetic-samm": "samm",
  "synthetic-casme2": "casme2",
};

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
    provenanceSection(tables),
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
      ...unreadable.map((text): Part => ({ kind: "caution", text })),
    ],
    sections,
  };
}

interface Table extends TableResults {
  readonly data: string;
  readonly synthetic: boolean;
}

/** Table 1 of every data set that has results. */
async function readTables(
  results: string,
): Promise<{ tables: Table[]; unreadable: string[] }> {
  const names = (await Array.fromAsync(Deno.readDir(results)))
    .filter(({ isDirectory }) => isDirectory).map(({ name }) => name).sort();
  const tables: Table[] = [];
  const unreadable: string[] = [];
  for (const data of names) {
    try {
      const table = await readTable({ table: "table1", data, results });
      const synthetic = table.rows.some((row) => row.synthetic);
      tables.push({ ...table, data, synthetic });
      unreadable.push(...table.unreadable);
    } catch (error) {
      // Folders without such a table, as of figures and benches.
      if (!(error instanceof UserError)) throw error;
    }
  }
  // The paper's order.
  const place = ({ data }: Table) => Object.keys(paperSets).indexOf(data);
  tables.sort((a, b) => place(a) - place(b) || compareText(a.data, b.data));
  return { tables, unreadable };
}

function cite({ value, selectsOnTestFold, verified }: PublishedNumber): string {
  return score(value) + (selectsOnTestFold ? "†" : "") + (verified ? "" : "?");
}

const titleOf = (row: SummaryRow): string => row.title + (row.start ? "‡" : "");

const protocolOf = (row: SummaryRow): string =>
  [row.protocol, row.split, ...(row.optimistic ? ["optimistic"] : [])].filter(Boolean).join(", ");

/** Our UF1 with what must stand beside it, and then further lines. */
function ours(row: SummaryRow, further: readonly string[] = []): Cell {
  const { composite, intervals, chance } = row.scores;
  const p = probability(chance.uf1);
  return {
    strong: score(composite.uf1),
    lines: [
      range(intervals.uf1),
      row.optimistic ? "optimistic" : `p ${p.startsWith("<") ? p : `= ${p}`}`,
      ...further,
    ],
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
      ...cautionsOf(rows),
      { kind: "table", caption: `UF1 of each method on ${data}`, head, rows: lines },
      ...startsOf(rows),
      ...await chartsOf(table),
    ],
  };
}

/** Whether published numbers lie in our interval. */
function verdict({ scores }: SummaryRow, numbers: readonly PublishedNumber[]): Cell {
  const { low, high } = scores.intervals.uf1;
  if (numbers.length === 0) return "–";
  return numbers.map(({ value, source }) => {
    const where = value < low ? "no, below it" : value > high ? "no, above it" : "yes";
    return numbers.length === 1 ? where : `${where} (${source.id})`;
  });
}

function cautionsOf(rows: readonly SummaryRow[]): Part[] {
  // What is said of one row only stands beside that row.
  const shared = [...new Set(rows.flatMap(({ cautions }) => cautions))]
    .filter((text) => rows.every(({ cautions }) => cautions.includes(text)));
  const own = rows.flatMap((row) =>
    row.cautions.filter((text) => !shared.includes(text)).map((text) => `${row.title}: ${text}`)
  );
  return [...shared, ...new Set(own)].map((text) => ({ kind: "caution", text }));
}

function startsOf(rows: readonly SummaryRow[]): Part[] {
  const items = [
    ...new Set(rows.flatMap(({ title, start }) => start ? [`‡ ${title}: ${start}`] : [])),
  ];
  return items.length === 0 ? [] : [{ kind: "list", items }];
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
      ...cautionsOf(all),
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

/** What published protocols are worth, on the same clips: each result under `paper` against its strict one. */
function inflationSections(tables: readonly Table[]): Section[] {
  const lines = tables.flatMap(({ data, results, synthetic }) =>
    results.filter(({ metadata }) => metadata.protocol === "paper").flatMap((theirs): Cell[][] => {
      const { id, title } = theirs.metadata.experiment;
      const strict = results.find(({ metadata }) =>
        metadata.protocol === "strict" && metadata.experiment.id === id
      );
      if (strict === undefined) return [];
      const { scores } = compareResults(strict, theirs);
      const uf1 = scores.find((one) => one.score === "uf1")!;
      return [[
        title,
        data + (synthetic ? " (synthetic)" : ""),
        differentParameters(strict, theirs),
        score(uf1.before),
        score(uf1.after) + (theirs.metadata.optimistic ? " (optimistic)" : ""),
        { strong: signed(uf1.change), lines: [uf1.interval === null ? "–" : range(uf1.interval)] },
      ]];
    })
  );
  if (lines.length === 0) return [];
  return [{
    id: "inflation",
    title: "What a published protocol adds, measured",
    parts: [
      {
        kind: "text",
        text:
          "The same method on the same clips with the same seeds, once under strict and once as its " +
          "publication or the paper has it. The interval of the difference resamples subjects.",
      },
      {
        kind: "table",
        caption: "UF1 under strict and under published protocols",
        head: ["method", "data set", "what is different", "strict", "published protocol", "adds"],
        rows: lines,
      },
    ],
  }];
}

function differentParameters(strict: Result, theirs: Result): string[] {
  const [a, b] = [strict.metadata.parameters, theirs.metadata.parameters];
  return Object.keys(b).filter((name) => name !== "protocol" && a[name] !== b[name])
    .map((name) => `${name}: ${b[name]}`);
}

/** The arithmetic of the paper's Table 1. */
function auditSection(): Section {
  const cells = auditTable(published, paperSource, knownSets);
  const stated = cells.filter(({ sets }) => isPossible(sets[0]!));
  const expected = cells.reduce(
    (sum, { printed, sets }) => sum + chanceOfMatch(printed.digits, sets[0]!.clips),
    0,
  );
  const below = cells.filter(({ printed, majority }) => printed.percent < majority);
  const lines = cells.map((cell): Cell[] => {
    const [own, ...others] = cell.sets;
    return [
      cell.method,
      cell.data,
      `${cell.printed.percent.toFixed(cell.printed.digits)} %`,
      `${own!.clips}: ${hitsText(own!)}`,
      others.filter(({ hits }) => hits.length > 0)
        .map((set) => `${set.clips} (${set.name}): ${hitsText(set)}`),
      `${cell.majority.toFixed(1)} %${
        cell.printed.percent < cell.majority ? ", above what is printed" : ""
      }`,
    ];
  });
  return {
    id: "audit",
    title: "Arithmetic of the paper's Table 1",
    parts: [
      {
        kind: "text",
        text:
          "With one clip left out at a time (equation 4.5), an accuracy is a whole number of right " +
          `answers divided by the number of clips. Of ${cells.length} printed accuracies ` +
          `${stated.length} can be such a share of the stated clips at the printed precision; of ` +
          `numbers drawn at random ${
            expected.toFixed(1)
          } would be. That says that the printed numbers ` +
          "were made in another way than counts over the stated clips, such as means over unequal " +
          "folds or over repetitions, or of other clips; not in which.",
      },
      {
        kind: "text",
        text: `${below.length} of them lie below the share of the largest class under the stated ` +
          `choice of classes: ${
            below.map(({ method, data }) => `${method} on ${data}`).join(", ")
          }.`,
      },
      {
        kind: "table",
        caption: "Right answers that would be printed so, by number of clips",
        head: [
          "method",
          "data set",
          "printed",
          "of the stated clips",
          "of other known choices",
          "largest class",
        ],
        rows: lines,
      },
    ],
  };
}

function isPossible({ hits }: AuditedCell["sets"][number]): boolean {
  return hits.some(({ by }) => by === "rounding");
}

function hitsText({ hits }: AuditedCell["sets"][number]): string {
  if (hits.length === 0) return "none";
  return hits.map(({ hits, by }) => by === "rounding" ? `${hits}` : `${hits} if cut off`).join(
    ", ",
  );
}

/** The same predictions under several scores called F1. */
function averagesSection(tables: readonly Table[]): Section {
  const strict = ({ metadata }: Result) => metadata.protocol === "strict";
  const parts = tables.filter(({ results }) => results.some(strict)).map((table): Part => {
    const lines = table.results.filter(strict).map((result) => ({
      title: result.metadata.experiment.title,
      values: averages(result),
    }));
    const [first] = lines;
    return {
      kind: "table",
      caption: `${table.data}${table.synthetic ? " (synthetic)" : ""}, first seed`,
      head: ["method", ...first!.values.map(({ name }) => name)],
      rows: lines.map(({ title, values }) => [title, ...values.map(({ value }) => score(value))]),
    };
  });
  const [sample] = tables.flatMap(({ results }) => results);
  const meanings = averages(sample!).map(({ name, what }) => `${name}: ${what}`);
  return {
    id: "averages",
    title: "One set of predictions, several numbers called F1",
    parts: [{ kind: "list", items: meanings }, ...parts],
  };
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

/** How each result was made. */
function provenanceSection(tables: readonly Table[]): Section {
  const lines = tables.flatMap(({ data, results }) =>
    results.map(({ metadata }): Cell[] => {
      const { experiment, parameters, protocol, code, environment } = metadata;
      return [
        `${experiment.id}${protocol === "strict" ? "" : `.${protocol}`}`,
        data,
        `${parameters.profile}, ${plural(Number(parameters.seeds), "seed")}`,
        shortDigest(metadata.data.digest),
        shortDigest(code.digest),
        Object.entries(environment).map(([name, value]) => `${name} ${value}`),
      ];
    })
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
        head: ["result", "data set", "profile", "data", "code", "environment"],
        rows: lines,
      },
    ],
  };
}
