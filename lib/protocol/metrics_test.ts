import assert from "node:assert/strict";
import { UserError } from "lib/core/errors.ts";
import type { Prediction } from "lib/results/types.ts";
import {
  accuracy,
  confusionMatrix,
  foldMeanF1,
  metricsOf,
  scorePredictions,
  uar,
  uf1,
} from "./metrics.ts";
import golden from "./testdata/golden.json" with { type: "json" };

const classes = ["negative", "positive", "surprise"];

function near(actual: number, expected: number, what = ""): void {
  assert.ok(Math.abs(actual - expected) < 1e-12, `${what}: ${actual}, expected ${expected}`);
}

/** Predictions written as `clip truth predicted [seed [fold [database]]]`. */
function predictions(lines: readonly string[]): Prediction[] {
  return lines.map((line) => {
    const [clip = "", truth, predicted, seed = "1", fold = "a", database = "x"] = line.split(" ");
    const name = (index = "0") => classes[Number(index)] ?? `class ${index}`;
    return {
      seed: Number(seed),
      fold,
      clip,
      subject: fold,
      database,
      truth: name(truth),
      predicted: name(predicted),
      scores: [0, 0, 0],
    };
  });
}

Deno.test("confusionMatrix() has true classes as rows", () => {
  assert.deepEqual(confusionMatrix([0, 0, 1, 2, 2, 2], [0, 1, 1, 0, 2, 2], 3), [
    [1, 1, 0],
    [0, 1, 0],
    [1, 0, 2],
  ]);
  assert.throws(() => confusionMatrix([0, 1], [0], 2), RangeError);
  assert.throws(() => confusionMatrix([0, 2], [0, 0], 2), RangeError);
  assert.throws(() => confusionMatrix([0, 0], [0, -1], 2), RangeError);
});

Deno.test("metricsOf() agrees with a matrix worked by hand", () => {
  const metrics = metricsOf([[8, 2, 0], [1, 3, 1], [0, 2, 3]]);
  assert.equal(metrics.n, 20);
  assert.deepEqual(metrics.support, [10, 5, 5]);
  assert.deepEqual(metrics.precision, [8 / 9, 3 / 7, 3 / 4]);
  assert.deepEqual(metrics.recall, [0.8, 0.6, 0.6]);
  assert.deepEqual(metrics.f1, [16 / 19, 6 / 12, 6 / 9]);
  near(metrics.accuracy, 0.7);
  near(metrics.uf1, (16 / 19 + 1 / 2 + 2 / 3) / 3);
  near(metrics.uar, 2 / 3);
});

Deno.test("metricsOf() leaves a class without clips and predictions out of the means", () => {
  const metrics = metricsOf([[2, 0, 0], [0, 0, 0], [1, 0, 1]]);
  assert.deepEqual(metrics.f1, [0.8, NaN, 2 / 3]);
  assert.deepEqual(metrics.recall, [1, NaN, 0.5]);
  near(metrics.uf1, (0.8 + 2 / 3) / 2);
  near(metrics.uar, 0.75);
});

Deno.test("metricsOf() counts a class that was only predicted in UF1, not in UAR", () => {
  const metrics = metricsOf([[2, 1], [0, 0]]);
  assert.deepEqual(metrics.f1, [0.8, 0]);
  near(metrics.uf1, 0.4);
  near(metrics.uar, 2 / 3);
});

Deno.test("metricsOf() gives a class that was never predicted an F1 of 0", () => {
  const metrics = metricsOf([[3, 0], [2, 0]]);
  assert.deepEqual(metrics.precision, [0.6, NaN]);
  assert.deepEqual(metrics.f1, [0.75, 0]);
  near(metrics.uf1, 0.375);
});

Deno.test("metricsOf() refuses an empty matrix", () => {
  assert.throws(() => metricsOf([[0, 0], [0, 0]]), RangeError);
  assert.ok(Number.isNaN(accuracy([[0]])) && Number.isNaN(uf1([[0]])) && Number.isNaN(uar([[0]])));
});

