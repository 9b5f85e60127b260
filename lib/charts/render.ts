/**
 * Charts as SVG and PNG, the same bytes each time.
 *
 * @module
 */
import { createRequire } from "node:module";
import { parse, View } from "vega";
import { compile } from "vega-lite";
import type { Chart } from "./chart.ts";

/** Draws a chart as SVG text, without a browser or a canvas. */
export async function toSvg({ spec }: Chart): Promise<string> {
  // Vega marks the data objects that it is given.
  const copy = structuredClone(spec);
  const view = new View(parse(compile(copy).spec), { renderer: "none" });
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}

/**
 * Draws SVG text as a PNG, at `scale` times its size. The fonts come from a package, not from the
 * machine: some have none, and then text would be missing.
 */
export async function toPng(svg: string, scale = 2): Promise<Uint8Array> {
  const { Resvg } = await import("@resvg/resvg-js");
  const require = createRequire(import.meta.url);
  const font = (name: string) => require.resolve(`dejavu-fonts-ttf/ttf/${name}.ttf`);
  const picture = new Resvg(svg, {
    fitTo: { mode: "zoom", value: scale },
    font: {
      loadSystemFonts: false,
      fontFiles: [font("DejaVuSans"), font("DejaVuSans-Bold")],
      defaultFontFamily: "DejaVu Sans",
      sansSerifFamily: "DejaVu Sans",
    },
  });
  return picture.render().asPng();
}

/**
 * A chart by media type, for a notebook: the picture for every program, the live specification for
 * those that draw Vega-Lite themselves, words for the rest.
 */
export async function chartBundle(chart: Chart): Promise<Record<string, string | object>> {
  return {
    "application/vnd.vegalite.v5+json": chart.spec,
    "image/svg+xml": await toSvg(chart),
    "text/plain": chart.alt,
  };
}
