/**
 * Curves over the frames of a clip or along another axis.
 *
 * @module
 */
import type { TopLevelSpec } from "vega-lite";
import { base, type Chart, fill, titled } from "./chart.ts";

/** What {@linkcode curves} draws. */
export interface Curves {
  readonly title: string;
  /** What must be said beside it, such as that the clip is synthetic. */
  readonly notes: readonly string[];
  /** What is on the horizontal axis, and its values; default: frames from the onset. */
  readonly x?: { readonly title: string; readonly values: ArrayLike<number> };
  /** What is on the vertical axis, with its unit. */
  readonly y: string;
  /** One value a frame, or place, each; at most four, so that their dashes stay apart. */
  readonly series: readonly { readonly name: string; readonly values: ArrayLike<number> }[];
  /** Places on the horizontal axis that are marked, such as the apex. */
  readonly marks?: readonly { readonly name: string; readonly frame: number }[];
}

const dashes = [[1, 0], [6, 3], [2, 2], [8, 2, 2, 2]];

/**
 * Curves, told apart by dashes and not by colour alone, with vertical lines at
 * marked places.
 *
 * @throws RangeError when there is no curve or more than four
 */
export function curves({ title, notes, x: axis, y, series, marks = [] }: Curves): Chart {
  if (series.length < 1 || series.length > dashes.length) {
    throw new RangeError(`Cannot draw ${series.length} curves, expected 1 to ${dashes.length}`);
  }
  const names = series.map(({ name }) => name);
  const points = series.flatMap(({ name, values }) =>
    Array.from(values, (value, i) => ({ name, frame: axis?.values[i] ?? i, value }))
  );
  const x = { field: "frame", type: "quantitative", title: axis?.title ?? "frame from onset" };
  const spec = {
    ...base,
    ...titled(title, notes),
    width: 480,
    height: 200,
    layer: [
      {
        data: { values: points },
        mark: { type: "line", color: fill.dark },
        encoding: {
          x,
          y: { field: "value", type: "quantitative", title: y, scale: { zero: false } },
          strokeDash: {
            field: "name",
            type: "nominal",
            title: null,
            scale: { domain: names, range: dashes.slice(0, names.length) },
            ...(names.length === 1 ? { legend: null } : {}),
          },
        },
      },
      {
        data: { values: marks },
        mark: { type: "rule", color: "#666" },
        encoding: { x },
      },
      {
        data: { values: marks },
        mark: { type: "text", align: "left", dx: 4, y: 8, color: fill.ink },
        encoding: { x, text: { field: "name" } },
      },
    ],
  };
  const said = series.map(({ name, values }) => {
    const numbers = Array.from(values);
    const show = (value: number) => value.toPrecision(3);
    return `${name}: ${numbers.length} values, ${show(Math.min(...numbers))} to ${
      show(Math.max(...numbers))
    }`;
  });
  const marked = marks.map(({ name, frame }) => `${name} at ${Number(frame.toPrecision(4))}`);
  return {
    spec: spec as unknown as TopLevelSpec,
    alt: [`${title}.`, ...new Set(notes), `${y}.`, ...said, ...marked].join("\n"),
  };
}
