import assert from "node:assert/strict";
import { fitCoefficients, leaveOutErrors, type Measurement, median, secondsOf } from "./fit.ts";

const truth = { folds: 0.5, TFLOPs: 20, values: 0.25 };
const made: Measurement[] = [[1, 0.1, 3], [1, 2, 8], [1, 5, 1], [1, 0, 40], [2, 1, 1]].map(
  ([folds, tflops, values], i) => {
    const terms = { folds: folds!, TFLOPs: tflops!, values: values! };
    return { group: `${i}`, terms, seconds: secondsOf(terms, truth)! };
  },
);

Deno.test("fitCoefficients() finds what measurements were made of", () => {
  const fit = fitCoefficients(made);
  for (const [name, value] of Object.entries(truth)) {
    assert.ok(Math.abs(fit[name as keyof typeof fit]! - value) < 1e-6 * value, name);
  }
  assert.ok(leaveOutErrors(made).every((error) => error < 1e-6));
  assert.equal(leaveOutErrors(made).length, made.length);
});

Deno.test("fitCoefficients() gives no term less than nothing, and says what it knows nothing of", () => {
  const fit = fitCoefficients([
    { group: "a", terms: { x: 1, y: 1 }, seconds: 1 },
    { group: "b", terms: { x: 2, y: 1 }, seconds: 4 },
  ]);
  assert.equal(fit.y, 0);
  assert.ok(fit.x! > 1 && fit.x! < 2);
  assert.equal(secondsOf({ z: 1 }, fit), undefined);
  assert.equal(secondsOf({ z: 0 }, fit), 0);
  assert.deepEqual(fitCoefficients([]), {});
});

Deno.test("leaveOutErrors() leaves out whole groups, and passes over what only one of them has", () => {
  const own = { group: "own", terms: { special: 1 }, seconds: 3 };
  assert.deepEqual(leaveOutErrors([...made, own], ({ group }) => group === "own"), []);
  const odd = { group: "odd", terms: { folds: 1, TFLOPs: 1, values: 0 }, seconds: 41 };
  const [error] = leaveOutErrors([...made, odd], ({ group }) => group === "odd");
  assert.ok(Math.abs(error! - 0.5) < 1e-6, "half of what it takes");
});

Deno.test("median() is the middle", () => {
  assert.deepEqual([median([]), median([3]), median([1, 9, 2]), median([4, 1])], [
    undefined,
    3,
    2,
    2.5,
  ]);
});
