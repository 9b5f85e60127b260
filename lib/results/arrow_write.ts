/**
 * Rows as the bytes of an Arrow file: equal rows give equal bytes.
 *
 * Only explicit column types are used. Dictionary columns are not: apache-arrow numbers them by a
 * counter of the process, so the bytes would depend on what was built before.
 *
 * @module
 */
import {
  type DataType,
  Field,
  makeData,
  RecordBatch,
  Schema,
  Struct,
  Table,
  tableToIPC,
  type Utf8,
  vectorFromArray,
} from "apache-arrow";
import { canonicalJson } from "lib/core/json.ts";
import { compareText } from "./check.ts";
import { closeSeals, openSeal } from "./seal.ts";

/** A column: how it is called and typed, and what a row has in it. */
export interface Column<Row> {
  readonly name: string;
  readonly type: DataType;
  readonly value: (row: Row) => string | number;
}

/**
 * The bytes of an Arrow IPC file without nulls, sealed by a checksum.
 *
 * @param metadata of the schema: key → JSON
 */
export function encodeRows<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  metadata: ReadonlyMap<string, string>,
): Uint8Array {
  const values = columns.map(({ type, value }) =>
    vectorFromArray(rows.map(value), type).data[0] ?? makeData({ type: type as Utf8 })
  );
  const fields = columns.map(({ name, type }) => new Field(name, type, false));
  const entries = [...metadata, ["seal", canonicalJson(openSeal)] as const];
  const schema = new Schema(fields, new Map(entries.sort(([a], [b]) => compareText(a, b))));
  const data = makeData({
    type: new Struct(fields),
    length: rows.length,
    nullCount: 0,
    children: values,
  });
  return closeSeals(tableToIPC(new Table(schema, [new RecordBatch(schema, data)]), "file"));
}
