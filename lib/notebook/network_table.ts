/**
 * Tables of written numbers, with a total and notes.
 *
 * @module
 */
import { escapeHtml, showHtml } from "./show.ts";

/** A table; all but the first `left` columns are aligned to the right. */
export interface NumberTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** A last row that adds up the others. */
  readonly total?: readonly string[];
  /** What the numbers mean; one line each, below. */
  readonly notes: readonly string[];
  /** Columns of words; default 1. */
  readonly left?: number;
}

/** The table as HTML. */
export function numberTableHtml(table: NumberTable): string {
  const { columns, rows, total, notes, left = 1 } = table;
  const line = (tag: string, texts: readonly string[]) =>
    `<tr>${
      texts.map((text, i) =>
        `<${tag} style="text-align:${i < left ? "left" : "right"}">${escapeHtml(text)}</${tag}>`
      ).join("")
    }</tr>`;
  return [
    `<table><thead>${line("th", columns)}</thead>`,
    `<tbody>${rows.map((texts) => line("td", texts)).join("\n")}</tbody>`,
    ...(total ? [`<tfoot>${line("th", total)}</tfoot>`] : []),
    "</table>",
    ...notes.map((text) => `<p>${escapeHtml(text)}</p>`),
  ].join("\n");
}

/** The table as text, aligned for a fixed-width font. */
export function numberTableText(table: NumberTable): string {
  const { columns, rows, total, notes, left = 1 } = table;
  const all = [columns, ...rows, ...(total ? [total] : [])];
  const widths = columns.map((_, i) => Math.max(...all.map((row) => (row[i] ?? "").length)));
  const line = (texts: readonly string[]) =>
    texts.map((text, i) => i < left ? text.padEnd(widths[i]!) : text.padStart(widths[i]!))
      .join("  ").trimEnd();
  const rule = widths.map((width) => "-".repeat(width)).join("  ");
  return [
    line(columns),
    rule,
    ...rows.map(line),
    ...(total ? [rule, line(total)] : []),
    ...notes,
  ].join("\n");
}

/** Shows a table. */
export async function showNumberTable(table: NumberTable): Promise<void> {
  await showHtml(numberTableHtml(table), numberTableText(table));
}

/** A whole number with its thousands set apart. */
export function whole(value: number): string {
  return Math.round(value).toLocaleString("en");
}

/** A number with three digits that count, its thousands set apart; tiny ones only as that. */
export function threeDigits(value: number): string {
  if (value > 0 && value < 0.01) return "< 0.01";
  return value.toLocaleString("en", { maximumSignificantDigits: 3 });
}
