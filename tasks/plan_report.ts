/**
 * What `deno task reproduce --dry-run` says about time and space.
 *
 * @module
 */
import { type NumberTable, numberTableText } from "lib/notebook/network_table.ts";
import type { CostModel } from "lib/plan/model.ts";
import type { Outline } from "lib/plan/outline.ts";
import type { Prediction, RowPrediction, WallPrediction } from "lib/plan/predict.ts";
import { plural } from "lib/results/format.ts";
import type { Planning } from "./plan_flags.ts";

/** What the report is made of. */
export interface ReportCall {
  readonly model: CostModel;
  readonly planning: Planning;
  /** Workers on this machine. */
  readonly workers: number;
}

/** The numbers of places that the clock is told for: one, this machine's, and those of the nodes. */
export function placesOf(
  { planning: { nodes }, workers }: Pick<ReportCall, "planning" | "workers">,
) {
  return [...new Set([1, workers, nodes * workers])].sort((a, b) => a - b);
}

/** The report, line by line. */
export function planReport(prediction: Prediction, call: ReportCall): string[] {
  const assumed = assumptions(prediction.rows.map(({ outline }) => outline));
  return [
    ...assumed,
    ...(assumed.length > 0 ? [""] : []),
    numberTableText(table(prediction)),
    "",
    ...prediction.walls.map((wall) => wallLine(wall, call)),
    storageLine(prediction),
    "",
    ...notes(prediction, call),
  ];
}

/** The same for programs. */
export function planJson(prediction: Prediction, { model, planning, workers }: ReportCall): string {
  const rows = prediction.rows.map(({ outline, ...row }) => {
    const { row: name, data, folds: all, open, assumed } = outline;
    return { row: name, data, all, open, ...row, ...(assumed ? { assumed } : {}) };
  });
  const { basis, error } = model;
  const report = {
    format: "fleeting-plan/1",
    ...prediction,
    rows,
    planning,
    workers,
    basis,
    error,
  };
  return JSON.stringify(report, undefined, 1);
}

/** Which data sets were not looked at. */
function assumptions(outlines: readonly Outline[]): string[] {
  const lines = outlines.flatMap(({ data, assumed }) =>
    assumed ? [`${data}: counted as ${assumed.from} (${assumed.why})`] : []
  );
  return [...new Set(lines)];
}

function table(prediction: Prediction): NumberTable {
  const { rows, clips, notebookSeconds, coreSeconds, gpuSeconds } = prediction;
  // Hours with their thousandths would say little of a run of minutes.
  const { unit, amount } = coreSeconds < 3 * 3600
    ? { unit: "minutes", amount: (seconds: number) => digits(seconds / 60) }
    : { unit: "hours", amount: (seconds: number) => digits(seconds / 3600) };
  const body = [
    ...clips.map(({ data, count, coreSeconds }) => [
      `clips of ${data}`,
      `${count}`,
      seconds(coreSeconds / count),
      amount(coreSeconds),
      "",
    ]),
    ...rows.filter(({ outline }) => outline.open > 0).map((row) => rowCells(row, amount)),
    ["notebooks", "", "", amount(notebookSeconds), ""],
  ];
  return {
    columns: ["", "pieces", "seconds each", `core ${unit}`, `GPU ${unit}`],
    rows: body,
    total: [
      "all, with starting processes",
      ...["", "", amount(coreSeconds), gpuSeconds > 0 ? amount(gpuSeconds) : ""],
    ],
    notes: [],
  };
}

function rowCells(row: RowPrediction, amount: (seconds: number) => string): string[] {
  const { outline, folds, foldSeconds, coreSeconds, gpuSeconds, from } = row;
  return [
    `${outline.row} on ${outline.data}`,
    `${folds}`,
    `${from === "measured" ? "" : "~"}${seconds(foldSeconds)}`,
    amount(coreSeconds),
    gpuSeconds === undefined ? "" : amount(gpuSeconds),
  ];
}

function wallLine({ places, seconds, least }: WallPrediction, { planning, workers }: ReportCall) {
  const nodes = places === planning.nodes * workers && planning.nodes > 1
    ? ` (${planning.nodes} nodes)`
    : places === workers
    ? " (this machine)"
    : "";
  return `${plural(places, "worker")}${nodes}: ${
    duration(seconds)
  } by the clock; no order takes less than ` +
    duration(least);
}

function storageLine({ storage: { folds, checkpoints, prepared, drawn } }: Prediction): string {
  const parts = [
    `${bytes(folds)} of folds`,
    ...(prepared > 0 ? [`${bytes(prepared)} of prepared clips`] : []),
    ...(checkpoints > 0 ? [`${bytes(checkpoints)} of checkpoints meanwhile`] : []),
    ...(drawn > 0 ? [`up to ${bytes(drawn)} of drawn frames`] : []),
  ];
  return `storage: ${parts.join(", ")}`;
}

function notes({ rows }: Prediction, { model, planning: { gpu } }: ReportCall): string[] {
  const { own, reference, machine, slower } = model.basis;
  const elsewhere = `${reference} measurements on another machine (${machine})`;
  const basis = own === 0
    ? `Nothing was measured on this machine yet: costs are those of ${elsewhere}.`
    : `Costs are fitted to ${
      plural(own, "kind")
    } of work measured on this machine, and to ${elsewhere}, ` +
      `taken ${slower.toFixed(2)} times as long as there.`;
  const told = model.error === undefined
    ? ""
    : ` ~: not measured here; half of the methods that are left out of the fit are told within ` +
      `${Math.round(100 * model.error)} %.`;
  const trains = rows.some(({ gpuSeconds }) => gpuSeconds !== undefined);
  return [
    basis + told,
    ...(trains
      ? [
        `GPU times are calculated, no GPU was measured: ${gpu.tflops} TFLOP/s of which ` +
        `${
          Math.round(100 * gpu.efficiency)
        } % are reached, and 10 µs for each operation of each step.`,
      ]
      : []),
  ];
}

/** Three digits at least, and no more than say something. */
function digits(value: number): string {
  if (value === 0) return "0";
  if (value >= 100) return value.toFixed(0);
  return value.toFixed(value >= 10 ? 1 : value >= 1 ? 2 : 3);
}

const seconds = digits;

function duration(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min`;
  if (seconds < 72 * 3600) return `${(seconds / 3600).toFixed(1)} h`;
  return `${(seconds / 86_400).toFixed(1)} days`;
}

function bytes(count: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  const power = count < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(count) / 3));
  return `${digits(count / 1000 ** power)} ${units[power]}`;
}
