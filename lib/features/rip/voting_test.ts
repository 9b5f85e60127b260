import assert from "node:assert/strict";
import { rng } from "lib/core/rng.ts";
import { innerSubjectFolds } from "lib/protocol/splits.ts";
import { compareGroups } from "./groups.ts";
import { bestGroups, groupScores, laplacianScores } from "./laplacian.ts";
import { type PairVoting, voteByPairs } from "./voting.ts";

Deno.test("laplacianScores() gives the scores worked out by hand", () => {
  // Columns: told apart entirely, not at all, constant, half.
  const items = Float64Array.of(0, 0, 7, 0, 0, 2, 7, 2, 2, 0, 7, 2, 2, 2, 7, 4);
  assert.deepEqual([...laplacianScores(items, [0, 0, 1, 1])], [0, 1, 1, 0.5]);
});

Deno.test("laplacianScores() is the graph's quadratic form over the variance", () => {
  const stream = rng(3);
  const categories = [0, 1, 1, 0, 1, 1, 1, 0];
  const feature = Float64Array.from(categories, (c) => stream.normal() + c);
  const weight = (i: number, j: number) =>
    categories[i] === categories[j]
      ? 1 / categories.filter((category) => category === categories[i]).length
      : 0;
  // Every row of weights sums up to 1, so that D is the identity.
  const mean = feature.reduce((a, b) => a + b) / feature.length;
  const variance = feature.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  let form = 0;
  feature.forEach((a, i) => feature.forEach((b, j) => form += weight(i, j) * (a - b) ** 2 / 2));
  assert.ok(Math.abs(laplacianScores(feature, categories)[0]! - form / variance) < 1e-12);
});

Deno.test("bestGroups() takes the lowest scores, at least one, of equals the first", () => {
  const scores = Float64Array.of(0.5, 0.2, 0.5, 0.9);
  assert.deepEqual(bestGroups(scores, 0.5), [0, 1]);
  assert.deepEqual(bestGroups(scores, 0.75), [0, 1, 2]);
  assert.deepEqual(bestGroups(scores, 0.01), [1]);
  assert.deepEqual(bestGroups(scores, 1), [0, 1, 2, 3]);
});

Deno.test("compareGroups() compares group by group with the training samples", () => {
  const rows = [[1, 3, 2, 0], [3, 1, 2, 0], [1, 3, 0, 2]].map((row) => Float32Array.from(row));
  const table = compareGroups({
    train: rows.slice(0, 2),
    others: rows.slice(2),
    length: 2,
    products: true,
  });
  assert.equal(table.groups, 2);
  // χ² of (1, 3) and (3, 1): 4/4 + 4/4; of (2, 0) and (0, 2): 2 + 2.
  assert.deepEqual(table.distances.map((row) => [...row]), [[0, 0, 2, 0], [2, 0, 0, 0], [
    0,
    4,
    2,
    4,
  ]]);
  assert.deepEqual(table.products!.map((row) => [...row]), [
    [10, 4, 6, 4],
    [6, 4, 10, 4],
    [10, 0, 6, 0],
  ]);
  const train = [new Float32Array(4), new Float32Array(5)];
  assert.throws(() => compareGroups({ train, others: [], length: 2, products: false }), RangeError);
});

const [blocks, length] = [6, 4];

/** Histograms in which block `label` tells a class from others, for eight subjects. */
function histograms(seed: number) {
  const stream = rng(seed);
  const items = Array.from({ length: 48 }, (_, i) => ({
    clip: `c${String(i).padStart(2, "0")}`,
    subject: `s${Math.floor(i / 6)}`,
    label: i % 3,
  }));
  const rows = items.map(({ label }) =>
    Float32Array.from({ length: blocks * length }, (_, k) => {
      const block = Math.floor(k / length);
      return 0.25 + 0.05 * stream.next() + (block === label && k % length === 0 ? 0.3 : 0);
    })
  );
  return { items, rows };
}

function taskOf(
  kernel: PairVoting["kernel"],
  others: readonly Float32Array[],
): PairVoting {
  const { items, rows } = histograms(1);
  const train = items.slice(0, 42);
  return {
    table: compareGroups({ train: rows.slice(0, 42), others, length, products: true }),
    kernel,
    train,
    testCount: others.length,
    classCount: 4,
    folds: innerSubjectFolds(train, 3, rng(2)),
    costs: [0.25, 4, 64],
    shares: [1, 0.34],
  };
}

const held = histograms(1).rows.slice(42);

Deno.test("groupScores() finds the blocks that tell two classes apart", () => {
  const { train, table } = taskOf("linear", []);
  const members = [...train.keys()].filter((i) => train[i]!.label !== 1);
  const labels = members.map((i) => train[i]!.label);
  assert.deepEqual(bestGroups(groupScores(table, { members, labels }), 0.34), [0, 2]);
});

Deno.test("voteByPairs() classifies, and gives a class without training clips -1", async () => {
  for (const kernel of ["linear", "chi-square"] as const) {
    const scores = await voteByPairs(taskOf(kernel, held));
    assert.deepEqual(scores.map((row) => row.indexOf(Math.max(...row))), [0, 1, 2, 0, 1, 2]);
    for (const row of scores) {
      assert.equal(row[3], -1);
      // Two of three machines speak for the class; decision values add less than a third of a vote.
      assert.ok(Math.abs(Math.max(...row) - 2) < 1 / 3);
    }
  }
});

Deno.test("voteByPairs() learns nothing from held-out clips: NaN there changes nothing", async () => {
  const poison = new Float32Array(blocks * length).fill(NaN);
  for (const kernel of ["linear", "chi-square"] as const) {
    const clean = await voteByPairs(taskOf(kernel, held));
    const poisoned = taskOf(kernel, [held[0]!, poison, poison, ...held.slice(3)]);
    const scores = await voteByPairs(poisoned);
    for (const i of [0, 3, 4, 5]) assert.deepEqual(scores[i], clean[i]);
    assert.ok(poisoned.table.distances[43]!.every(Number.isNaN));
    const { train } = poisoned;
    const members = [...train.keys()].filter((i) => train[i]!.label < 2);
    const labels = members.map((i) => train[i]!.label);
    assert.deepEqual(
      groupScores(poisoned.table, { members, labels }),
      groupScores(taskOf(kernel, []).table, { members, labels }),
    );
  }
});

Deno.test("voteByPairs() always predicts the only class that it was trained on", async () => {
  const task = taskOf("chi-square", held);
  const train = task.train.map((item) => ({ ...item, label: 2 }));
  const scores = await voteByPairs({ ...task, train });
  assert.ok(scores.every((row) => row.indexOf(Math.max(...row)) === 2 && row[2] === 0));
});
