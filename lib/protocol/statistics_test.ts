import assert from "node:assert/strict";
import { UserError } from "lib/core/errors.ts";
import { rng } from "lib/core/rng.ts";
import type { Prediction } from "lib/results/types.ts";
import { accuracy, scorePredictions, uar, uf1 } from "./metrics.ts";
import {
  bestOfSeeds,
  bootstrapMetrics,
  bootstrapOverSubjects,
  countDiscordant,
  differenceInterval,
  mcnemarExact,
  swapTest,
} from "./statistics.ts";
import golden from "./testdata/golden.json" with { type: "json" };

const classes = ["negative", "positive", "surprise"];

/** Predictions that are right with a chance of their own for each subject. */
function randomPredictions(
  { subjects = 20, clips = 10, seeds = 1, skill = 0.6, spread = 0 } = {},
): Prediction[] {
  return Array.from({ length: seeds * subjects * clips }, (_, i): Prediction => {
    const [seed, who, clip] = [
      1 + Math.floor(i / (subjects * clips)),
      Math.floor(i / clips) % subjects,
      i % clips,
    ];
    const stream = rng(1, "predictions", seed, who, clip);
    const chance = skill + spread * (who % 2 === 0 ? 1 : -1);
    const truth = classes[(who + clip) % 3]!;
    const predicted = stream.next() < chance ? truth : classes[stream.integer(3)]!;
    const subject = `s${who}`;
    const name = `${subject}/${clip}`;
    return {
      seed,
      fold: subject,
      clip: name,
      subject,
      database: "x",
      truth,
      predicted,
      scores: [],
    };
  });
}

Deno.test("bootstrapOverSubjects() contains the score of scorePredictions()", () => {
  const predictions = randomPredictions({ seeds: 3 });
  const { composite } = scorePredictions(predictions, classes);
  for (const [metric, expected] of [[uf1, composite.uf1], [uar, composite.uar]] as const) {
    const { estimate, low, high, degenerate } = bootstrapOverSubjects(predictions, metric, {
      rng: rng(1),
    });
    assert.ok(Math.abs(estimate - expected) < 1e-12);
    assert.ok(low < estimate && estimate < high);
    assert.equal(degenerate, 0);
  }
});

Deno.test("bootstrapOverSubjects() has the spread that theory gives for accuracy", () => {
  // With equally many clips a subject, resampled accuracy is a mean of subject accuracies.
  const predictions = randomPredictions({ subjects: 60, clips: 10 });
  const bySubject = [...Map.groupBy(predictions, ({ subject }) => subject).values()].map((part) =>
    part.filter(({ truth, predicted }) => truth === predicted).length / part.length
  );
  const mean = bySubject.reduce((a, b) => a + b) / bySubject.length;
  const variance = bySubject.reduce((a, b) => a + (b - mean) ** 2, 0) / bySubject.length;
  const half = 1.96 * Math.sqrt(variance / bySubject.length);
  const { low, high } = bootstrapOverSubjects(predictions, accuracy, { rng: rng(2) });
  assert.ok(Math.abs(low - (mean - half)) < 0.1 * half, `${low} against ${mean - half}`);
  assert.ok(Math.abs(high - (mean + half)) < 0.1 * half, `${high} against ${mean + half}`);
});

Deno.test("bootstrapOverSubjects() is wider when subjects differ, though clips do not", () => {
  const width = (spread: number) => {
    const { low, high } = bootstrapOverSubjects(randomPredictions({ spread }), accuracy, {
      rng: rng(3),
    });
    return high - low;
  };
  assert.ok(width(0.35) > 1.5 * width(0));
});

Deno.test("bootstrapOverSubjects() keeps a subject's clips and seeds together", () => {
  // Subject a is always right, b never: a resample is 0, ½ or 1, whatever clips and seeds there are.
  const predictions = randomPredictions({ subjects: 2, seeds: 3 }).map((one): Prediction => ({
    ...one,
    predicted: one.subject === "s0" ? one.truth : "other",
  }));
  for (const level of [0.3, 0.9]) {
    const { low, high } = bootstrapOverSubjects(predictions, accuracy, { rng: rng(4), level });
    assert.deepEqual([low, high], level === 0.9 ? [0, 1] : [0.5, 0.5]);
  }
});

Deno.test("bootstrapOverSubjects() repeats for a seed and ignores the order of predictions", () => {
  const predictions = randomPredictions();
  const interval = (part: readonly Prediction[], seed = 5) =>
    bootstrapOverSubjects(part, uf1, { rng: rng(seed), resamples: 200 });
  assert.deepEqual(interval(rng(6).shuffle(predictions)), interval(predictions));
  assert.notDeepEqual(interval(predictions, 6), interval(predictions));
});

