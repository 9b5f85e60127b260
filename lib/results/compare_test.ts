import assert from "node:assert/strict";
import { compareResults } from "./compare.ts";
import { argmax } from "./check.ts";
import { exampleResult } from "./testing.ts";
import type { Prediction, Result } from "./types.ts";

/** The result with another class predicted wherever `pick` says so. */
function flip(result: Result, pick: (one: Prediction) => string | undefined): Result {
  const { classes } = result.metadata;
  const predictions = result.predictions.map((one) => {
    const to = pick(one);
    if (to === undefined) return one;
    const scores = classes.map((name) => (name === to ? 9 : 0));
    return { ...one, scores, predicted: classes[argmax(scores)]! };
  });
  return { ...result, predictions };
}

Deno.test("compareResults() finds nothing between equal results", () => {
  const { scores, test, flips, movedScores, causes } = compareResults(
    exampleResult(),
    exampleResult(),
  );
  assert.deepEqual(scores.map(({ change, interval }) => [change, interval]), [
    [0, { low: 0, high: 0 }],
    [0, { low: 0, high: 0 }],
    [0, { low: 0, high: 0 }],
  ]);
  assert.deepEqual(test, { seed: 1, onlyBefore: 0, onlyAfter: 0, p: 1 });
  assert.deepEqual([flips, movedScores, causes], [[], 0, []]);
});

Deno.test("compareResults() names flips with their seeds and what they are now", () => {
  const right = exampleResult({ skill: 2 });
  const wrong = flip(right, ({ clip, seed }) => {
    if (clip === "smic/s00/c0") return "positive"; // truth: negative, in both seeds
    if (clip === "samm/s02/c1" && seed === 2) return "positive"; // truth: negative
    return undefined;
  });
  const down = compareResults(right, wrong);
  assert.deepEqual(
    down.flips.map(({ clip, seeds, from, to, now }) => [clip, seeds, from, to, now]),
    [
      ["samm/s02/c1", [2], "negative", "positive", "wrong"],
      ["smic/s00/c0", [1, 2], "negative", "positive", "wrong"],
    ],
  );
  // Seed 1 has one clip wrong, so McNemar's counts are 1 and 0, and p = 2 · ½ = 1.
  assert.deepEqual(down.test, { seed: 1, onlyBefore: 1, onlyAfter: 0, p: 1 });
  // Accuracy: 35/36 and 34/36.
  const accuracy = down.scores.find(({ score }) => score === "accuracy")!;
  assert.ok(Math.abs(accuracy.change + 1.5 / 36) < 1e-12);
  assert.ok(accuracy.interval!.low < accuracy.change && accuracy.interval!.high <= 0);
  assert.deepEqual(compareResults(wrong, right).flips.map(({ now }) => now), ["right", "right"]);
  const other = flip(wrong, ({ clip }) => (clip === "smic/s00/c0" ? "surprise" : undefined));
  assert.deepEqual(compareResults(wrong, other).flips.map(({ now }) => now), ["still wrong"]);
});

Deno.test("compareResults() tests by McNemar on the first common seed", () => {
  const right = exampleResult({ skill: 2, seeds: 1 });
  const six = right.predictions.filter(({ truth }) => truth === "negative").slice(0, 6);
  const wrong = flip(right, (one) => (six.includes(one) ? "surprise" : undefined));
  // Six against none: 2 · 2^-6.
  assert.ok(Math.abs(compareResults(right, wrong).test!.p - 2 ** -5) < 1e-12);
});

Deno.test("compareResults() counts predictions that scored differently without flipping", () => {
  const result = exampleResult({ skill: 2 });
  const predictions = result.predictions.map((one, i) =>
    i < 3 ? { ...one, scores: one.scores.map((score) => score + 1e-9) } : one
  );
  const { flips, movedScores } = compareResults(result, { ...result, predictions });
  assert.deepEqual([flips, movedScores], [[], 3]);
});

Deno.test("compareResults() names modules, parameters, data and environment that changed", () => {
  const result = exampleResult();
  const { metadata } = result;
  const changed: Result = {
    ...result,
    metadata: {
      ...metadata,
      parameters: { ...metadata.parameters, epochs: 20 },
      code: { digest: "new", modules: { "lib/train/fit.ts": "cc", "lib/blocks/new.ts": "dd" } },
      data: { ...metadata.data, digest: "e1" },
      environment: { ...metadata.environment, isa: "native" },
    },
  };
  const { causes } = compareResults(result, changed);
  assert.deepEqual(
    causes.map(({ kind, name, before, after }) => [kind, name, before?.slice(0, 2), after]),
    [
      ["code", "lib/blocks/dense.ts", "aa", null],
      ["code", "lib/blocks/new.ts", undefined, "dd"],
      ["code", "lib/train/fit.ts", "bb", "cc"],
      ["parameter", "epochs", "10", "20"],
      ["data", "digest", "da", "e1"],
      ["environment", "isa", undefined, "native"],
    ],
  );
});

Deno.test("compareResults() goes on where clips or seeds are not the same", () => {
  const small = exampleResult({ seeds: 1, subjects: 8 });
  const large = exampleResult({ seeds: 3, subjects: 9, clipsEach: 4 });
  const { scores, test, causes } = compareResults(small, large);
  assert.ok(scores.every(({ interval }) => interval === null));
  assert.equal(test, null);
  assert.deepEqual(causes.filter(({ kind }) => kind === "seeds"), [
    { kind: "seeds", name: "seeds", before: "1", after: "1, 2, 3" },
  ]);
  assert.equal(causes.filter(({ kind, before }) => kind === "clips" && before === null).length, 4);
  // More seeds of the same clips still pair up.
  const more = compareResults(exampleResult({ seeds: 1 }), exampleResult({ seeds: 3 }));
  assert.ok(more.scores.every(({ interval }) => interval !== null));
});
