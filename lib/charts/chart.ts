/**
 * What a chart is, and the look that all charts share.
 *
 * @module
 */
import type { TopLevelSpec } from "vega-lite";

/** A chart: a Vega-Lite specification with its data inside, and the same in words. */
export interface Chart {
  readonly spec: TopLevelSpec;
  /** For readers who do not see the picture. */
  readonly alt: string;
}

/** Two fills that differ in lightness, so that they stay apart in grey print. */
export const fill = { ours: "#9ecae1", dark: "#08519c", ink: "#1a1a1a" } as const;

/** The colour of a cell by its field `share`, 0 to 1: lightness alone, so that grey print keeps it. */
export const shade = {
  field: "share",
  type: "quantitative",
  scale: { domain: [0, 1], range: ["#f3f6fa", "#08306b"] },
  legend: null,
} as const;

/** White on dark cells, black on light ones: readable at any {@linkcode shade}. */
export const shadeInk = {
  condition: { test: "datum.share > 0.55", value: "white" },
  value: "black",
} as const;

/** What every chart starts from. JupyterLab renders version 5 of the schema. */
export const base = {
  $schema: "https://vega.github.io/schema/vega-lite/v5.json",
  background: "white",
  padding: 8,
  config: {
    font: "DejaVu Sans, Verdana, sans-serif",
    view: { stroke: null },
    axis: {
      domainColor: "#666",
      tickColor: "#666",
      gridColor: "#e3e3e3",
      labelColor: fill.ink,
      labelFlush: false,
    },
    axisY: { labelLimit: 260 },
    title: {
      anchor: "start",
      fontSize: 14,
      subtitleFontSize: 11,
      subtitleColor: "#444",
      offset: 12,
    },
    legend: { orient: "bottom", direction: "horizontal", labelLimit: 320 },
    header: { labelFontWeight: "bold", labelAnchor: "start" },
  },
} as const;

/** Title and subtitle; each caution gets a line of its own. */
export function titled(
  text: string,
  subtitle: readonly string[],
): { title: { text: string; subtitle: string[] } } {
  return { title: { text, subtitle: [...new Set(subtitle)] } };
}
