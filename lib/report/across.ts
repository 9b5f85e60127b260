/**
 * What belongs together over several data sets, for a summary: the paper's table in its own layout, and its
 * figures 10 and 11.
 *
 * @module
 */
import { published } from "experiments/published.ts";
import { ablationBars, confusionPanels } from "lib/charts/mod.ts";
import { DataError } from "lib/core/errors.ts";
import { dataGroups, mapSets } from "lib/experiment/data.ts";
import { showChart } from "lib/notebook/chart.ts";
import { readSets } from "lib/notebook/figures.ts";
import type { TableQuery, TableResults } from "lib/notebook/summary.ts";
import { ablations } from "lib/results/ablation.ts";
import { cautionsOf } from "lib/results/summary.ts";
import { runOptions } from "lib/run/options.ts";
import { caution, startsOf } from "./rows.ts";
import { showSection } from "./show.ts";
import { paperTable, paperTableNote } from "./table_sections.ts";
import { readTables } from "./tables.ts";

/**
 * Shows Table 1 over the data sets of a group, or on the one set where it is in none, then the confusion
 * matrices of the paper's network and the ablation there. For another table than Table 1 nothing is shown.
 *
 * @param read the table on `data`, if it was read already
 */
export async function showAcross(
  { table, data, results = runOptions().results }: TableQuery,
  read?: TableResults,
): Promise<void> {
  if (table !== "table1") return;
  const sets = Object.values(dataGroups).find((names) => names.includes(data)) ?? [data];
  const { tables } = await readTables(results, sets, read);
  if (tables.length === 0) return;
  const rows = tables.flatMap(({ rows }) => rows);
  await showSection({
    ...{ id: "across", title: "Table 1" },
    parts: [
      ...cautionsOf(rows).map(caution),
      { kind: "text", text: paperTableNote },
      paperTable(tables),
      ...startsOf(rows),
    ],
  });
  const own = tables.flatMap(({ results }) => results).filter(({ metadata }) =>
    metadata.experiment.id === "ms-resnet3d"
  );
  if (own.length > 0) await showChart(confusionPanels(own));
  if (sets.some((name) => mapSets.includes(name))) return;
  const group = Object.entries(dataGroups).find(([, names]) => names.includes(data))?.[0] ?? data;
  try {
    const steps = await readSets({ table: "ablation", data: group, results });
    await showChart(ablationBars(ablations(steps.results, published)));
  } catch (error) {
    // No ablation was run yet.
    if (!(error instanceof DataError)) throw error;
  }
}
