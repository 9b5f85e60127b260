import assert from "node:assert/strict";
import { rng } from "lib/core/rng.ts";
import { symmetricEigen } from "./eigen.ts";
import { kernelMatrix } from "./kernels.ts";
import { fitStandardiser } from "./standardise.ts";
import { fitWpca } from "./wpca.ts";
import golden from "./testdata/features.json" with { type: "json" };

const rowsOf = (rows: readonly (readonly number[])[]) => rows.map((row) => Float64Array.from(row));
const [train, test] = [rowsOf(golden.train), rowsOf(golden.test)];
const linear = { kind: "linear" } as const;
const wpca = (components?: number) => fitWpca(kernelMatrix(train, train, linear), components);

function near(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  assert.equal(actual.length, expected.length);
  for (let i = 0; i < actual.length; i++) {
    const difference = Math.abs(actual[i]! - expected[i]!);
    assert.ok(difference <= tolerance, `${i}: ${actual[i]}, not ${expected[i]}`);
  }
}

/** A component's sign is free: each column gets that of the expected one. */
function nearColumns(actual: readonly Float64Array[], expected: readonly number[][]): void {
  const columns = expected[0]!.length;
  for (let k = 0; k < columns; k++) {
    const [a, e] = [actual.map((row) => row[k]!), expected.map((row) => row[k]!)];
    const sign = Math.sign(a.reduce((sum, value, i) => sum + value * e[i]!, 0));
    near(a.map((value) => sign * value), e, 1e-9);
  }
}

Deno.test("fitWpca() agrees with scikit-learn's whitened PCA to 1e-9", () => {
  const fitted = wpca();
  assert.ok(fitted.train.every((row) => row.length === 7));
  const projected = fitted.project(kernelMatrix(test, train, linear));
  nearColumns([...fitted.train, ...projected], [...golden.whitened.train, ...golden.whitened.test]);
});

Deno.test("fitWpca() gives components of mean 0, variance 1 and no correlation", () => {
  const { train: scores } = wpca();
  for (let j = 0; j < 7; j++) {
    near([scores.reduce((sum, row) => sum + row[j]!, 0)], [0], 1e-9);
    for (let k = 0; k < 7; k++) {
      const product = scores.reduce((sum, row) => sum + row[j]! * row[k]!, 0) / 7;
      near([product], [j === k ? 1 : 0], 1e-9);
    }
  }
});

Deno.test("fitWpca() keeps the largest components, and none without variance", () => {
  const all = wpca().train;
  wpca(3).train.forEach((row, i) => near(row, all[i]!.subarray(0, 3), 1e-12));
  const twice = [...train, ...train];
  assert.equal(fitWpca(kernelMatrix(twice, twice, linear)).train[0]!.length, 7);
  const equal = [train[0]!, train[0]!];
  assert.equal(fitWpca(kernelMatrix(equal, equal, linear)).train[0]!.length, 0);
  assert.throws(() => wpca(0), /positive integer, got 0/);
  assert.throws(() => wpca().project([Float64Array.of(1)]), /must have 8 values/);
});

Deno.test("fitWpca() projects the training samples onto themselves", () => {
  const matrix = kernelMatrix(train, train, linear);
  const fitted = fitWpca(matrix);
  fitted.project(matrix).forEach((row, i) => near(row, fitted.train[i]!, 1e-9));
});

Deno.test("fitStandardiser() agrees with scikit-learn's StandardScaler to 1e-12", () => {
  const standardise = fitStandardiser(train);
  standardise(train).forEach((row, i) => near(row, golden.standardised.train[i]!, 1e-12));
  standardise(test).forEach((row, i) => near(row, golden.standardised.test[i]!, 1e-12));
});

Deno.test("fitStandardiser() makes a constant column 0, not NaN and not noise", () => {
  const rows = rowsOf([[0.1, 1], [0.1, 2], [0.1, 6]]);
  near(fitStandardiser(rows)(rows).map((row) => row[0]!), [0, 0, 0], 1e-12);
  near(fitStandardiser(rows)(rowsOf([[0.6, 3]]))[0]!, [0.5, 0], 1e-12);
  assert.throws(() => fitStandardiser([]), /without rows/);
  assert.throws(() => fitStandardiser(rows)(rowsOf([[1]])), /must have 2 values/);
});

Deno.test("symmetricEigen() finds eigenvalues worked by hand", () => {
  const { values, vectors } = symmetricEigen(rowsOf([[2, 1, 0], [1, 2, 0], [0, 0, 5]]));
  near(values, [5, 3, 1], 1e-12);
  const h = Math.SQRT1_2;
  [[0, 0, 1], [h, h, 0], [h, -h, 0]].forEach((vector, k) => near(vectors[k]!, vector, 1e-12));
  near(symmetricEigen(rowsOf([[0, 0], [0, 0]])).values, [0, 0], 0);
  near(symmetricEigen(rowsOf([[-3]])).values, [-3], 0);
  assert.deepEqual(symmetricEigen([]).vectors, []);
});

Deno.test("symmetricEigen() takes random, low-rank and diagonal matrices apart and together", () => {
  const stream = rng(1, "eigen");
  for (const [n, rank] of [[2, 2], [3, 3], [7, 2], [40, 40], [60, 11], [90, 90]] as const) {
    const points = Array.from(
      { length: n },
      () => Float64Array.from({ length: rank }, () => stream.normal()),
    );
    const matrix = kernelMatrix(points, points, linear);
    const { values, vectors } = symmetricEigen(matrix);
    assert.ok(values.every((value, k) => k === 0 || value <= values[k - 1]!));
    near(values.subarray(rank), new Float64Array(n - rank), 1e-10);
    const products = kernelMatrix(vectors, vectors, linear);
    products.forEach((row, i) => near(row, row.map((_, j) => (i === j ? 1 : 0)), 1e-12));
    const rebuilt = matrix.map((_, i) =>
      matrix.map((_, j) => vectors.reduce((sum, v, k) => sum + values[k]! * v[i]! * v[j]!, 0))
    );
    rebuilt.forEach((row, i) => near(row, matrix[i]!, 1e-10));
  }
  const diagonal = rowsOf([[1, 0, 0], [0, 1, 0], [0, 0, -2]]);
  near(symmetricEigen(diagonal).values, [1, 1, -2], 0);
  assert.throws(() => symmetricEigen(rowsOf([[NaN]])), { name: "RangeError" });
});
