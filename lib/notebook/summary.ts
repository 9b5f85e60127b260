/**
 * Summing up the results of a table: read the files, set ours beside what was published, draw charts.
 *
 * @module
 */
import { dirname, join, relative } from "@std/path";
import { published } from "experiments/published.ts";
import {
  ablationBars,
  type Chart,
  confusionChart,
  databaseBars,
  learningCurves,
  recallChart,
  type RecallTable,
  tableBars,
  toSvg,
} from "lib/charts/mod.ts";
import { DataError, UserError } from "lib/core/errors.ts";
import { refuseDetour, writeAtomic } from "lib/core/files.ts";
import { root } from "lib/experiment/find.ts";
import { ablations } from "lib/results/ablation.ts";
import { ablationMarkdown } from "lib/results/ablation_text.ts";
import { listResults, readResult } from "lib/results/arrow.ts";
import { type LearningCurve, readCurves } from "lib/results/curves.ts";
import { markdownTable } from "lib/results/format.ts";
import { summaryHtml, summaryMarkdown, type SummaryRow, summaryRows } from "lib/results/summary.ts";
import type { Result } from "lib/results/types.ts";
import { runOptions } from "lib/run/options.ts";
import { showChart } from "./chart.ts";
import { costHead, costLines, costNote } from "./costs.ts";
import { showNumberTable } from "./network_table.ts";
import { showHtml, showMarkdown } from "./show.ts";

/** The results of a table on a data set, and the folder they lie in. */
export interface TableResults {
  readonly folder: string;
  readonly results: readonly Result[];
  readonly rows: readonly SummaryRow[];
  /** Losses by epoch of one fold of some rows. */
  readonly curves: readonly LearningCurve[];
  /** Files that could not be read, with the reason; the others are summed up without them. */
  readonly unreadable: readonly string[];
}

/** Which table on which data set is read. */
export interface TableQuery {
  readonly table: string;
  readonly data: string;
  /** The folder of results; default the run's. */
  readonly results?: string;
}

/**
 * Reads the result files of a table on a data set.
 *
 * @throws DataError when there is none, naming the command that makes them
 */
export async function readResults(
  { table, data, results = runOptions().results }: TableQuery,
): Promise<Pick<TableResults, "folder" | "results" | "unreadable">> {
  const folder = join(results, data, table);
  const read: Result[] = [];
  const unreadable: string[] = [];
  for (const file of await listResults(folder)) {
    try {
      read.push(await readResult(file));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      unreadable.push(error.message);
    }
  }
  if (read.length === 0) {
    throw new DataError("There is no readable result here", {
      file: folder,
      fix: `Run: deno task reproduce ${table} --data ${data}`,
    });
  }
  return { folder, results: read, unreadable };
}

/**
 * Reads the result files of a table on a data set, with their scores and learning curves.
 *
 * @throws DataError when there is none, naming the command that makes them
 */
export async function readTable(query: TableQuery): Promise<TableResults> {
  const { folder, results, unreadable } = await readResults(query);
  const { curves, stale } = await readCurves(folder, results);
  const old = stale.map((title) =>
    `${title}: its learning curve is of another run; make it again by deno task reproduce curves`
  );
  const rows = summaryRows(results, published);
  return { folder, results, rows, curves, unreadable: [...unreadable, ...old] };
}

/** Shows the table: ours with intervals, what was published, and every caution. */
export async function showSummary({ rows, unreadable }: TableResults): Promise<void> {
  if (unreadable.length > 0) await showMarkdown(unreadable.map((line) => `- ${line}`).join("\n"));
  await showHtml(summaryHtml(rows), summaryMarkdown(rows));
}

/**
 * The charts of a table by file name: UF1 of each row, of each database, recalls, learning curves, and the
 * confusions.
 */
export function tableCharts({ rows, results, curves }: TableResults): Map<string, Chart> {
  const steps = ablations(results, published);
  const name = ({ metadata }: Result) =>
    metadata.experiment.id + (metadata.protocol === "strict" ? "" : `-${metadata.protocol}`);
  return new Map([
    ...(steps.length > 0 ? [["ablation", ablationBars(steps)] as const] : []),
    ["uf1", tableBars(rows)],
    ["databases", databaseBars(results)],
    ["recall", recallChart(recallRows(rows, results))],
    ...(curves.length > 0 ? [["curves", learningCurves(curves)] as const] : []),
    ...results.map((result) => [`confusion-${name(result)}`, confusionChart(result)] as const),
  ]);
}

/** The classes of each row, whose order its recalls have. */
function recallRows(rows: readonly SummaryRow[], results: readonly Result[]): RecallTable {
  const classes = rows.map(({ row, protocol }) =>
    results.find(({ metadata }) =>
      metadata.experiment.id === row && metadata.protocol === protocol
    )!.metadata.classes
  );
  return { rows, classes };
}

/** Shows what the networks of a table take. */
export async function showCosts({ rows, results }: TableResults): Promise<void> {
  const lines = await costLines(rows, results);
  await showNumberTable({ columns: costHead, rows: lines, notes: [costNote] });
}

/** Shows the charts of a table. */
export async function showCharts(table: TableResults): Promise<void> {
  for (const chart of tableCharts(table).values()) await showChart(chart);
}

/**
 * Writes the summary as `summary.md` beside the results, with its charts as SVG in `charts`.
 *
 * @returns the file's path from the repository's root
 */
export async function saveSummary(table: TableResults): Promise<string> {
  const pictures: string[] = [];
  // The results' own folder is two above: results, data set, table.
  await refuseDetour(dirname(dirname(table.folder)), join(table.folder, "charts", "x.svg"));
  for (const [name, chart] of tableCharts(table)) {
    await writeAtomic(join(table.folder, "charts", `${name}.svg`), await toSvg(chart));
    const alt = chart.alt.split("\n")[0]!.replaceAll(/[[\]]/g, "");
    pictures.push(`![${alt}](charts/${name}.svg)`);
  }
  const file = join(table.folder, "summary.md");
  const steps = ablations(table.results, published);
  const costs = await costLines(table.rows, table.results);
  const parts = [
    "# Summary",
    summaryMarkdown(table.rows),
    ...(costs.length > 0
      ? ["## Parameters and FLOPs", markdownTable(costHead, costs), costNote]
      : []),
    ...(steps.length > 0 ? [ablationMarkdown(steps)] : []),
    ...pictures,
  ];
  const text = `${parts.map((part) => part.trim()).join("\n\n")}\n`;
  await writeAtomic(file, text);
  return relative(root, file);
}
