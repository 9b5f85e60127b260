/**
 * Tables of any origin as text cells: CSV, TSV and Arrow.
 *
 * @module
 */
import { type CsvError, parse } from "csv-parse/sync";
import { UserError } from "lib/core/errors.ts";
import { isPlain } from "./arrow_bounds.ts";
import { readTable } from "./arrow_table.ts";

/** A table of text. */
export interface TextTable {
  readonly columns: readonly string[];
  /** Cells by row and column; empty text where there is no value. */
  readonly rows: readonly (readonly string[])[];
  /** How a reader finds a row, such as `line 3`. */
  readonly placeOf: (row: number) => string;
}

/**
 * Reads a table by what the bytes are, whatever the file is called.
 *
 * @throws UserError naming the file, and the line where there is one
 */
export function readTextTable(bytes: Uint8Array, file: string): TextTable {
  if (bytes.length === 0) throw new UserError("This file is empty", { file });
  const start = new TextDecoder("latin1").decode(bytes.subarray(0, 6));
  const table = start === "ARROW1" || start.startsWith("\xff\xff\xff\xff")
    ? readArrow(bytes, file)
    : readCsv(bytes, file);
  if (table.rows.length === 0) throw new UserError("This table has no rows", { file });
  return table;
}

function readArrow(bytes: Uint8Array, file: string): TextTable {
  if (isCompressed(bytes)) {
    throw new UserError("This Arrow file is compressed", {
      file,
      fix: 'Write it again without compression (pandas: to_feather(compression="uncompressed"))',
    });
  }
  const table = readTable(bytes, file);
  const vectors = table.schema.fields.map((_, i) => table.getChildAt(i)!);
  let left = mostText;
  const asText = (value: unknown): string => {
    const text = value === null || value === undefined ? "" : String(value);
    left -= text.length;
    if (left < 0) throw new UserError("Its cells hold more text than the file", { file });
    return text;
  };
  return {
    columns: table.schema.fields.map(({ name }) => name),
    rows: Array.from(
      { length: table.numRows },
      (_, row) => vectors.map((vector) => (isPlain(vector.type) ? asText(vector.get(row)) : "")),
    ),
    placeOf: (row) => `row ${row + 1}`,
  };
}

/** Rows can share a text, so that a small file has any amount of it. */
const mostText = 2 ** 28;

/** Compressed buffers start with the magic number of LZ4 frames or Zstandard, after their length. */
function isCompressed(bytes: Uint8Array): boolean {
  const text = new TextDecoder("latin1").decode(bytes);
  return text.includes("\0\0\0\0\x04\x22\x4d\x18") || text.includes("\0\0\0\0\x28\xb5\x2f\xfd");
}

const mostCsv = 64 * 2 ** 20;

function readCsv(bytes: Uint8Array, file: string): TextTable {
  if (bytes.length > mostCsv) {
    throw new UserError("This text has more than 64 MiB", {
      file,
      fix: "Leave out what is no prediction, or save it as Arrow",
    });
  }
  const text = decode(bytes, file);
  const delimiter = delimiterOf(text);
  try {
    const records = parse(text, {
      bom: true,
      delimiter,
      info: true,
      skip_empty_lines: true,
      trim: true,
    }) as unknown as { record: string[]; info: { lines: number } }[];
    const [head, ...rest] = records;
    if (head === undefined) throw new UserError("This file is empty", { file });
    return {
      columns: head.record,
      rows: rest.map(({ record }) => record),
      placeOf: (row) => `line ${rest[row]!.info.lines}`,
    };
  } catch (error) {
    if (!(error instanceof Error) || !("code" in error)) throw error;
    throw new UserError(`This is not a CSV file (${(error as CsvError).message})`, { file });
  }
}

function decode(bytes: Uint8Array, file: string): string {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    if (!text.includes("\0")) return text;
  } catch {
    // Told below: bytes that are no UTF-8 are as useless as zeros.
  }
  throw new UserError("This is neither an Arrow file nor text in UTF-8", {
    file,
    fix: "Save it as CSV in UTF-8",
  });
}

/** The separator that occurs most often in the first line. */
function delimiterOf(text: string): string {
  const [head = ""] = text.split("\n", 1);
  const count = (mark: string) => head.split(mark).length;
  return [",", ";", "\t"].reduce((best, mark) => (count(mark) > count(best) ? mark : best));
}
