import assert from "node:assert/strict";
import { rng } from "lib/core/rng.ts";
import type { Prediction } from "lib/results/types.ts";
import { accuracy, uar, uf1 } from "./metrics.ts";
import { chanceProbabilities } from "./permutation.ts";

const options = { rng: rng(1, "test"), permutations: 1999 };

/** A letter a clip: "ab" has the classes a and b; the predictions likewise. */
function predictionsOf(
  subjects: Record<string, readonly [truth: string, predicted: string]>,
  seed = 1,
): Prediction[] {
  return Object.entries(subjects).flatMap(([subject, [truth, predicted]]) =>
    [...truth].map((letter, i) => ({
      seed,
      fold: subject,
      clip: `${subject}/${i}`,
      subject,
      database: "d",
      truth: letter,
      predicted: predicted[i]!,
      scores: [0],
      head: 0,
    } as unknown as Prediction))
  );
}

Deno.test("chanceProbabilities() approaches the share of exchanges counted by hand", () => {
  // One subject, all right: of the 6 ways to choose which two of four clips are called a, 1 is as good.
  const [p] = chanceProbabilities(predictionsOf({ s: ["aabb", "aabb"] }), [accuracy], options);
  assert.ok(Math.abs(p! - 1 / 6) < 0.03, String(p));
  // Two such subjects: 1 of 36.
  const two = predictionsOf({ s: ["aabb", "aabb"], t: ["aabb", "aabb"] });
  const [q] = chanceProbabilities(two, [uf1], options);
  assert.ok(Math.abs(q! - 1 / 36) < 0.015, String(q));
});

Deno.test("chanceProbabilities() is 1 for a constant answer and for subjects of one class", () => {
  const constant = predictionsOf({ s: ["aabb", "aaaa"], t: ["ab", "aa"] });
  assert.deepEqual(chanceProbabilities(constant, [uf1, uar, accuracy], options), [1, 1, 1]);
  const oneClass = predictionsOf({ s: ["aaa", "aab"], t: ["bb", "bb"] });
  assert.deepEqual(chanceProbabilities(oneClass, [accuracy], options), [1]);
});

Deno.test("chanceProbabilities() does not credit telling subjects apart", () => {
  // All answers follow from who it is; pooled over subjects they are three quarters right.
  const who = predictionsOf({ s: ["aaab", "aaaa"], t: ["bbba", "bbbb"] });
  assert.deepEqual(chanceProbabilities(who, [accuracy], options), [1]);
});

Deno.test("chanceProbabilities() is even for random answers", () => {
  const draws = rng(7, "answers");
  const letters = (n: number) => Array.from({ length: n }, () => "abc"[draws.integer(3)]).join("");
  const below = Array.from({ length: 200 }, () => {
    const subjects = ["s", "t", "u"].map((s) => [s, [letters(6), letters(6)] as const] as const);
    const predictions = predictionsOf(Object.fromEntries(subjects));
    const [p] = chanceProbabilities(predictions, [uf1], { rng: draws, permutations: 99 });
    return p! <= 0.2 ? 1 : 0;
  }).reduce((a: number, b) => a + b, 0);
  // Binomial of 200 and 0.2: mean 40, standard deviation 5.7.
  assert.ok(below > 20 && below < 60, String(below));
});

Deno.test("chanceProbabilities() is the same whatever the order of rows; seeds move together", () => {
  const one = predictionsOf({ s: ["aabb", "abbb"], t: ["abab", "abab"] });
  const both = [...one, ...predictionsOf({ s: ["aabb", "abbb"], t: ["abab", "abab"] }, 2)];
  const p = (rows: Prediction[]) =>
    chanceProbabilities(rows, [uf1], { rng: rng(3, "x"), permutations: 499 });
  assert.deepEqual(p(one.toReversed()), p(one));
  // A copy of the same answers under a second seed is no further evidence.
  assert.deepEqual(p(both), p(one));
});

Deno.test("chanceProbabilities() refuses what it cannot test", () => {
  const some = predictionsOf({ s: ["ab", "ab"] });
  assert.throws(() => chanceProbabilities([], [uf1], options), /no predictions/);
  const more = predictionsOf({ s: ["aba", "aba"] }, 2);
  assert.throws(() => chanceProbabilities([...some, ...more], [uf1], options), /the same clips/);
  assert.throws(
    () => chanceProbabilities(some, [uf1], { rng: rng(1), permutations: 0 }),
    /permutations must be/,
  );
});
