/**
 * Reading dlib's `.dat` files of shape predictors.
 *
 * The format (dlib's `serialize.h`): an integer is a byte with its length in bytes and, in the
 * highest bit, its sign, then that many bytes, lowest first. A floating point number is two such
 * integers, mantissa and binary exponent. A list is its length, then its items; a matrix its number
 * of rows and of columns, both negated, then its numbers.
 *
 * @module
 */
import { DataError } from "lib/core/errors.ts";
import { type Regressor, regressorLengths, type RegressorSizes } from "./regressor.ts";

// Far above dlib's trainers, far below what would exhaust memory.
const mostPoints = 1000;
const mostDepth = 12;

/** The shortest number with a fraction: two integers of one byte each, with their lengths. */
const floatBytes = 4;

/**
 * Reads a shape predictor as dlib wrote it. Nothing is believed of the file: lengths are checked
 * against what is left of it before memory is taken, indices against what they point into.
 *
 * @param file named in errors
 * @throws DataError when the bytes are not a whole shape predictor with trees of one size
 */
export function readRegressor(bytes: Uint8Array, file: string): Regressor {
  const reader = new Reader(bytes, file);
  const version = reader.integer();
  if (version !== 1) throw reader.wrong(`has version ${version}, expected 1`);
  const initial = readMatrix(reader);
  const cascades = reader.length("stages", mostPoints);
  const forests: Forest[] = [];
  for (let i = 0; i < cascades; i++) forests.push(readForest(reader, initial.length, forests[0]));
  const anchors = readAnchors(reader, cascades, initial.length / 2);
  const pixels = anchors.length / cascades;
  const deltas = readDeltas(reader, cascades, pixels);
  if (reader.left > 0) throw reader.wrong(`goes on for ${reader.left} bytes after its end`);
  const { trees, depth } = forests[0]!;
  const sizes = { points: initial.length / 2, cascades, trees, depth, pixels };
  return assemble({ sizes, forests, initial, anchors, deltas }, reader);
}

/** What is wrong with a file that is not what it should be. */
export function notRegressor(what: string, file: string): DataError {
  return new DataError(`This is not a shape predictor of dlib: it ${what}`, {
    file,
    fix: "Get the file again, or point FLEETING_LANDMARKS to a whole one",
  });
}

class Reader {
  #at = 0;

  constructor(readonly bytes: Uint8Array, readonly file: string) {}

  get left(): number {
    return this.bytes.length - this.#at;
  }

  wrong(what: string): DataError {
    return notRegressor(what, this.file);
  }

