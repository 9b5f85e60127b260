/**
 * LIBSVM (Chang and Lin, 2011) as WebAssembly: the solver of the SVM's dual problem, on a kernel matrix.
 *
 * Of the package `libsvm-wasm` only the compiled library is used. Its wrapper class gives no decision
 * values, shares one global module between instances, never frees what it allocates, and lets LIBSVM
 * write to stdout. Here a solution is copied out and everything is freed before the call returns.
 *
 * @module
 */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import process from "node:process";
import factory from "libsvm-wasm/dist/libsvm.js";

/** A problem for {@linkcode solveDual}. */
export interface DualProblem {
  /** The symmetric kernel matrix, one row a training sample. */
  readonly kernel: readonly Float64Array[];
  /** The class of each sample, any integers, at least two different ones. */
  readonly labels: readonly number[];
  /** The upper bound of the coefficients, positive. LIBSVM's binding rounds it to single precision. */
  readonly C: number;
  /** Stops when the optimality conditions hold to this; also rounded to single precision. */
  readonly tolerance: number;
  /** A factor on C for each of the labels that occur, by label. */
  readonly classWeights?: Readonly<Record<number, number>>;
}

/** One one-vs-one machine: its value is Σ coefficients[k]·kernel(support[k], x) − rho. */
export interface Machine {
  /** The class that a positive value speaks for; the smaller label. */
  readonly positive: number;
  readonly negative: number;
  /** Indices of training samples. */
  readonly support: readonly number[];
  readonly coefficients: readonly number[];
  readonly rho: number;
}

/** The compiled module, as far as it is used; its own types lean on a package it does not bring. */
interface Libsvm {
  readonly HEAP32: Int32Array;
  readonly HEAPF64: Float64Array;
  _malloc(bytes: number): number;
  _free(pointer: number): void;
  _make_samples(data: number, labels: number, count: number, width: number): number;
  _make_param(...values: number[]): number;
  _train_model(samples: number, parameter: number): number;
  _free_model(model: number): void;
  _free_sample(samples: number): void;
}

interface LibsvmOptions {
  readonly wasmBinary: Uint8Array;
  readonly print: (line: string) => void;
  readonly printErr: (line: string) => void;
}

const create = factory as unknown as (options: LibsvmOptions) => Promise<Libsvm>;

// C structures of LIBSVM compiled for 32-bit pointers, as indices of 4-byte words.
const problemWords = { rows: 2 } as const;
const modelWords = {
  classCount: 24,
  coefficients: 27,
  rho: 28,
  indices: 31,
  labels: 32,
  counts: 33,
};
const classifier = 0;
const precomputed = 4;
const cacheMegabytes = 16;

/**
 * Trains a machine for each pair of classes, ordered by (positive, negative). The result depends on
 * nothing but the arguments; calls may overlap.
 *
 * @throws RangeError when the matrix is not square, not finite or does not fit the labels, when there
 * are fewer than two classes, or when C, tolerance or a weight is not positive
 */
export async function solveDual(problem: DualProblem): Promise<Machine[]> {
  const { kernel, labels, C, tolerance, classWeights = {} } = problem;
  check(problem);
  const library = await load();
  // LIBSVM numbers classes as they come; sorted samples make that the order of the labels.
  const order = labels.map((_, i) => i).sort((a, b) => labels[a]! - labels[b]! || a - b);
  const samples = passSamples(library, order.map((i) => [labels[i]!, kernel[i]!, order]));
  const weights = passWeights(library, classWeights);
  // deno-fmt-ignore
  const parameter = library._make_param(classifier, precomputed, 0, 0, 0, 0, cacheMegabytes, C,
    tolerance, 0, 1, 0, weights.count, weights.labels, weights.values);
  const model = library._train_model(samples.pointer, parameter);
  try {
    return readMachines(library, model, order);
  } finally {
    library._free_model(model);
    library._free(parameter); // its weights were freed by train_model
    library._free(samples.nodes);
    library._free_sample(samples.pointer);
  }
}

