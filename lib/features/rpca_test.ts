import assert from "node:assert/strict";
import { rng } from "lib/core/rng.ts";
import { robustPca } from "./rpca.ts";
import golden from "./testdata/rpca.json" with { type: "json" };

const largest = (values: Iterable<number>) => Math.max(...Array.from(values, Math.abs));
const difference = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  largest(Array.from(a, (value, i) => value - b[i]!));

/** A matrix of a known rank, and spikes at a few places. */
function corrupted(rows: number, columns: number, rank: number) {
  const stream = rng(1, rows, columns);
  const normals = (count: number) => Float64Array.from({ length: count }, () => stream.normal());
  const [left, right] = [normals(rows * rank), normals(rank * columns)];
  const low = Float64Array.from({ length: rows * columns }, (_, i) => {
    const [row, column] = [Math.floor(i / columns), i % columns];
    let sum = 0;
    for (let k = 0; k < rank; k++) sum += left[row * rank + k]! * right[k * columns + column]!;
    return sum;
  });
  const spikes = low.map(() => stream.next() < 0.05 ? 20 * (stream.next() - 0.5) : 0);
  return { low, spikes, data: low.map((value, i) => value + spikes[i]!) };
}

Deno.test("robustPca() recovers a known sum of a low-rank and a sparse matrix", () => {
  for (const [rows, columns, rank] of [[60, 200, 2], [64, 64, 2], [31, 1000, 1]] as const) {
    const { low, spikes, data } = corrupted(rows, columns, rank);
    const found = robustPca(data, rows);
    assert.equal(found.rank, rank);
    assert.ok(difference(found.lowRank, low) < 1e-4, `${difference(found.lowRank, low)}`);
    assert.ok(difference(found.sparse, spikes) < 1e-4);
    assert.ok(found.residual < 1e-7);
    // Where there is no spike, there is exactly nothing.
    assert.ok(spikes.every((spike, i) => spike !== 0 || found.sparse[i] === 0));
  }
});

Deno.test("robustPca() agrees with NumPy's singular values to 1e-7, iteration by iteration", () => {
  for (const { rows, data, lowRank, sparse, rank, iterations } of golden.cases) {
    const found = robustPca(Float64Array.from(data), rows);
    assert.ok(difference(found.lowRank, lowRank) < 1e-7, `${difference(found.lowRank, lowRank)}`);
    assert.ok(difference(found.sparse, sparse) < 1e-7);
    assert.deepEqual([found.rank, found.iterations], [rank, iterations]);
  }
});

Deno.test("robustPca() leaves a matrix that stands still without a sparse part", () => {
  const frame = Array.from({ length: 50 }, (_, i) => 0.5 + 0.3 * Math.sin(i));
  const still = Float32Array.from({ length: 7 * 50 }, (_, i) => frame[i % 50]!);
  const { rank, sparse } = robustPca(still, 7);
  assert.equal(rank, 1);
  assert.ok(largest(sparse) < 1e-6);
  const one = robustPca(Float64Array.of(3, -4), 1);
  assert.ok(difference(one.lowRank.map((value, i) => value + one.sparse[i]!), [3, -4]) < 1e-6);
});

Deno.test("robustPca() scales with its matrix, and does not depend on the call before", () => {
  const { data } = corrupted(10, 100, 2);
  const first = robustPca(data, 10);
  robustPca(corrupted(33, 90, 2).data, 33);
  assert.deepEqual(robustPca(data, 10), first);
  const scaled = robustPca(data.map((value) => 1024 * value), 10);
  assert.deepEqual(scaled.sparse, first.sparse.map((value) => 1024 * value));
});

Deno.test("robustPca() stops where it is told to, and weighs sparseness as it is told to", () => {
  const { data } = corrupted(10, 100, 2);
  assert.equal(robustPca(data, 10, { iterations: 3 }).iterations, 3);
  assert.ok(robustPca(data, 10, { tolerance: 1e-3 }).iterations < 20);
  assert.equal(robustPca(data, 10, { lambda: 10 }).sparse.some((value) => value !== 0), false);
  const zeros = robustPca(new Float32Array(12), 3);
  assert.deepEqual([zeros.rank, zeros.iterations, zeros.residual], [0, 0, 0]);
});

Deno.test("robustPca() refuses what it cannot take apart", () => {
  const some = new Float64Array(12);
  for (const rows of [0, 5, 1.5, -1]) assert.throws(() => robustPca(some, rows), RangeError);
  assert.throws(() => robustPca(Float64Array.of(1, NaN), 1), /not finite/);
  assert.throws(() => robustPca(some, 3, { tolerance: 0 }), /must be positive/);
});
