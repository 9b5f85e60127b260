/**
 * Charts of results: functions from results to Vega-Lite specifications, and their drawing.
 *
 * @module
 */
export { ablationBars } from "./ablation.ts";
export type { Chart } from "./chart.ts";
export { confusionChart, confusionPanels } from "./confusion.ts";
export { curves } from "./curves.ts";
export { databaseBars } from "./database_bars.ts";
export { learningCurves } from "./learning_curves.ts";
export { recallChart, type RecallTable } from "./recall_chart.ts";
export { chartBundle, toPng, toSvg } from "./render.ts";
export { tableBars } from "./table_bars.ts";
