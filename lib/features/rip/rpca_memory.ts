/**
 * The memory of the kernel of robust PCA: where its matrices lie, and moving them in and out.
 *
 * @module
 */
import * as kernel from "./kernels/rpca.wasm";

/** Where everything lies, in bytes, and how large it is. */
export interface Memory {
  readonly rows: number;
  readonly columns: number;
  /** Rows of a tile: a multiple of 4. */
  readonly tileRows: number;
  readonly tiles: number;
  readonly data: number;
  readonly sparse: number;
  readonly dual: number;
  readonly low: number;
  readonly projector: number;
  readonly sum: number;
  readonly scratch: number;
}

const page = 65536;
// The compiler's own data lies below; what it needs is far less.
const base = 1024;
const tileColumns = 32;

/** Gives everything a place, grows the memory to hold it, and clears it. */
export function layOut(rows: number, columns: number): Memory {
  const tileRows = 4 * Math.ceil(rows / 4);
  const tiles = Math.ceil(columns / tileColumns);
  const [tile, square] = [8 * tileRows * tileColumns, 8 * tileRows ** 2];
  let end = base;
  const place = (bytes: number) => (end += bytes) - bytes;
  const memory = {
    rows,
    columns,
    tileRows,
    tiles,
    data: place(tiles * tile),
    sparse: place(tiles * tile),
    dual: place(tiles * tile),
    low: place(tiles * tile),
    projector: place(square),
    sum: place(square),
    scratch: place(2 * tile),
  };
  const missing = Math.ceil((end - kernel.memory.buffer.byteLength) / page);
  if (missing > 0) kernel.memory.grow(missing);
  new Float64Array(kernel.memory.buffer, base, (end - base) / 8).fill(0);
  return memory;
}

/** Calls back for each part of a row that lies in one tile. */
function eachPart(
  { rows, columns, tileRows, tiles }: Memory,
  part: (at: number, from: number, to: number) => void,
): void {
  for (let tile = 0; tile < tiles; tile++) {
    const length = Math.min(tileColumns, columns - tile * tileColumns);
    for (let row = 0; row < rows; row++) {
      const from = row * columns + tile * tileColumns;
      part((tile * tileRows + row) * tileColumns, from, from + length);
    }
  }
}

/** Bytes of a tile. */
export function tileBytes({ tileRows }: Memory): number {
  return 8 * tileRows * tileColumns;
}

/** A matrix as it lies in memory, with what fills it up; a view that is good until memory grows. */
export function matrixAt(memory: Memory, place: number): Float64Array {
  return numbersAt(place, memory.tiles * memory.tileRows * tileColumns);
}

/**
 * Copies D in.
 *
 * @returns the sum of its squares
 * @throws RangeError for a value that is not finite
 */
export function writeMatrix(data: Float32Array | Float64Array, memory: Memory): number {
  let square = 0;
  for (let i = 0; i < data.length; i++) square += data[i]! ** 2;
  if (!Number.isFinite(square)) throw new RangeError("The matrix has values that are not finite");
  const tiled = matrixAt(memory, memory.data);
  eachPart(memory, (at, from, to) => tiled.set(data.subarray(from, to), at));
  return square;
}

/** Copies a matrix out, row by row. */
export function readMatrix(memory: Memory, place: number): Float64Array {
  const data = new Float64Array(memory.rows * memory.columns);
  const tiled = matrixAt(memory, place);
  eachPart(memory, (at, from, to) => data.set(tiled.subarray(at, at + to - from), from));
  return data;
}

/** Numbers in memory, as a view that is good until memory grows. */
export function numbersAt(place: number, length: number): Float64Array {
  return new Float64Array(kernel.memory.buffer, place, length);
}
