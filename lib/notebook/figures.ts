/**
 * The paper's figures 10 and 11 from results on several data sets.
 *
 * @module
 */
import { dirname, join, relative } from "@std/path";
import { published } from "experiments/published.ts";
import { ablationBars, type Chart, confusionPanels, toSvg } from "lib/charts/mod.ts";
import { DataError } from "lib/core/errors.ts";
import { refuseDetour, writeAtomic } from "lib/core/files.ts";
import { dataGroups } from "lib/experiment/data.ts";
import { root } from "lib/experiment/find.ts";
import { ablations } from "lib/results/ablation.ts";
import { ablationMarkdown, ablationText } from "lib/results/ablation_text.ts";
import type { ScoreName } from "lib/results/scores.ts";
import type { Result } from "lib/results/types.ts";
import { runOptions } from "lib/run/options.ts";
import { showChart } from "./chart.ts";
import { showNumberTable } from "./network_table.ts";
import { showMarkdown } from "./show.ts";
import { readResults } from "./summary.ts";

/** Results of a table on several data sets. */
export interface SeveralSets {
  /** Where what is drawn of them is saved: `<results>/<data>`. */
  readonly folder: string;
  /** In the order of the data sets asked for. */
  readonly results: readonly Result[];
  /** Why some are not there; the others are shown without them. */
  readonly missing: readonly string[];
}

/** What to read. */
export interface SeveralSetsQuery {
  readonly table: string;
  /** A data set, or a group of them such as `synthetic`. */
  readonly data: string;
  /** The ids of the experiments wanted; default all. */
  readonly rows?: readonly string[];
  /** The folder of results; default the run's. */
  readonly results?: string;
}

/**
 * Reads the results of a table on several data sets.
 *
 * @throws DataError when there is none on any of them, naming the command that makes them
 */
export async function readSets(query: SeveralSetsQuery): Promise<SeveralSets> {
  const { table, data, rows, results: folder = runOptions().results } = query;
  const results: Result[] = [];
  const missing: string[] = [];
  let failure: DataError | undefined;
  for (const name of dataGroups[data] ?? [data]) {
    try {
      const read = await readResults({ table, data: name, results: folder });
      missing.push(...read.unreadable);
      results.push(
        ...read.results.filter(({ metadata }) => rows?.includes(metadata.experiment.id) ?? true),
      );
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
      failure ??= error;
      missing.push(error.message);
    }
  }
  if (results.length > 0) return { folder: join(folder, data), results, missing };
  throw failure ?? new DataError(`There are no results of ${rows?.join(", ") ?? table} here`, {
    fix: `Run: deno task reproduce ${table}${rows?.map((row) => ` ${row}`).join("") ?? ""}`,
  });
}

/**
 * Figure 11: the score of each step and what it adds, ours with intervals, beside it what the paper says,
 * as a chart and as a table. Saved as `figure11.md` and `figure11.svg`, of another score than accuracy
 * with its name.
 *
 * @param score the paper's figure shows the accuracy, the default
 */
export async function showAblation(
  { results, missing, folder }: SeveralSets,
  score: ScoreName = "accuracy",
): Promise<void> {
  await showMissing(missing);
  const all = ablations(results, published, score);
  const chart = ablationBars(all);
  await showChart(chart);
  const { head, rows, cautions, notes } = ablationText(all);
  await showNumberTable({ columns: head, rows, notes: [...cautions, ...notes], left: 3 });
  await saveFigure(folder, {
    name: score === "accuracy" ? "figure11" : `figure11-${score}`,
    title: "Ablation",
    chart,
    text: ablationMarkdown(all),
  });
}

/**
 * Figure 10: the confusion matrices of the results side by side. Saved as `figure10.md` and
 * `figure10.svg`.
 */
export async function showConfusions({ results, missing, folder }: SeveralSets): Promise<void> {
  await showMissing(missing);
  const chart = confusionPanels(results);
  await showChart(chart);
  await saveFigure(folder, { name: "figure10", title: "Confusion matrices", chart, text: "" });
}

/** A figure as it is saved. */
interface SavedFigure {
  readonly name: string;
  readonly title: string;
  readonly chart: Chart;
  /** Markdown below the picture; the chart in words is there already. */
  readonly text: string;
}

async function saveFigure(folder: string, figure: SavedFigure): Promise<void> {
  const { name, title, chart, text } = figure;
  await refuseDetour(dirname(folder), join(folder, `${name}.svg`));
  await writeAtomic(join(folder, `${name}.svg`), await toSvg(chart));
  const words = chart.alt.split("\n").map((line) => `- ${line}`).join("\n");
  const parts = [`# ${title}`, `![${title}](${name}.svg)`, words, ...(text === "" ? [] : [text])];
  const file = join(folder, `${name}.md`);
  await writeAtomic(file, `${parts.join("\n\n").trimEnd()}\n`);
  await showMarkdown(`Saved as ${relative(root, file)}`);
}

async function showMissing(missing: readonly string[]): Promise<void> {
  if (missing.length > 0) await showMarkdown(missing.map((line) => `- ${line}`).join("\n"));
}
