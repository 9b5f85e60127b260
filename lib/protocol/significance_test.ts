import assert from "node:assert/strict";
import { UserError } from "lib/core/errors.ts";
import { rng } from "lib/core/rng.ts";
import type { Prediction } from "lib/results/types.ts";
import { accuracy, uf1 } from "./metrics.ts";
import { countDiscordant, mcnemarExact, swapTest } from "./significance.ts";
import golden from "./testdata/golden.json" with { type: "json" };
import { randomPredictions } from "./testing.ts";

Deno.test("mcnemarExact() agrees with values worked by hand", () => {
  assert.equal(mcnemarExact(0, 0), 1);
  assert.equal(mcnemarExact(3, 3), 1);
  assert.ok(Math.abs(mcnemarExact(0, 5) - 2 / 32) < 1e-15);
  assert.ok(Math.abs(mcnemarExact(1, 3) - 2 * (1 + 4) / 16) < 1e-15);
  assert.throws(() => mcnemarExact(-1, 2), RangeError);
  assert.throws(() => mcnemarExact(1.5, 2), RangeError);
});

Deno.test("mcnemarExact() agrees with SciPy to a relative 1e-10", () => {
  for (const { b, c, p } of golden.mcnemar) {
    assert.ok(Math.abs(mcnemarExact(b, c) - p) <= 1e-10 * p, `b ${b}, c ${c}`);
    assert.equal(mcnemarExact(c, b), mcnemarExact(b, c));
  }
});

Deno.test("countDiscordant() joins by seed and clip", () => {
  const one = (clip: string, predicted: string, seed = 1): Prediction => ({
    ...{ seed, clip, predicted, truth: "negative", fold: "f", subject: "s", database: "x" },
    scores: [],
  });
  const first = [one("a", "negative"), one("b", "negative"), one("c", "positive"), one("d", "x")];
  const second = [one("d", "y"), one("c", "negative"), one("b", "positive"), one("a", "negative")];
  assert.deepEqual(countDiscordant(first, second), { onlyFirst: 1, onlySecond: 1 });
  assert.deepEqual(countDiscordant(first, first), { onlyFirst: 0, onlySecond: 0 });
  assert.throws(() => countDiscordant(first, second.slice(1)), /clip d \(seed 1\)/);
  assert.throws(() => countDiscordant(first.slice(1), second), /clip a \(seed 1\)/);
  assert.throws(() => countDiscordant(first, [one("a", "x", 2)]), UserError);
});

Deno.test("swapTest() agrees with all swaps of four subjects, counted by hand", () => {
  // Each subject has one clip of one class; the first row gets all four, the second none. Swaps that
  // keep or turn all four reach the whole difference: 2 of 16.
  const row = (predicted: string): Prediction[] =>
    [0, 1, 2, 3].map((who) => ({
      ...{ seed: 1, clip: `s${who}/0`, predicted, truth: "a", fold: "f", database: "x" },
      subject: `s${who}`,
      scores: [],
    }));
  const pair = { first: row("a"), second: row("b") };
  const p = swapTest(pair, accuracy, { rng: rng(1), permutations: 20_000 });
  assert.ok(Math.abs(p - 2 / 16) < 0.01, `${p}`);
});

Deno.test("swapTest() of rows made in the same way is even, and small where one is better", () => {
  const worse = randomPredictions({ seeds: 2, skill: 0.2 });
  const first = randomPredictions({ seeds: 2, skill: 0.6 });
  const test = (one: readonly Prediction[], other: readonly Prediction[]) =>
    swapTest({ first: one, second: other }, uf1, { rng: rng(1), permutations: 499 });
  assert.equal(test(first, first), 1);
  assert.ok(test(first, worse) < 0.01);
  assert.equal(test(first, worse), test(worse, first));
  assert.throws(() => test(first, worse.slice(0, 200)), /same number of seeds/);
  assert.throws(() => test(first, worse.filter(({ clip }) => clip !== "s0/0")), UserError);
});