Deno.test("swapping truth and prediction changes UAR and not UF1", () => {
  const right = [[8, 2, 0], [1, 3, 1], [0, 2, 3]];
  const swapped = right.map((_, row) => right.map((line) => line[row]!));
  near(uf1(swapped), uf1(right));
  near(accuracy(swapped), accuracy(right));
  assert.ok(Math.abs(uar(swapped) - uar(right)) > 0.01);
});

Deno.test("metrics agree with scikit-learn to 1e-12", () => {
  for (const expected of golden.metrics) {
    const matrix = confusionMatrix(expected.truth, expected.predicted, expected.classes);
    const actual = metricsOf(matrix);
    assert.deepEqual(matrix, expected.confusion);
    assert.deepEqual(actual.support, expected.support);
    for (const name of ["accuracy", "uf1", "uar"] as const) {
      near(actual[name], expected[name], name);
    }
    for (const name of ["precision", "recall", "f1"] as const) {
      expected[name].forEach((value, c) => {
        if (value === null) assert.ok(Number.isNaN(actual[name][c]), `${name} of class ${c}`);
        else near(actual[name][c]!, value, `${name} of class ${c}`);
      });
    }
  }
});

Deno.test("scorePredictions() pools folds and separates databases", () => {
  const { composite, databases } = scorePredictions(
    predictions(["a 0 0 1 f1 x", "b 1 0 1 f1 x", "c 1 1 1 f2 y", "d 2 2 1 f3 y"]),
    classes,
  );
  assert.equal(composite.n, 4);
  assert.deepEqual(composite.confusion, [[1, 0, 0], [1, 1, 0], [0, 0, 1]]);
  near(composite.uf1, (2 / 3 + 2 / 3 + 1) / 3);
  assert.deepEqual(Object.keys(databases), ["x", "y"]);
  near(databases.x!.uf1, (2 / 3 + 0) / 2);
  near(databases.y!.uf1, 1);
  assert.ok(Number.isNaN(composite.sd.uf1));
});

Deno.test("scorePredictions() averages metrics over seeds and gives their spread", () => {
  const { composite } = scorePredictions(
    predictions(["a 0 0 2", "b 1 1 2", "a 0 0 1", "b 1 0 1"]),
    classes,
  );
  near(composite.accuracy, 0.75);
  near(composite.uf1, (1 + (2 / 3 + 0) / 2) / 2);
  near(composite.sd.accuracy, Math.SQRT1_2 / 2);
  assert.deepEqual(composite.perSeed.map(({ seed }) => seed), [1, 2]);
  assert.deepEqual(composite.confusion, [[1, 0, 0], [0.5, 0.5, 0], [0, 0, 0]]);
  assert.equal(composite.n, 2);
  assert.deepEqual(composite.precision, [0.75, 1, NaN]);
});

Deno.test("scorePredictions() names what is wrong with predictions", () => {
  const score = (...lines: string[]) => () => scorePredictions(predictions(lines), classes);
  assert.throws(score(), UserError);
  assert.throws(score("a 0 0", "a 0 1"), { message: "Clip a stands twice in seed 1" });
  assert.throws(score("a 0 0 1", "b 1 1 1", "a 0 0 2"), /Seed 2 has no prediction of clip b/);
  assert.throws(score("a 0 0 1", "a 1 0 2"), /true class of clip a differs between seeds/);
  assert.throws(score("a 0 7"), {
    message: "Clip a has the class 'class 7'. The classes are negative, positive, surprise",
  });
});

Deno.test("foldMeanF1() averages over folds, unlike the pooled score", () => {
  const lines = ["a 0 0 1 f1", "b 1 1 1 f1", "c 0 1 1 f2", "d 0 0 1 f2"];
  // Fold f1 is perfect; in f2 class 0 has 2/3 and class 1, only predicted, 0.
  near(foldMeanF1(predictions(lines), classes), (1 + 1 / 3) / 2);
  near(scorePredictions(predictions(lines), classes).composite.uf1, (4 / 5 + 2 / 3) / 2);
});
