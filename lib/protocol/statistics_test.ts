import assert from "node:assert/strict";
import { UserError } from "lib/core/errors.ts";
import { rng } from "lib/core/rng.ts";
import type { Prediction } from "lib/results/types.ts";
import { accuracy, scorePredictions, uar, uf1 } from "./metrics.ts";
import {
  bestOfSeeds,
  bootstrapMetrics,
  bootstrapOverSubjects,
  differenceInterval,
} from "./statistics.ts";
import { classes, randomPredictions } from "./testing.ts";

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