Deno.test("bootstrapOverSubjects() reports resamples that lack a class", () => {
  // Only one of four subjects has class 'surprise': it is missed with probability (3/4)^4.
  const predictions = randomPredictions({ subjects: 4, skill: 1 }).map((one): Prediction => {
    const truth = one.subject === "s0" ? "surprise" : "negative";
    return { ...one, truth, predicted: truth };
  });
  const { estimate, low, degenerate } = bootstrapOverSubjects(predictions, uf1, { rng: rng(7) });
  assert.deepEqual([estimate, low], [1, 1]);
  assert.ok(Math.abs(degenerate - 0.75 ** 4) < 0.03);
});

Deno.test("bootstrapOverSubjects() refuses no predictions and bad settings", () => {
  assert.throws(() => bootstrapOverSubjects([], uf1, { rng: rng(1) }), UserError);
  for (const bad of [{ resamples: 0 }, { resamples: 1.5 }, { level: 0 }, { level: 1 }]) {
    assert.throws(
      () => bootstrapOverSubjects(randomPredictions(), uf1, { rng: rng(1), ...bad }),
      RangeError,
    );
  }
});

Deno.test("bootstrapMetrics() gives each metric what it has alone", () => {
  const predictions = randomPredictions({ subjects: 7, clips: 4, seeds: 3 });
  const metrics = [uf1, accuracy, uar];
  const options = () => ({ rng: rng(8), resamples: 300, level: 0.8 });
  assert.deepEqual(
    bootstrapMetrics(predictions, metrics, options()),
    metrics.map((metric) => bootstrapOverSubjects(predictions, metric, options())),
  );
});

Deno.test("differenceInterval() is exactly 0 for a row against itself", () => {
  const first = randomPredictions();
  const { estimate, low, high } = differenceInterval({ first, second: first }, uf1, {
    rng: rng(1),
    resamples: 100,
  });
  assert.deepEqual([estimate, low, high], [0, 0, 0]);
});

Deno.test("differenceInterval() cancels what the subjects have in common", () => {
  // Each subject's second clip is right in the second row only: a constant gain of one tenth.
  const first = randomPredictions({ spread: 0.3 }).map((one): Prediction =>
    one.clip.endsWith("/1") ? { ...one, predicted: "other" } : one
  );
  const second = first.map((one): Prediction =>
    one.clip.endsWith("/1") ? { ...one, predicted: one.truth } : one
  );
  const { estimate, low, high } = differenceInterval({ first, second }, accuracy, { rng: rng(1) });
  for (const value of [estimate, low, high]) assert.ok(Math.abs(value + 0.1) < 1e-12);
});

Deno.test("differenceInterval() allows different seeds, not different clips", () => {
  const first = randomPredictions({ seeds: 3 });
  const second = randomPredictions({ skill: 0.2 });
  const compare = (second: readonly Prediction[]) =>
    differenceInterval({ first, second }, uf1, { rng: rng(1), resamples: 200 });
  const { low } = compare(second);
  assert.ok(low > 0);
  assert.throws(() => compare(second.slice(1)), /Only one of the two rows has clip s0\/0/);
  const relabelled = second.map((one, i) => (i === 4 ? { ...one, truth: "other" } : one));
  assert.throws(() => compare(relabelled), /true class of clip s0\/4/);
});

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

Deno.test("bestOfSeeds() is the best seed's distance from the mean, never below zero", () => {
  assert.equal(bestOfSeeds(randomPredictions(), uf1, { rng: rng(1) }), undefined);
  const predictions = randomPredictions({ seeds: 3 });
  const found = bestOfSeeds(predictions, accuracy, { rng: rng(1), resamples: 200 })!;
  const shares = [1, 2, 3].map((seed) => {
    const own = predictions.filter((one) => one.seed === seed);
    return own.filter((one) => one.predicted === one.truth).length / own.length;
  });
  const mean = (shares[0]! + shares[1]! + shares[2]!) / 3;
  assert.equal(found.seeds, 3);
  assert.ok(Math.abs(found.best - Math.max(...shares)) < 1e-12);
  assert.ok(Math.abs(found.adds.estimate - (Math.max(...shares) - mean)) < 1e-12);
  assert.ok(found.adds.low >= 0 && found.adds.high > found.adds.estimate);
});
