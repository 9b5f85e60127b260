/**
 * A confusion matrix as a chart.
 *
 * @module
 */
import type { TopLevelSpec } from "vega-lite";
import { scorePredictions } from "lib/protocol/metrics.ts";
import { counts } from "lib/results/format.ts";
import { cautions, otherSplit } from "lib/results/scores.ts";
import type { Result } from "lib/results/types.ts";
import { base, type Chart, shade, shadeInk, titled } from "./chart.ts";

/**
 * The confusion matrix: clips in each cell (mean over seeds) with their share of the row, which the
 * shade shows too.
 */
export function confusionChart(result: Result): Chart {
  const { data, size, cells, notes } = countCells(result);
  const what = `${size.join(", ")}; per cent of the row`;
  const text = `${result.metadata.experiment.title} on ${data}`;
  const spec = {
    ...base,
    ...titled(text, [...notes, what]),
    ...matrix(result, cells),
  };
  return {
    spec: spec as unknown as TopLevelSpec,
    alt: [`Confusion matrix. ${text}, ${what}.`, ...notes, ...cells.map(inWords)].join("\n"),
  };
}

/**
 * Confusion matrices of several results side by side, in their order, as in the paper's figure 10: each as
 * {@linkcode confusionChart} draws it, with its data set, number of clips and cautions above. Where the
 * results are of several methods, each panel names its own.
 *
 * @throws RangeError when there are no results
 */
export function confusionPanels(results: readonly Result[]): Chart {
  const [first] = results;
  if (first === undefined) throw new RangeError("There are no results to draw");
  const { title } = first.metadata.experiment;
  const single = results.every(({ metadata }) => metadata.experiment.title === title);
  const panels = results.map((result, i) => {
    const { data, ...counted } = countCells(result);
    const method = single ? "" : `${result.metadata.experiment.title}, `;
    const letter = results.length > 1 ? `(${String.fromCharCode(97 + i)}) ` : "";
    return { result, name: `${letter}${method}${data}`, ...counted };
  });
  const text = `Confusion matrices${single ? ` of ${title}` : ""}`;
  // Notes that hold for all stand above all.
  const shared = panels[0]!.notes.filter((note) =>
    panels.every(({ notes }) => notes.includes(note))
  );
  const spec = {
    ...base,
    ...titled(text, [...shared, "clips (mean over seeds) and per cent of the row"]),
    hconcat: panels.map(({ result, name, size, cells, notes }) => ({
      title: {
        text: name,
        subtitle: [...size, ...notes.filter((note) => !shared.includes(note))],
        fontSize: 12,
        offset: 8,
      },
      ...matrix(result, cells, { width: 76, height: 56 }),
    })),
    align: "each",
    spacing: 30,
  };
  const lines = panels.flatMap(({ name, size, cells, notes }) => [
    `${name}, ${size.join(", ")}:`,
    ...notes.filter((note) => !shared.includes(note)),
    ...cells.map(inWords),
  ]);
  return {
    spec: spec as unknown as TopLevelSpec,
    alt: [`${text}.`, ...shared, ...lines].join("\n"),
  };
}

interface Cell {
  readonly truth: string;
  readonly predicted: string;
  readonly clips: number;
  readonly share: number;
  readonly label: string;
  readonly percent: string;
}

interface Counted {
  readonly data: string;
  /** How many clips and seeds, and the protocol. */
  readonly size: readonly string[];
  readonly cells: readonly Cell[];
  readonly notes: readonly string[];
}

function countCells(result: Result): Counted {
  const { classes, data, protocol } = result.metadata;
  const split = otherSplit(result);
  const { confusion, support, n, perSeed } =
    scorePredictions(result.predictions, classes).composite;
  const labels = counts(confusion);
  const cells = classes.flatMap((truth, row) =>
    classes.map((predicted, column): Cell => {
      const clips = confusion[row]![column]!;
      const share = support[row]! > 0 ? clips / support[row]! : 0;
      const percent = `${(100 * share).toFixed(0)} %`;
      return { truth, predicted, clips, share, label: labels[row]![column]!, percent };
    })
  );
  return {
    data: `${data.name}${data.synthetic ? " (synthetic)" : ""}`,
    size: [
      `${n} clips${perSeed.length > 1 ? `, mean over ${perSeed.length} seeds` : ""}`,
      `${protocol} protocol${split ? `, ${split}` : ""}`,
    ],
    cells,
    notes: cautions(result),
  };
}

function inWords({ truth, predicted, label }: Cell): string {
  return `true ${truth}, predicted ${predicted}: ${label}`;
}

function matrix(
  { metadata }: Result,
  cells: readonly Cell[],
  { width, height } = { width: 96, height: 64 },
): Record<string, unknown> {
  return {
    data: { values: cells },
    width: { step: width },
    height: { step: height },
    layer: layers(metadata.classes),
  };
}

function layers(classes: readonly string[]): unknown[] {
  const axis = (field: string, more: Readonly<Record<string, unknown>>) => ({
    field,
    type: "nominal",
    sort: [...classes],
    axis: { ticks: false, domain: false, labelPadding: 6, ...more },
  });
  const encoding = {
    x: axis("predicted", { orient: "top", labelAngle: 0, title: "predicted" }),
    y: axis("truth", { title: "true" }),
  };
  return [
    {
      mark: { type: "rect", stroke: "white", strokeWidth: 2 },
      encoding: {
        ...encoding,
        color: shade,
      },
    },
    {
      mark: { type: "text", fontSize: 15, dy: -7 },
      encoding: { ...encoding, text: { field: "label" }, color: shadeInk },
    },
    {
      mark: { type: "text", fontSize: 11, dy: 11 },
      encoding: { ...encoding, text: { field: "percent" }, color: shadeInk },
    },
  ];
}
