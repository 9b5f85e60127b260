/**
 * Rows of a summary: our scores of each result, and what was published, side by side and never mixed.
 *
 * @module
 */
import { ablationSteps } from "./ablation.ts";
import { compareText } from "./check.ts";
import { markdownTable, probability, range, score } from "./format.ts";
import { findPublished, type Published, type PublishedNumber } from "./published.ts";
import { cautions, otherSplit, type Scores, scoresOf, startedFrom } from "./scores.ts";
import type { Result } from "./types.ts";

/** One result in a summary. */
export interface SummaryRow {
  readonly row: string;
  /** How readers know the method. */
  readonly title: string;
  readonly data: string;
  readonly synthetic: boolean;
  readonly optimistic: boolean;
  readonly protocol: "strict" | "paper";
  /** Such as "5 folds by subject", where not one subject (or clip) was left out at a time. */
  readonly split: string | undefined;
  readonly scores: Scores;
  readonly clips: number;
  readonly subjects: number;
  readonly seeds: number;
  /** What must be said beside its numbers. */
  readonly cautions: readonly string[];
  /** See {@linkcode startedFrom}. */
  readonly start: string | undefined;
  /**
   * UF1 that others published for this method on all clips of this data set; none for synthetic data
   * and for the paper's protocol.
   */
  readonly published: readonly PublishedNumber[];
  /** The same for UAR. */
  readonly publishedUar: readonly PublishedNumber[];
  /** The F1 column of the paper's Table 1: other clips and classes, so not comparable digit by digit. */
  readonly paper: readonly PublishedNumber[];
}

/** The source id of the paper's own table. */
const paperSource = "jin2024";

/**
 * The rows of a summary, in the paper's order, then the rows that the paper does not have, by name; the
 * strict protocol before the paper's.
 *
 * @throws UserError when a result cannot be scored
 */
export function summaryRows(results: readonly Result[], published: Published): SummaryRow[] {
  const order: string[] = [...new Set(published.rows.map(({ row }) => row)), ...ablationSteps];
  const place = (row: string) => (order.includes(row) ? order.indexOf(row) : order.length);
  return results.map((result) => toRow(result, published)).sort((a, b) =>
    compareText(a.data, b.data) || compareText(b.protocol, a.protocol) ||
    place(a.row) - place(b.row) || compareText(a.row, b.row)
  );
}

function toRow(result: Result, published: Published): SummaryRow {
  const { metadata, predictions } = result;
  const { experiment, data, protocol, optimistic, classes } = metadata;
  const row = experiment.id;
  const scores = scoresOf(predictions, classes);
  // Published scores are from leave-one-subject-out on real clips.
  const comparable = (score: "uf1" | "uar"): PublishedNumber[] =>
    data.synthetic || protocol !== "strict"
      ? []
      : findPublished(published, { row, data: data.name, part: "all", score });
  return {
    row,
    title: experiment.title,
    data: data.name,
    synthetic: data.synthetic,
    optimistic,
    protocol,
    split: otherSplit(result),
    scores,
    clips: scores.composite.n,
    subjects: new Set(predictions.map(({ subject }) => subject)).size,
    seeds: scores.composite.perSeed.length,
    cautions: cautions(result),
    start: startedFrom(result),
    published: comparable("uf1"),
    publishedUar: comparable("uar"),
    paper: findPublished(published, { row, score: "f1" })
      .filter(({ source }) => source.id === paperSource),
  };
}

const head = [
  "method",
  "data",
  "protocol",
  "UF1",
  "95 % interval",
  "p, chance",
  "published UF1, same clips",
  "UAR",
  "published UAR, same clips",
  "accuracy",
  "clips",
  "paper's Table 1, F1",
];

/** The summary as cells of text, with the notes and sources that its marks refer to. */
interface SummaryText {
  readonly rows: readonly (readonly string[])[];
  readonly cautions: readonly string[];
  readonly notes: readonly string[];
  readonly sources: readonly string[];
}