function check({ kernel, labels, C, tolerance, classWeights = {} }: DualProblem): void {
  const n = labels.length;
  if (kernel.length !== n || kernel.some((row) => row.length !== n)) {
    throw new RangeError(`The kernel matrix must be ${n} by ${n}, as there are ${n} labels`);
  }
  if (!labels.every(Number.isInteger) || new Set(labels).size < 2) {
    throw new RangeError("An SVM needs integer labels of at least two classes");
  }
  // LIBSVM would iterate on NaN until its limit of ten million steps.
  if (!kernel.every((row) => row.every(Number.isFinite))) {
    throw new RangeError("The kernel matrix has values that are not finite");
  }
  const positive = { C, tolerance, ...classWeights };
  for (const [name, value] of Object.entries(positive)) {
    if (!(value > 0 && value < Infinity)) {
      throw new RangeError(`C, tolerance and weights must be positive, got ${name} = ${value}`);
    }
  }
}

let loading: Promise<Libsvm> | undefined;

function load(): Promise<Libsvm> {
  loading ??= instantiate();
  return loading;
}

async function instantiate(): Promise<Libsvm> {
  // Its own loader would pass a path to fetch().
  const file = createRequire(import.meta.url).resolve("libsvm-wasm/dist/libsvm.wasm");
  const wasmBinary = await readFile(file);
  const before = process.listeners("unhandledRejection");
  const library = create({ wasmBinary, print: () => {}, printErr: console.warn });
  // The module aborts itself on any unhandled rejection of the process, ours included.
  for (const listener of process.listeners("unhandledRejection")) {
    if (!before.includes(listener)) process.removeListener("unhandledRejection", listener);
  }
  return await library;
}

type Row = readonly [label: number, kernel: Float64Array, columns: readonly number[]];

/** Copies samples in LIBSVM's format for kernel matrices: number of the sample, then kernel values. */
function passSamples(
  library: Libsvm,
  rows: readonly Row[],
): { pointer: number; nodes: number } {
  const width = rows.length + 1;
  const data = library._malloc(8 * rows.length * width);
  const labels = library._malloc(8 * rows.length);
  const values = library.HEAPF64;
  rows.forEach(([label, kernel, columns], i) => {
    values[labels / 8 + i] = label;
    const start = data / 8 + i * width;
    values[start] = i + 1;
    for (let j = 0; j < columns.length; j++) values[start + 1 + j] = kernel[columns[j]!]!;
  });
  const pointer = library._make_samples(data, labels, rows.length, width);
  library._free(data);
  library._free(labels);
  // All nodes lie in one block, which the first row points to and free_sample forgets.
  const words = library.HEAP32;
  const nodes = words[words[pointer / 4 + problemWords.rows]! / 4]!;
  return { pointer, nodes };
}

function passWeights(
  library: Libsvm,
  classWeights: Readonly<Record<number, number>>,
): { count: number; labels: number; values: number } {
  const entries = Object.entries(classWeights);
  const labels = library._malloc(4 * entries.length);
  const values = library._malloc(8 * entries.length);
  entries.forEach(([label, weight], i) => {
    library.HEAP32[labels / 4 + i] = Number(label);
    library.HEAPF64[values / 8 + i] = weight;
  });
  return { count: entries.length, labels, values };
}

/** Reads a trained model out of LIBSVM's memory. */
function readMachines(library: Libsvm, model: number, order: readonly number[]): Machine[] {
  const words = library.HEAP32;
  const field = (name: keyof typeof modelWords) => words[model / 4 + modelWords[name]]!;
  const list = (
    name: keyof typeof modelWords,
    length: number,
  ) => [...words.subarray(field(name) / 4, field(name) / 4 + length)];
  const labels = list("labels", field("classCount"));
  const counts = list("counts", labels.length);
  const starts = counts.map((_, c) => counts.slice(0, c).reduce((a, b) => a + b, 0));
  const samples = list("indices", starts.at(-1)! + counts.at(-1)!).map((i) => order[i - 1]!);
  const rows = list("coefficients", labels.length - 1);
  // The support vectors of class c have their coefficients against the other classes in
  // rows 0, 1, …, where the class itself is passed over.
  const part = (
    c: number,
    row: number,
  ) => [...library.HEAPF64.subarray(rows[row]! / 8).subarray(starts[c]!, starts[c]! + counts[c]!)];
  const machines: Machine[] = [];
  labels.forEach((positive, i) => {
    for (let j = i + 1; j < labels.length; j++) {
      const support = [i, j].flatMap((c) => samples.slice(starts[c]!, starts[c]! + counts[c]!));
      const coefficients = [...part(i, j - 1), ...part(j, i)];
      const rho = library.HEAPF64[field("rho") / 8 + machines.length]!;
      machines.push({ positive, negative: labels[j]!, support, coefficients, rho });
    }
  });
  return machines;
}
