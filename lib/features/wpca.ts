/**
 * Whitened principal components of many features of few samples, by their kernel matrix.
 *
 * @module
 */
import { symmetricEigen } from "./eigen.ts";

/** Principal components that were fitted on training samples. */
export interface Wpca {
  /** The training samples: one row a sample, one column a component, mean 0 and variance 1. */
  readonly train: readonly Float64Array[];
  /**
   * Other samples, from their kernel values against the training samples.
   *
   * @throws RangeError when a row does not have one value a training sample
   */
  project(rows: readonly Float64Array[]): Float64Array[];
}

/**
 * Fits whitened PCA. With d features and n samples, n much smaller, the components are found from the
 * n × n matrix of scalar products, centred in feature space; a component's scores are divided by their
 * standard deviation (with n − 1). Components with less than 1e-10 of the largest variance are dropped, so
 * there are n − 1 at most.
 *
 * @param matrix scalar products of the training samples, and of no others; with another kernel's matrix
 * this is kernel PCA
 * @param components how many to keep at most; default: all
 * @throws RangeError for a matrix that is not square or not finite, and components that are not a
 * positive integer
 */
export function fitWpca(matrix: readonly Float64Array[], components = Infinity): Wpca {
  if (components !== Infinity && (!Number.isInteger(components) || components < 1)) {
    throw new RangeError(`The number of components must be a positive integer, got ${components}`);
  }
  const n = matrix.length;
  const means = Float64Array.from(matrix, mean);
  const mid = mean(means);
  const centred = matrix.map((row, i) =>
    row.map((value, j) => value - means[i]! - means[j]! + mid)
  );
  const { values, vectors } = symmetricEigen(centred);
  const least = 1e-10 * (values[0] ?? 0);
  const kept = vectors.slice(0, Math.min(components, n - 1)).filter((_, k) => values[k]! > least);
  const factor = Math.sqrt(n - 1);
  const train = matrix.map((_, i) => Float64Array.from(kept, (vector) => factor * vector[i]!));
  const project = (rows: readonly Float64Array[]) =>
    rows.map((row) => {
      if (row.length !== n) {
        throw new RangeError(`A kernel row must have ${n} values, one a sample`);
      }
      const own = mean(row);
      const shifted = row.map((value, j) => value - own - means[j]! + mid);
      return Float64Array.from(kept, (vector, k) => factor * dot(vector, shifted) / values[k]!);
    });
  return { train, project };
}

function mean(values: Float64Array): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
