import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import { rng } from "lib/core/rng.ts";
import { innerSubjectFolds } from "lib/protocol/splits.ts";
import { classify, type KernelsOf, type RowKernelOptions, rowKernels } from "./classify.ts";

/** Histograms of three classes, of subjects with a shift of their own. */
function drawn(subjects: number, seed = 1) {
  const stream = rng(seed, "histograms");
  return Array.from({ length: 6 * subjects }, (_, i) => {
    const label = i % 3;
    const row = Float32Array.from(
      { length: 300 },
      (_, bin) => 0.2 * stream.next() + (bin % 3 === label ? 0.05 : 0),
    );
    return { clip: `c${String(i).padStart(3, "0")}`, subject: `s${i % subjects}`, label, row };
  });
}

const items = drawn(7);
const held = drawn(3, 2);
const rows = items.map(({ row }) => row);
const folds = innerSubjectFolds(items, 3, rng(1, "folds"));
const plain: RowKernelOptions = { kernel: "linear", components: 0 };

function run(test: readonly Float32Array[], options: RowKernelOptions): Promise<number[][]> {
  return classify({
    kernelsOf: rowKernels(rows, test, options),
    ...{ train: items, testCount: test.length, classCount: 3, folds, grid: [0.5, 8, 64] },
  });
}

const kinds: RowKernelOptions[] = [
  plain,
  { ...plain, components: 1000 },
  { ...plain, components: 5 },
  { kernel: "chi-square", components: 0 },
  { kernel: "rbf", components: 0 },
  { kernel: "polynomial", degree: 2, components: 0 },
];

for (const options of kinds) {
  const name = JSON.stringify(options);

  Deno.test(`classify() finds the classes of new subjects: ${name}`, async () => {
    const scores = await run(held.map(({ row }) => row), options);
    const right = scores.filter((row, i) => row.indexOf(Math.max(...row)) === held[i]!.label);
    assert.ok(right.length >= 13, `${right.length} of ${held.length}`);
  });

  Deno.test(`classify() learns nothing from held-out features, not even NaN: ${name}`, async () => {
    const sound = held.slice(0, 3).map(({ row }) => row);
    const poisoned = new Float32Array(300).fill(NaN);
    const scores = await run([sound[0]!, poisoned, sound[1]!, poisoned, sound[2]!], options);
    assert.deepEqual([scores[0], scores[2], scores[4]], await run(sound, options));
  });
}

Deno.test("classify() fits for each inner fold without the clips that it predicts", async () => {
  const calls: { train: readonly number[]; others: readonly number[] }[] = [];
  const inner = rowKernels(rows, [rows[0]!], plain);
  const kernelsOf: KernelsOf = (train, others) => {
    calls.push({ train, others });
    return inner(train, others);
  };
  await classify({ kernelsOf, train: items, testCount: 1, classCount: 3, folds, grid: [1, 2] });
  assert.deepEqual(calls.slice(0, -1), folds.map(({ train, test }) => ({ train, others: test })));
  assert.deepEqual(calls.at(-1), { train: items.map((_, i) => i), others: [items.length] });
});

Deno.test("rowKernels() fits on all samples where that is asked for", () => {
  const sound = held.slice(0, 6).map(({ row }) => row);
  const others = [...sound.slice(0, 5), held[9]!.row];
  const members = items.map((_, i) => i);
  const kernels = (test: readonly Float32Array[], options: RowKernelOptions) =>
    rowKernels(rows, test, options)(members, [members.length]);
  for (const options of kinds.slice(1)) {
    const onAll = { ...options, onAll: true };
    const [together, alone] = [kernels(sound, onAll), kernels(sound, options)];
    // As many components as samples allow are fitted on training samples in any case.
    const same = options.components > sound.length + members.length;
    assert.equal(isDeepStrictEqual(together, alone), same, JSON.stringify(options));
    // One more held-out sample is another one: it is noticed only where its features are looked at.
    assert.deepEqual(kernels(others, options), alone);
    if (options.components === 0) assert.notDeepEqual(kernels(others, onAll), together);
  }
  const few = { ...plain, components: 4, onAll: true };
  const { train } = kernels(sound, few);
  // Four whitened components have a matrix of rank four: its trace is that of n - 1 each, all samples told.
  const trace = train.reduce((sum, row, i) => sum + row[i]!, 0);
  assert.ok(trace > 3.5 * members.length && trace <= 4 * members.length, String(trace));
});

Deno.test("rowKernels() fits principal components on the given samples only", () => {
  const members = [0, 1, 2, 3, 4, 5, 6, 7];
  const options = { ...plain, components: 1000 };
  const before = rowKernels(rows, [], options)(members, [8]);
  const changed = rows.map((row, i) => (i > 8 ? row.map(() => NaN) : row));
  assert.deepEqual(rowKernels(changed, [], options)(members, [8]), before);
});
