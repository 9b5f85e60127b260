/**
 * Features of mean 0 and variance 1.
 *
 * @module
 */
import type { FeatureRow } from "./kernels.ts";

/** Applies what was fitted to any rows. */
export type Standardiser = (rows: readonly FeatureRow[]) => Float64Array[];

/**
 * Fits the mean and the standard deviation (with n, as scikit-learn's StandardScaler) of each column. A
 * column that is constant among the training rows becomes 0 for them, and its difference from that
 * constant for others.
 *
 * @param rows of the training samples, and of no others
 * @throws RangeError when there are no rows or they differ in length; likewise when applied
 */
export function fitStandardiser(rows: readonly FeatureRow[]): Standardiser {
  const columns = rows[0]?.length ?? 0;
  const check = (some: readonly FeatureRow[]) => {
    if (some.some((row) => row.length !== columns)) {
      throw new RangeError(`Feature vectors must have ${columns} values`);
    }
  };
  if (rows.length === 0) throw new RangeError("Cannot standardise without rows");
  check(rows);
  const means = new Float64Array(columns);
  for (const row of rows) row.forEach((value, j) => means[j]! += value / rows.length);
  const variances = new Float64Array(columns);
  for (const row of rows) {
    row.forEach((value, j) => variances[j]! += (value - means[j]!) ** 2 / rows.length);
  }
  // What is left of a constant column is rounding.
  const scales = variances.map((v, j) => v > 1e-24 * means[j]! ** 2 ? Math.sqrt(v) : 1);
  return (some) => {
    check(some);
    return some.map((row) => Float64Array.from(row, (x, j) => (x - means[j]!) / scales[j]!));
  };
}