function summaryText(rows: readonly SummaryRow[]): SummaryText {
  const used = rows.flatMap(({ published, publishedUar, paper }) => [
    ...published,
    ...publishedUar,
    ...paper,
  ]);
  const sources = [...new Set(used.map(({ source }) => source))];
  const cite = (number: PublishedNumber) =>
    score(number.value) + (number.selectsOnTestFold ? "†" : "") + (number.verified ? "" : "?");
  const citeAll = (numbers: readonly PublishedNumber[]) =>
    numbers.map((one) => `${cite(one)} [${sources.indexOf(one.source) + 1}]`).join(", ") || "–";
  const cells = rows.map((row) => [
    row.title + (row.start ? "‡" : ""),
    row.data + (row.synthetic ? " (synthetic)" : ""),
    [row.protocol, row.split].filter(Boolean).join(", ") + (row.optimistic ? " (optimistic)" : ""),
    score(row.scores.composite.uf1),
    range(row.scores.intervals.uf1),
    row.optimistic ? "–" : probability(row.scores.chance.uf1),
    citeAll(row.published),
    score(row.scores.composite.uar),
    citeAll(row.publishedUar),
    score(row.scores.composite.accuracy),
    String(row.clips),
    row.paper.map((one) => `${one.data} ${cite(one)}`).join(", ") || "–",
  ]);
  const notes = [
    "Ours: counts pooled over folds, mean over seeds, interval by resampling subjects; p: how probable " +
    "so high a UF1 is if a subject's predictions were dealt to the subject's clips at random.",
    "The paper's Table 1 is on other clips and classes and leaves one clip out, not one subject; " +
    "its digits are not comparable with ours.",
    ...(used.some((one) => one.selectsOnTestFold)
      ? ["† a step of the published procedure looks at the held-out labels."]
      : []),
    ...(used.some((one) => !one.verified) ? ["? not read in the source itself."] : []),
    ...new Set(rows.flatMap(({ title, start }) => start ? [`‡ ${title}: ${start}.`] : [])),
  ];
  return {
    rows: cells,
    cautions: cautionsOf(rows),
    notes,
    sources: sources.map(({ citation, place }) => `${citation} (${place})`),
  };
}

/** Such as " (5 folds by subject, optimistic)"; nothing where there is nothing to mark. */
export function marksOf({ split, optimistic }: SummaryRow): string {
  const marks = [split, optimistic ? "optimistic" : undefined].filter(Boolean).join(", ");
  return marks ? ` (${marks})` : "";
}

/** A row's name with all that tells it from others of its method. */
export function methodName(row: SummaryRow): string {
  return `${row.title}${row.protocol === "strict" ? "" : `, ${row.protocol}`}${marksOf(row)}`;
}

/** What must be said of all rows, then what must be said of some, with their names. */
export function cautionsOf(rows: readonly SummaryRow[]): string[] {
  const shared = [...new Set(rows.flatMap(({ cautions }) => cautions))]
    .filter((text) => rows.every(({ cautions }) => cautions.includes(text)));
  const own = rows.flatMap(({ title, protocol, cautions }) =>
    cautions.filter((text) => !shared.includes(text))
      .map((text) => `${title}${protocol === "strict" ? "" : ` (${protocol})`}: ${text}`)
  );
  return [...shared, ...new Set(own)];
}

/** The summary as Markdown: cautions first, the table, then notes and sources. */
export function summaryMarkdown(rows: readonly SummaryRow[]): string {
  const { rows: cells, cautions, notes, sources } = summaryText(rows);
  const parts = [
    ...cautions.map((text) => `> **${text}**`),
    markdownTable(head, cells, { right: false }),
    notes.map((text) => `- ${text}`).join("\n"),
    ...(sources.length > 0 ? [sources.map((text, i) => `${i + 1}. ${text}`).join("\n")] : []),
  ];
  return `${parts.join("\n\n")}\n`;
}

/** The summary as HTML, for notebooks. */
export function summaryHtml(rows: readonly SummaryRow[]): string {
  const { rows: cells, cautions, notes, sources } = summaryText(rows);
  const line = (tag: string, texts: readonly string[]) =>
    `<tr>${
      texts.map((text) => `<${tag} style="text-align:left">${escape(text)}</${tag}>`).join("")
    }</tr>`;
  const list = (tag: string, texts: readonly string[]) =>
    texts.length === 0
      ? ""
      : `<${tag}>${texts.map((t) => `<li>${escape(t)}</li>`).join("")}</${tag}>`;
  return [
    ...cautions.map((text) => `<p><strong>${escape(text)}</strong></p>`),
    `<table><thead>${line("th", head)}</thead>`,
    `<tbody>${cells.map((texts) => line("td", texts)).join("\n")}</tbody></table>`,
    list("ul", notes),
    list("ol", sources),
  ].filter((part) => part !== "").join("\n");
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
