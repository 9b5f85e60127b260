/**
 * Showing charts in a notebook.
 *
 * @module
 */
import { type Chart, chartBundle } from "lib/charts/mod.ts";
import { show } from "./show.ts";

/**
 * Shows a chart: as SVG, as the live Vega-Lite specification where the front end draws those, and in
 * words. Outside a kernel it prints the words.
 */
export async function showChart(chart: Chart): Promise<void> {
  await show(await chartBundle(chart));
}
