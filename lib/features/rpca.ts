/**
 * Robust PCA: a matrix as the sum of one of low rank and a sparse one.
 *
 * The loops are WebAssembly SIMD (`rip/kernels/rpca.as.ts`), computed alike on every processor.
 *
 * @module
 */
import { symmetricEigen } from "./eigen.ts";
import * as kernel from "./rip/kernels/rpca.wasm";
import {
  layOut,
  matrixAt,
  type Memory,
  numbersAt,
  readMatrix,
  tileBytes,
  writeMatrix,
} from "./rip/rpca_memory.ts";

/** Settings of {@linkcode robustPca}. */
export interface RobustPcaOptions {
  /** Weight of the sparse part; default 1 / √(the larger side). */
  readonly lambda?: number;
  /** Stops when ‖D − A − E‖ / ‖D‖ is below; default 1e-7. */
  readonly tolerance?: number;
  /** Stops after so many iterations at the latest; default 500. */
  readonly iterations?: number;
}

/** A matrix taken apart. */
export interface LowRankSparse {
  /** A, row by row. */
  readonly lowRank: Float64Array;
  /** E, row by row; most of it is exactly 0. */
  readonly sparse: Float64Array;
  /** The rank of A. */
  readonly rank: number;
  readonly iterations: number;
  /** ‖D − A − E‖ / ‖D‖ in the Frobenius norm; 0 for a matrix of zeros. */
  readonly residual: number;
}

// The penalty starts at 1.25 / ‖D‖₂, and grows by this factor up to 1e7 times that.
const growth = 1.5, mostGrowth = 1e7;

/**
 * Solves min ‖A‖_* + λ‖E‖₁ with A + E = D by the inexact augmented Lagrange multiplier method (Z. Lin, M.
 * Chen, Y. Ma, "The augmented Lagrange multiplier method for exact recovery of corrupted low-rank matrices",
 * arXiv 1009.5055, 2010, algorithm 5), with the penalties of the authors' program.
 *
 * DEVIATION: the singular value decomposition of the article is replaced by that of the rows' scalar products.
 *
 * Meant for few rows and many columns, such as the frames of a clip: singular values come from the
 * eigenvalues of the rows' scalar products, in double precision. So those below about 1e-8 of the largest
 * are rounding; the thresholds stay above that.
 *
 * @param data D, row by row
 * @param rows how many, at least 1; the rest of the length is columns
 * @throws RangeError when the length is not made of whole rows, a value is not finite, or an option is not
 * positive
 */
export function robustPca(
  data: Float32Array | Float64Array,
  rows: number,
  { lambda, tolerance = 1e-7, iterations: most = 500 }: RobustPcaOptions = {},
): LowRankSparse {
  const columns = data.length / rows;
  if (!Number.isInteger(rows) || rows < 1 || !Number.isInteger(columns) || columns < 1) {
    throw new RangeError(`Cannot take apart ${data.length} values as ${rows} rows`);
  }
  const weight = lambda ?? 1 / Math.sqrt(Math.max(rows, columns));
  if (!(weight > 0 && tolerance > 0 && most >= 1)) {
    throw new RangeError("The weight, the tolerance and the number of iterations must be positive");
  }
  const memory = layOut(rows, columns);
  const norm = Math.sqrt(writeMatrix(data, memory));
  if (norm === 0) {
    const zeros = () => new Float64Array(data.length);
    return { lowRank: zeros(), sparse: zeros(), rank: 0, iterations: 0, residual: 0 };
  }
  const found = solve(memory, { weight, norm, tolerance, most });
  return {
    lowRank: readMatrix(memory, memory.low),
    sparse: readMatrix(memory, memory.sparse),
    ...found,
  };
}

interface Problem {
  readonly weight: number;
  /** Of D, Frobenius. */
  readonly norm: number;
  readonly tolerance: number;
  readonly most: number;
}

function solve(
  memory: Memory,
  { weight, norm, tolerance, most }: Problem,
): Pick<LowRankSparse, "rank" | "iterations" | "residual"> {
  const { tileRows, tiles, data, dual } = memory;
  for (let k = 0; k < tiles; k++) {
    kernel.gram(data + k * tileBytes(memory), tileRows, memory.sum);
  }
  const spectral = Math.sqrt(spectrum(memory).values[0]!);
  const matrix = matrixAt(memory, data);
  const largest = matrix.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const first = 1.25 / spectral;
  // The first multipliers are D / max(‖D‖₂, ‖D‖∞ / λ), the first E is 0: so D − E + V is D times a number.
  const share = 1 / (Math.max(spectral, largest / weight) * first);
  const multipliers = matrixAt(memory, dual);
  matrix.forEach((value, i) => multipliers[i] = share * value);
  const sum = numbersAt(memory.sum, tileRows ** 2);
  sum.forEach((value, i) => sum[i] = (1 + share) ** 2 * value);
  let penalty = first;
  for (let iterations = 1;; iterations++) {
    const { rank, factorRows } = writeProjector(memory, 1 / penalty);
    const next = Math.min(growth * penalty, mostGrowth * first);
    // deno-fmt-ignore: where, how much, with what
    const rest = kernel.iterate(
      data, memory.sparse, dual, memory.low, tiles, tileRows,
      memory.projector, factorRows, weight / penalty, penalty / next, memory.sum, memory.scratch,
    );
    const residual = Math.sqrt(rest) / norm;
    if (residual < tolerance || iterations >= most) return { rank, iterations, residual };
    penalty = next;
  }
}

/** Eigenvalues and eigenvectors of the scalar products in memory. */
function spectrum({ sum, rows, tileRows }: Memory): ReturnType<typeof symmetricEigen> {
  const lower = numbersAt(sum, tileRows ** 2);
  return symmetricEigen(Array.from({ length: rows }, (_, i) =>
    Float64Array.from(
      { length: rows },
      (_, j) => lower[Math.max(i, j) * tileRows + Math.min(i, j)]!,
    )));
}

/** What {@linkcode writeProjector} wrote. */
interface Projector {
  /** How many singular values are left. */
  readonly rank: number;
  /** Rows of the first of two factors; 0 where the matrix was written as a whole. */
  readonly factorRows: number;
}

/**
 * Writes the matrix that reduces each singular value by a threshold, U diag(max(0, 1 − τ/σ)) Uᵀ: as its
 * factors, where few singular values are left and two products are less work than one.
 */
function writeProjector(memory: Memory, threshold: number): Projector {
  const { rows, tileRows, projector } = memory;
  const { values, vectors } = spectrum(memory);
  const singular = values.map((value) => Math.sqrt(Math.max(0, value)));
  const kept = vectors.filter((_, k) => singular[k]! > threshold);
  const share = (k: number) => 1 - threshold / singular[k]!;
  const matrix = numbersAt(projector, tileRows ** 2).fill(0);
  const rank = kept.length;
  const factorRows = 4 * Math.ceil(rank / 4);
  if (2 * factorRows < tileRows) {
    const second = matrix.subarray(factorRows * tileRows);
    kept.forEach((vector, k) => {
      for (let i = 0; i < rows; i++) {
        matrix[i * factorRows + k] = vector[i]!;
        second[k * tileRows + i] = share(k) * vector[i]!;
      }
    });
    return { rank, factorRows };
  }
  kept.forEach((vector, k) => {
    for (let i = 0; i < rows; i++) {
      const factor = share(k) * vector[i]!;
      for (let j = 0; j < rows; j++) matrix[i * tileRows + j]! += factor * vector[j]!;
    }
  });
  return { rank, factorRows: 0 };
}
