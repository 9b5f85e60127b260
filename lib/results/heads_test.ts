import assert from "node:assert/strict";
import { choices, headCount, headRows, withSelection } from "./heads.ts";
import { exampleResult } from "./testing.ts";
import type { Result } from "./types.ts";

/** Two heads: the first is always right, the second always says the first class; seed 2 chose it. */
function headed(): Result {
  const result = exampleResult({ seeds: 2 });
  const { classes } = result.metadata;
  const predictions = result.predictions.map((row) => ({
    ...row,
    heads: {
      chosen: row.seed,
      scores: [classes.map((name) => Number(name === row.truth)), [0.6, 0.3, 0.1]],
    },
  }));
  return { ...result, predictions };
}

Deno.test("headRows() scores each head and each rule on the same predictions", () => {
  const rows = headRows(headed());
  const accuracy = Object.fromEntries(
    rows.map(({ name, scores }) => [name, scores.composite.accuracy]),
  );
  // A third of the clips is of the first class.
  const third = accuracy["head 2"]!;
  assert.ok(third > 0.3 && third < 0.4);
  assert.deepEqual(accuracy, {
    "head 1": 1,
    "head 2": third,
    // Seed 1 took the first head, seed 2 the second.
    inner: (1 + third) / 2,
    mean: 1,
    confidence: 1,
    oracle: 1,
  });
  assert.deepEqual(rows.filter(({ optimistic }) => optimistic).map(({ name }) => name), ["oracle"]);
});

Deno.test("headRows() leaves out inner where no head was chosen, and needs heads", () => {
  const result = headed();
  const predictions = result.predictions.map((row) => ({
    ...row,
    heads: { ...row.heads!, chosen: 0 },
  }));
  assert.ok(!headRows({ ...result, predictions }).some(({ name }) => name === "inner"));
  assert.throws(() => headRows(exampleResult()), /without heads/);
});

Deno.test("choices() counts folds, not clips", () => {
  const { predictions } = headed();
  const folds = new Set(predictions.map(({ fold }) => fold)).size;
  assert.deepEqual(choices(predictions), [folds, folds]);
});

Deno.test("withSelection() leaves predictions of a network without heads as they are", () => {
  const { predictions, metadata } = exampleResult();
  assert.deepEqual(withSelection(predictions, "oracle", metadata.classes), predictions);
  assert.equal(headCount(predictions), 0);
});
