import assert from "node:assert/strict";
import { chiSquareDistance, type Kernel, kernelMatrix } from "./kernels.ts";
import { scaledKernel } from "./kernel_scale.ts";
import golden from "./testdata/features.json" with { type: "json" };

const rowsOf = (rows: readonly (readonly number[])[]) => rows.map((row) => Float64Array.from(row));
const [train, test] = [rowsOf(golden.train), rowsOf(golden.test)];

function near(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  assert.equal(actual.length, expected.length);
  for (let i = 0; i < actual.length; i++) {
    const difference = Math.abs(actual[i]! - expected[i]!);
    assert.ok(difference <= tolerance, `${i}: ${actual[i]}, not ${expected[i]}`);
  }
}

for (const { kernel, values } of golden.kernels) {
  Deno.test(`kernelMatrix() agrees with scikit-learn to 1e-12: ${kernel.kind}`, () => {
    const matrix = kernelMatrix(test, train, kernel as Kernel);
    matrix.forEach((row, i) => near(row, values[i]!, 1e-12));
  });
}

Deno.test("kernelMatrix() of rows with themselves is symmetric, and takes single precision", () => {
  const singles = train.map((row) => Float32Array.from(row));
  for (const { kernel } of golden.kernels) {
    const matrix = kernelMatrix(singles, singles, kernel as Kernel);
    matrix.forEach((row, i) => row.forEach((value, j) => assert.equal(value, matrix[j]![i])));
    const whole = kernelMatrix(train, train, kernel as Kernel);
    matrix.forEach((row, i) => near(row, whole[i]!, 1e-5));
  }
});

Deno.test("kernelMatrix() refuses negative histograms and rows of different lengths", () => {
  const negative = [Float64Array.of(1, -1)];
  const chiSquare = { kind: "chi-square", gamma: 1 } as const;
  assert.throws(() => kernelMatrix(negative, negative, chiSquare), /no negative values/);
  const longer = [Float64Array.of(1, 2, 3)];
  assert.throws(() => kernelMatrix(negative, longer, { kind: "linear" }), /different lengths/);
});

Deno.test("chiSquareDistance() counts bins that are empty in both as equal", () => {
  assert.equal(chiSquareDistance(Float64Array.of(0, 1, 3), Float64Array.of(0, 3, 1)), 2);
  assert.equal(chiSquareDistance(Float64Array.of(0, 2), Float64Array.of(0, 2)), 0);
});

Deno.test("scaledKernel() takes γ as scikit-learn's scale, or from the mean distance", () => {
  const gamma = (name: "rbf" | "polynomial" | "chi-square") => {
    const kernel = scaledKernel(name, train);
    return "gamma" in kernel ? kernel.gamma : NaN;
  };
  near([gamma("rbf"), gamma("polynomial")], [golden.scale, golden.scale], 1e-9);
  const rows = rowsOf([[2, 0], [0, 2], [1, 1]]);
  const kernel = scaledKernel("chi-square", rows);
  assert.ok(kernel.kind === "chi-square");
  const distances = [4, 1 / 3 + 1, 1 / 3 + 1];
  near([kernel.gamma], [3 / distances.reduce((a, b) => a + b)], 1e-12);
});

Deno.test("scaledKernel() has a γ for rows that are all equal", () => {
  const rows = rowsOf([[1, 1], [1, 1]]);
  for (const name of ["rbf", "polynomial", "chi-square"] as const) {
    const kernel = scaledKernel(name, rows);
    assert.ok("gamma" in kernel && kernel.gamma === 1);
  }
});
