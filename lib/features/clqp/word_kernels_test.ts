import assert from "node:assert/strict";
import { rng } from "lib/core/rng.ts";
import { patternSets } from "./patterns.ts";
import { chooseWords, type SetHistograms, wordKernels } from "./word_kernels.ts";

const words = patternSets.map((_, set) => 4 + set);
const labels = [0, 1, 0, 1, 0, 1];
const blocks = 3;

/** Histograms of eight clips, of which the first six are for training. */
function drawn(seed = 1): SetHistograms[] {
  const stream = rng(seed, "histograms");
  return Array.from(
    { length: 8 },
    () => words.map((count) => Float32Array.from({ length: blocks * count }, stream.next)),
  );
}

const histograms = drawn();
const options = { labels, words, keep: 2, components: 0 };
const all = [0, 1, 2, 3, 4, 5];

Deno.test("wordKernels() are scalar products of the chosen words, over all sets", () => {
  const chosen = chooseWords(histograms.slice(0, 6), options);
  assert.ok(chosen.every((kept) => kept.length === 2));
  const features = histograms.map((clip) =>
    clip.flatMap((values, set) =>
      [0, 1, 2].flatMap((block) => chosen[set]!.map((word) => values[block * words[set]! + word]!))
    )
  );
  const { train, others } = wordKernels(histograms, options)(all, [6, 7]);
  const close = (value: number, i: number, j: number) => {
    const product = features[i]!.reduce((sum, x, k) => sum + x * features[j]![k]!, 0);
    assert.ok(Math.abs(value - product) < 1e-9);
  };
  train.forEach((row, i) => row.forEach((value, j) => close(value, i, j)));
  others.forEach((row, i) => row.forEach((value, j) => close(value, 6 + i, j)));
});

for (const components of [0, 3]) {
  Deno.test(`wordKernels() learns nothing from other clips, not even NaN: ${components} components`, () => {
    const kernels = wordKernels(histograms, { ...options, components });
    const before = kernels(all, [6]);
    const poison = (i: number) =>
      histograms.map((clip, k) => k === i ? clip.map((row) => row.map(() => NaN)) : clip);
    const poisoned = wordKernels(poison(7), { ...options, components });
    assert.deepEqual(poisoned(all, [6]), before);
    assert.deepEqual(poisoned(all, [7, 6]).others[1], before.others[0]);
    // The same within the training part, where inner folds hold some out.
    const inner = kernels([0, 1, 2, 3], [4]);
    assert.deepEqual(wordKernels(poison(5), { ...options, components })([0, 1, 2, 3], [4]), inner);
  });
}

Deno.test("wordKernels() looks at the labels of the training clips, and at no others", () => {
  const other = { ...options, labels: [0, 1, 0, 1, 1, 0] };
  const [a, b] = [wordKernels(histograms, options), wordKernels(histograms, other)];
  assert.deepEqual(a([0, 1, 2, 3], [4]), b([0, 1, 2, 3], [4]));
  assert.notDeepEqual(a(all, [6]), b(all, [6]));
});