  integer(): number {
    const control = this.bytes[this.#at++] ?? 0;
    const size = control & 0x0f;
    // 7 bytes are beyond the integers that a double holds; dlib writes none as long here.
    if (this.left < 0 || size > this.left) throw this.wrong("ends too early");
    if (size === 0 || size > 6 || control & 0x70) {
      throw this.wrong(`has no number at byte ${this.#at - 1}`);
    }
    let value = 0;
    for (let i = this.#at + size - 1; i >= this.#at; i--) value = value * 256 + this.bytes[i]!;
    this.#at += size;
    return control & 0x80 ? -value : value;
  }

  float(): number {
    const mantissa = this.integer();
    const exponent = this.integer();
    // Exponents from 32000 on are dlib's marks for infinities and NaN.
    if (exponent > 1000 || exponent < -1100) {
      throw this.wrong("has a number that is not finite or out of range");
    }
    return mantissa * 2 ** exponent;
  }

  /** The length of a list of `what`; `size` is the least number of bytes of an item. */
  length(what: string, most: number, size = 1): number {
    const value = this.integer();
    if (value < 1 || value > most) throw this.wrong(`has ${value} ${what}`);
    this.require(value * size);
    return value;
  }

  /** Checks that so many bytes are left, before memory is taken for what they hold. */
  require(bytes: number): void {
    if (bytes > this.left) throw this.wrong("ends too early");
  }

  floats(target: Float32Array): void {
    this.require(target.length * floatBytes);
    for (let i = 0; i < target.length; i++) target[i] = this.float();
  }
}

function readMatrix(reader: Reader): Float32Array {
  const size = matrixSize(reader);
  if (size % 2 !== 0 || size < 2 || size > 2 * mostPoints) {
    throw reader.wrong(`has a mean shape of ${size} numbers`);
  }
  const matrix = new Float32Array(size);
  reader.floats(matrix);
  return matrix;
}

function matrixSize(reader: Reader): number {
  const [rows, columns] = [-reader.integer(), -reader.integer()];
  if (rows < 1 || columns !== 1) throw reader.wrong(`has a matrix of ${rows} × ${columns}`);
  return rows;
}

interface Forest {
  readonly trees: number;
  readonly depth: number;
  readonly pairs: Uint16Array;
  readonly thresholds: Float32Array;
  readonly leaves: Float32Array;
}

function readForest(reader: Reader, numbers: number, like: Forest | undefined): Forest {
  const trees = reader.length("trees in a stage", 100_000);
  if (like && trees !== like.trees) throw reader.wrong("has stages of different sizes");
  let forest: Forest | undefined;
  for (let tree = 0; tree < trees; tree++) {
    const questions = reader.length("questions in a tree", 2 ** mostDepth - 1, 2 + floatBytes);
    const depth = Math.log2(questions + 1);
    const wanted = like ?? forest;
    if (!Number.isInteger(depth) || (wanted && depth !== wanted.depth)) {
      throw reader.wrong("has trees of different or incomplete depth");
    }
    forest ??= emptyForest(reader, { trees, depth, numbers });
    readQuestions(reader, forest, tree);
    readLeaves(reader, forest, { tree, numbers });
  }
  return forest!;
}

function emptyForest(
  reader: Reader,
  { trees, depth, numbers }: { trees: number; depth: number; numbers: number },
): Forest {
  const questions = 2 ** depth - 1;
  reader.require(trees * (questions + 1) * numbers * floatBytes);
  return {
    trees,
    depth,
    pairs: new Uint16Array(trees * questions * 2),
    thresholds: new Float32Array(trees * questions),
    leaves: new Float32Array(trees * (questions + 1) * numbers),
  };
}

function readQuestions(reader: Reader, { depth, pairs, thresholds }: Forest, tree: number): void {
  const questions = 2 ** depth - 1;
  for (let i = tree * questions; i < (tree + 1) * questions; i++) {
    pairs[2 * i] = readIndex(reader);
    pairs[2 * i + 1] = readIndex(reader);
    thresholds[i] = reader.float();
  }
}

function readIndex(reader: Reader): number {
  const index = reader.integer();
  if (index < 0 || index > 0xffff) throw reader.wrong(`has the index ${index}`);
  return index;
}

function readLeaves(
  reader: Reader,
  { depth, leaves }: Forest,
  { tree, numbers }: { tree: number; numbers: number },
): void {
  const count = reader.integer();
  if (count !== 2 ** depth) throw reader.wrong(`has a tree of ${count} leaves`);
  for (let leaf = tree * count; leaf < (tree + 1) * count; leaf++) {
    const size = matrixSize(reader);
    if (size !== numbers) throw reader.wrong(`has a leaf of ${size} numbers`);
    reader.floats(leaves.subarray(leaf * numbers, (leaf + 1) * numbers));
  }
}

/** Calls `read` for each item of a list of `cascades` lists that are all of one length. */
function readTable(
  reader: Reader,
  cascades: number,
  { size, start, read }: { size: number; start: (pixels: number) => void; read: () => void },
): void {
  const rows = reader.integer();
  if (rows !== cascades) throw reader.wrong(`has pixels for ${rows} of ${cascades} stages`);
  let pixels: number | undefined;
  for (let row = 0; row < rows; row++) {
    const length = reader.length("pixels in a stage", 0xffff, size);
    if (pixels === undefined) start(length);
    else if (length !== pixels) throw reader.wrong("has stages with different numbers of pixels");
    pixels = length;
    for (let i = 0; i < length; i++) read();
  }
}

function readAnchors(reader: Reader, cascades: number, points: number): Uint16Array {
  let anchors = new Uint16Array();
  let at = 0;
  readTable(reader, cascades, {
    size: 2,
    start: (pixels) => {
      reader.require(cascades * pixels * 2);
      anchors = new Uint16Array(cascades * pixels);
    },
    read: () => {
      const anchor = reader.integer();
      if (anchor < 0 || anchor >= points) throw reader.wrong(`has a pixel at landmark ${anchor}`);
      anchors[at++] = anchor;
    },
  });
  return anchors;
}

function readDeltas(reader: Reader, cascades: number, pixels: number): Float32Array {
  const deltas = new Float32Array(cascades * pixels * 2);
  let at = 0;
  readTable(reader, cascades, {
    size: 2 * floatBytes,
    start: (length) => {
      if (length !== pixels) throw reader.wrong(`has ${length} offsets for ${pixels} pixels`);
    },
    read: () => {
      deltas[at++] = reader.float();
      deltas[at++] = reader.float();
    },
  });
  return deltas;
}

interface Parts {
  readonly sizes: RegressorSizes;
  readonly forests: readonly Forest[];
  readonly initial: Float32Array;
  readonly anchors: Uint16Array;
  readonly deltas: Float32Array;
}

function assemble(
  { sizes, forests, initial, anchors, deltas }: Parts,
  reader: Reader,
): Regressor {
  const lengths = regressorLengths(sizes);
  const pairs = new Uint16Array(lengths.pairs);
  const thresholds = new Float32Array(lengths.thresholds);
  const leaves = new Float32Array(lengths.leaves);
  for (const [i, forest] of forests.entries()) {
    pairs.set(forest.pairs, i * forest.pairs.length);
    thresholds.set(forest.thresholds, i * forest.thresholds.length);
    leaves.set(forest.leaves, i * forest.leaves.length);
  }
  const index = pairs.find((value) => value >= sizes.pixels);
  if (index !== undefined) throw reader.wrong(`asks about pixel ${index} of ${sizes.pixels}`);
  return { sizes, initial, thresholds, leaves, deltas, pairs, anchors };
}
