/**
 * Kernels whose γ is taken from the training rows.
 *
 * @module
 */
import { chiSquareDistance, type FeatureRow, type Kernel } from "./kernels.ts";

/** The kernels by name. */
export type KernelName = Kernel["kind"];

/**
 * A kernel with γ such that its values are neither all 0 nor all 1:
 * - `polynomial` and `rbf`: 1 / (d · variance of all values of the d columns), as scikit-learn's `scale`;
 *   the polynomial's constant is 0;
 * - `chi-square`: 1 / the mean distance between two different rows (Zhang, Marszałek, Lazebnik and
 *   Schmid, "Local features and kernels for classification of texture and object categories", 2007).
 *
 * Where the variance or the mean distance is 0, γ is 1: all rows are equal then, or alike to the kernel.
 *
 * @param rows of the training samples, and of no others
 * @param degree of the polynomial
 */
export function scaledKernel(name: KernelName, rows: readonly FeatureRow[], degree = 3): Kernel {
  switch (name) {
    case "linear":
      return { kind: name };
    case "polynomial":
      return { kind: name, gamma: inverse(spread(rows)), degree, coef0: 0 };
    case "rbf":
      return { kind: name, gamma: inverse(spread(rows)) };
    case "chi-square":
      return { kind: name, gamma: inverse(meanDistance(rows)) };
  }
}

function inverse(scale: number): number {
  return scale > 0 ? 1 / scale : 1;
}

/** The number of columns times the variance of all values. */
function spread(rows: readonly FeatureRow[]): number {
  const columns = rows[0]?.length ?? 0;
  const count = rows.length * columns;
  let sum = 0;
  for (const row of rows) for (const value of row) sum += value;
  const mean = sum / count;
  let squares = 0;
  for (const row of rows) for (const value of row) squares += (value - mean) ** 2;
  return count === 0 ? 0 : columns * squares / count;
}

function meanDistance(rows: readonly FeatureRow[]): number {
  let sum = 0;
  rows.forEach((row, i) => {
    for (let j = 0; j < i; j++) sum += chiSquareDistance(row, rows[j]!);
  });
  const pairs = rows.length * (rows.length - 1) / 2;
  return pairs === 0 ? 0 : sum / pairs;
}
