/**
 * The paper's figures 10 and 11 from results on several data sets.
 *
 * @module
 */
import { published } from "experiments/published.ts";
import { ablationBars, confusionPanels } from "lib/charts/mod.ts";
import { DataError } from "lib/core/errors.ts";
import { ablations } from "lib/results/ablation.ts";
import { ablationText } from "lib/results/ablation_text.ts";
import type { ScoreName } from "lib/results/scores.ts";
import type { Result } from "lib/results/types.ts";
import { showChart } from "./chart.ts";
import { showNumberTable } from "./network_table.ts";
import { showMarkdown } from "./show.ts";
import { readTable } from "./summary.ts";

/** Results of a table on several data sets. */
export interface SeveralSets {
  /** In the order of the data sets asked for. */
  readonly results: readonly Result[];
  /** Why some are not there; the others are shown without them. */
  readonly missing: readonly string[];
}

/** What to read. */
export interface SeveralSetsQuery {
  readonly table: string;
  readonly data: readonly string[];
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
  const { table, data, rows, results: folder } = query;
  const results: Result[] = [];
  const missing: string[] = [];
  let failure: DataError | undefined;
  for (const name of data) {
    try {
      const place = { table, data: name, ...(folder === undefined ? {} : { results: folder }) };
      const read = await readTable(place);
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
  if (results.length > 0) return { results, missing };
  throw failure ?? new DataError(`There are no results of ${rows?.join(", ") ?? table} here`, {
    fix: `Run: deno task reproduce ${table}${rows?.map((row) => ` ${row}`).join("") ?? ""}`,
  });
}

/**
 * Figure 11: the score of each step and what it adds, ours with intervals, beside it what the paper says,
 * as a chart and as a table.
 *
 * @param score the paper's figure shows the accuracy, the default
 */
export async function showAblation(
  { results, missing }: SeveralSets,
  score: ScoreName = "accuracy",
): Promise<void> {
  await showMissing(missing);
  const all = ablations(results, published, score);
  await showChart(ablationBars(all));
  const { head, rows, cautions, notes } = ablationText(all);
  await showNumberTable({ columns: head, rows, notes: [...cautions, ...notes], left: 3 });
}

/** Figure 10: the confusion matrices of the results side by side. */
export async function showConfusions({ results, missing }: SeveralSets): Promise<void> {
  await showMissing(missing);
  await showChart(confusionPanels(results));
}

async function showMissing(missing: readonly string[]): Promise<void> {
  if (missing.length > 0) await showMarkdown(missing.map((line) => `- ${line}`).join("\n"));
}
