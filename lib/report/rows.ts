/**
 * Pieces that all chapters of a report are made of.
 *
 * @module
 */
import { probability, range, score } from "lib/results/format.ts";
import type { PublishedNumber } from "lib/results/published.ts";
import type { SummaryRow } from "lib/results/summary.ts";
import type { Cell, Part } from "./part.ts";

/** The id of the paper among the sources of published numbers. */
export const paperSource = "jin2024";

/** What was published for a strict row's method on the same clips, without a choice on held-out labels. */
export function comparable({ protocol, synthetic, published }: SummaryRow): PublishedNumber[] {
  if (protocol !== "strict" || synthetic) return [];
  return published.filter(({ selectsOnTestFold }) => selectsOnTestFold !== true);
}

/** A published number with its marks. */
export function cite({ value, selectsOnTestFold, verified }: PublishedNumber): string {
  return score(value) + (selectsOnTestFold ? "†" : "") + (verified ? "" : "?");
}

/** A row's title, marked where it began otherwise than its originators' network. */
export const titleOf = (row: SummaryRow): string => row.title + (row.start ? "‡" : "");

/** Under which protocol a row came about. */
export const protocolOf = (row: SummaryRow): string =>
  [row.protocol, row.split, ...(row.optimistic ? ["optimistic"] : [])].filter(Boolean).join(", ");

/** Our UF1 with what must stand beside it, and then further lines. */
export function ours(row: SummaryRow, further: readonly string[] = []): Cell {
  const { composite, intervals, chance } = row.scores;
  const p = probability(chance.uf1);
  return {
    strong: score(composite.uf1),
    lines: [
      range(intervals.uf1),
      row.optimistic ? "optimistic" : `p ${p.startsWith("<") ? p : `= ${p}`}`,
      ...further,
    ],
  };
}

/** Whether published numbers lie in our interval. */
export function verdict({ scores }: SummaryRow, numbers: readonly PublishedNumber[]): Cell {
  const { low, high } = scores.intervals.uf1;
  if (numbers.length === 0) return "–";
  return numbers.map(({ value, source }) => {
    const where = value < low ? "no, below it" : value > high ? "no, above it" : "yes";
    return numbers.length === 1 ? where : `${where} (${source.id})`;
  });
}

/** What networks began with, where that matters. */
export function startsOf(rows: readonly SummaryRow[]): Part[] {
  const items = [
    ...new Set(rows.flatMap(({ title, start }) => start ? [`‡ ${title}: ${start}`] : [])),
  ];
  return items.length === 0 ? [] : [{ kind: "list", items }];
}

/** What must not be overlooked. */
export function caution(text: string): Part {
  return { kind: "caution", text };
}
