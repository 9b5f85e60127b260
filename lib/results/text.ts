/**
 * Any file as lines of text, so that git can show how an Arrow file changed.
 *
 * @module
 */
import type { Table } from "apache-arrow";
import { UserError } from "lib/core/errors.ts";
import { readTable } from "./arrow_table.ts";
import { compareText } from "./check.ts";
import { checkSeals } from "./seal.ts";

/**
 * An Arrow file as text: one line a metadata value (nested values by path, sorted), one line a column
 * with its type, one line a row. A file that cannot be read gives one line that says why.
 */
export function arrowText(bytes: Uint8Array): string {
  if (checkSeals(bytes) === "damaged") {
    return "damaged fleeting result: its bytes do not fit its seal\n";
  }
  try {
    const table = readTable(bytes, "");
    const lines = [...metadataLines(table), "", ...columnLines(table), "", ...rowLines(table)];
    return `${lines.join("\n")}\n`;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return `unreadable: ${error.message} (${bytes.length} bytes)\n`;
  }
}

function metadataLines({ schema }: Table): string[] {
  return [...schema.metadata]
    .sort(([a], [b]) => compareText(a, b))
    .flatMap(([key, text]) => flatten(key, parse(text)));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** `a.b: value` for each leaf of a JSON value; arrays of plain values stay in one line. */
function flatten(path: string, value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [`${path}: ${oneLine(value)}`];
  const entries = Object.entries(value);
  const isLeaf = Array.isArray(value) && value.every((item) => typeof item !== "object");
  if (isLeaf || entries.length === 0) return [`${path}: ${JSON.stringify(value)}`];
  return entries.sort(([a], [b]) => compareText(a, b))
    .flatMap(([key, item]) => flatten(`${path}.${key}`, item));
}

function columnLines({ schema }: Table): string[] {
  return schema.fields.map(({ name, type, nullable }) =>
    `column ${name}: ${type}${nullable ? "" : " not null"}`
  );
}

function rowLines(table: Table): string[] {
  const names = table.schema.fields.map(({ name }) => name);
  const columns = names.map((_, i) => table.getChildAt(i)!);
  const rows = Array.from(
    { length: table.numRows },
    (_, row) => columns.map((column) => oneLine(column.get(row))).join("\t"),
  );
  return [names.map(oneLine).join("\t"), ...rows];
}

function oneLine(value: unknown): string {
  return String(value).replaceAll(/[\t\r\n]+/g, " ");
}
