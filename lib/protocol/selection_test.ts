import assert from "node:assert/strict";
import { rng } from "lib/core/rng.ts";
import { chooseByFolds } from "./selection.ts";
import { innerSubjectFolds } from "./splits.ts";

const items = Array.from({ length: 12 }, (_, i) => ({
  clip: `c${String(i).padStart(2, "0")}`,
  subject: `s${i % 4}`,
  label: i % 3,
}));
const folds = innerSubjectFolds(items, 4, rng(1));

Deno.test("chooseByFolds() takes the best by pooled macro F1, of equals the first", async () => {
  // A candidate is the share of items it gets right.
  const choose = (candidates: readonly number[]) =>
    chooseByFolds({
      candidates,
      items,
      folds,
      predict: (candidate, { test }) =>
        test.map((i) => (i < candidate * items.length ? items[i]!.label : (i + 1) % 3)),
    });
  const chosen = await choose([0.5, 1, 0.25]);
  assert.equal(chosen.candidate, 1);
  assert.equal(chosen.scores[1], 1);
  assert.ok(chosen.scores[0]! > chosen.scores[2]!);
  assert.equal((await choose([0.5, 1, 1.5])).candidate, 1);
  assert.equal((await choose([1.5, 1])).candidate, 1.5);
});

Deno.test("chooseByFolds() scores pooled predictions, not the mean of folds", async () => {
  // With one clip a fold, the mean over folds of macro F1 would be the accuracy, 8 of 12.
  const single = items.map(({ clip }, i) => ({
    id: clip,
    train: items.map((_, j) => j).filter((j) => j !== i),
    test: [i],
  }));
  const { scores } = await chooseByFolds({
    candidates: ["never class 2"],
    items,
    folds: single,
    predict: (_, { test }) => test.map((i) => items[i]!.label % 2),
  });
  assert.ok(Math.abs(scores[0]! - (2 * 4 / 12 + 1 + 0) / 3) < 1e-12);
});

Deno.test("chooseByFolds() refuses an empty choice and missing predictions", async () => {
  const choice = { candidates: [1], items, folds, predict: () => [] };
  await assert.rejects(chooseByFolds(choice), RangeError);
  await assert.rejects(chooseByFolds({ ...choice, candidates: [] }), RangeError);
  await assert.rejects(chooseByFolds({ ...choice, folds: [] }), RangeError);
});
