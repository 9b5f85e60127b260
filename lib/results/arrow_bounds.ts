/**
 * Whether an Arrow table holds what it says: its lengths and offsets come from the file, and whoever walks along
 * them would read for hours, or run out of memory.
 *
 * @module
 */
import { type Data, DataType, type Table } from "apache-arrow";

/**
 * What is wrong with a table, in one phrase; nothing when every cell of its plain columns can be read.
 *
 * @param bytes the size of its file
 */
export function tableProblem(table: Table, bytes: number): string | undefined {
  // A cell takes some bits at least, but in columns without values, and no table has only these.
  if (!(table.numRows >= 0 && table.numRows <= 8 * bytes)) return "it has more rows than bytes";
  for (const [i, { name }] of table.schema.fields.entries()) {
    const column = table.getChildAt(i);
    const problem = column === null || column.length !== table.numRows
      ? "has another length than the table"
      : column.data.map(dataProblem).find((one) => one !== undefined);
    if (problem !== undefined) return `the column '${name.slice(0, 100)}' ${problem}`;
  }
  return undefined;
}

function dataProblem(data: Data): string | undefined {
  const { length, offset, type, nullBitmap } = data;
  if (!isCount(length) || !isCount(offset)) return "has no sound length";
  const hasNulls = data.nullCount > 0 && !DataType.isNull(type);
  if (hasNulls && 8 * nullBitmap.length < length) return "ends too early";
  if (DataType.isNull(type)) return undefined;
  if (DataType.isDictionary(type)) {
    return data.dictionary?.data.map(dataProblem).find((one) => one !== undefined) ??
      shorter(data.values, length);
  }
  if (DataType.isUtf8(type) || DataType.isLargeUtf8(type)) {
    return offsetsProblem(data.valueOffsets, length, data.values?.length ?? 0);
  }
  if (DataType.isBool(type)) return shorter(data.values, Math.ceil(length / 8));
  if (DataType.isInt(type) || DataType.isFloat(type)) return shorter(data.values, length);
  return undefined;
}

/** Whether a column is of texts, numbers or truth values; no other is looked into. */
export function isPlain(type: DataType): boolean {
  if (DataType.isDictionary(type)) return isPlain(type.dictionary);
  return DataType.isUtf8(type) || DataType.isLargeUtf8(type) || DataType.isBool(type) ||
    DataType.isInt(type) || DataType.isFloat(type);
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

function shorter(values: ArrayLike<unknown> | undefined, length: number): string | undefined {
  return (values?.length ?? 0) < length ? "ends too early" : undefined;
}

/** Offsets have to rise, and to end within the values. */
function offsetsProblem(
  offsets: Int32Array | BigInt64Array | undefined,
  length: number,
  values: number,
): string | undefined {
  if (length === 0) return undefined;
  if (offsets === undefined || offsets.length < length + 1) return "ends too early";
  if (!(offsets[0]! >= 0 && offsets[length]! <= values)) return "points beyond its texts";
  for (let i = 0; i < length; i++) {
    if (offsets[i + 1]! < offsets[i]!) return "has texts of negative length";
  }
  return undefined;
}
