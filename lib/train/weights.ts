/**
 * Saved weights: `.safetensors` files.
 *
 * The format is a JSON header of names, types, shapes and byte ranges, and then the bytes; PyTorch, JAX
 * and others read it. Ours holds float32 only and is written with sorted names, so that equal weights
 * give equal bytes.
 *
 * @module
 */
import { flatten, mapTree, type Shaped, type Tree } from "lib/blocks/tree.ts";
import { DataError, didYouMean } from "lib/core/errors.ts";
import { writeAtomic } from "lib/core/files.ts";
import { sizeOf, type Volume } from "lib/core/volume.ts";

interface Entry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [start: number, end: number];
}

/** Headers longer than this are damage; the format's own limit. */
const longestHeader = 100_000_000;

/** The bytes of a tree of arrays: names as `conv1.kernel`, sorted. */
export function encodeWeights(tree: Tree<Volume>): Uint8Array {
  const named = flatten(tree).sort(([a], [b]) => a < b ? -1 : 1);
  let end = 0;
  const header = Object.fromEntries(named.map(([name, { data, shape }]): [string, Entry] => {
    const start = end;
    end += data.byteLength;
    return [name, { dtype: "F32", shape, data_offsets: [start, end] }];
  }));
  const json = JSON.stringify(header);
  // The format wants the data aligned to 8 bytes, by spaces after the header.
  const text = new TextEncoder().encode(json.padEnd(Math.ceil(json.length / 8) * 8));
  const bytes = new Uint8Array(8 + text.length + end);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  let at = 8 + text.length;
  for (const [, { data }] of named) {
    for (const value of data) {
      view.setFloat32(at, value, true);
      at += 4;
    }
  }
  return bytes;
}

/**
 * Reads a tree back, with the structure of `like`.
 *
 * @param like a tree with the names and shapes that are expected, such as freshly drawn parameters
 * @param file the file's name, for messages
 * @throws DataError naming the array that is missing, unexpected, or of another shape or type, or when
 * the bytes are no such file
 */
export function decodeWeights(
  bytes: Uint8Array,
  like: Tree<Shaped>,
  file = "weights",
): Tree<Volume> {
  const { entries, data } = readHeader(bytes, file);
  const expected = new Set(flatten(like).map(([name]) => name));
  const extra = Object.keys(entries).find((name) => !expected.has(name));
  if (extra !== undefined) {
    throw new DataError(`There is an array '${extra}' that this network has not`, {
      file,
      fix: didYouMean(extra, [...expected]),
    });
  }
  return mapTree(like, ({ shape }, name): Volume => {
    const entry = entries[name];
    if (entry === undefined) {
      throw new DataError(`The array '${name}' of this network is not there`, { file });
    }
    return readArray({ name, entry, shape }, data, file);
  });
}

interface Wanted {
  readonly name: string;
  readonly entry: Entry;
  readonly shape: readonly number[];
}

function readArray({ name, entry, shape }: Wanted, data: DataView, file: string): Volume {
  if (entry.dtype !== "F32" || entry.shape.join() !== shape.join()) {
    throw new DataError(
      `Expected F32 [${shape.join(", ")}], found ${entry.dtype} [${entry.shape.join(", ")}]`,
      { file, field: name },
    );
  }
  const [start, end] = entry.data_offsets;
  const size = sizeOf(shape);
  if (end - start !== 4 * size || start < 0 || end > data.byteLength) {
    throw new DataError("The file is cut short or damaged", { file, field: name });
  }
  const values = new Float32Array(size);
  for (let i = 0; i < size; i++) values[i] = data.getFloat32(start + 4 * i, true);
  return { data: values, shape };
}

/**
 * Reads all arrays of a file by full name, whatever network they belong to.
 *
 * @throws DataError when the bytes are no such file, cut short, or hold anything but float32
 */
export function decodeArrays(bytes: Uint8Array, file = "weights"): Map<string, Volume> {
  const { entries, data } = readHeader(bytes, file);
  const names = Object.keys(entries).sort();
  return new Map(names.map((name) => {
    const entry = entries[name] as Entry;
    return [name, readArray({ name, entry, shape: entry.shape }, data, file)];
  }));
}

/** Saves a tree of arrays; see {@linkcode encodeWeights}. */
export async function saveWeights(path: string, tree: Tree<Volume>): Promise<void> {
  await writeAtomic(path, encodeWeights(tree));
}

/**
 * Loads what {@linkcode saveWeights} wrote.
 *
 * @throws DataError as {@linkcode decodeWeights} does, or when the file cannot be read
 */
export async function loadWeights(path: string, like: Tree<Shaped>): Promise<Tree<Volume>> {
  let bytes: Uint8Array;
  try {
    bytes = await Deno.readFile(path);
  } catch (error) {
    throw new DataError(`Cannot read weights (${(error as Error).message})`, { file: path });
  }
  return decodeWeights(bytes, like, path);
}

function readHeader(
  bytes: Uint8Array,
  file: string,
): { entries: Record<string, Entry>; data: DataView } {
  const damaged = (): never => {
    throw new DataError("This is no .safetensors file", { file });
  };
  if (bytes.byteLength < 8) damaged();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = Number(view.getBigUint64(0, true));
  if (length > longestHeader || 8 + length > bytes.byteLength) damaged();
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
  } catch {
    damaged();
  }
  // Other programs put free text under this name.
  const { __metadata__: _text, ...entries } = header as Record<string, Entry>;
  const wellFormed = Object.values(entries).every((entry) =>
    Array.isArray(entry?.shape) && entry.data_offsets?.length === 2
  );
  if (!wellFormed) damaged();
  const body = bytes.subarray(8 + length);
  return { entries, data: new DataView(body.buffer, body.byteOffset, body.byteLength) };
}
