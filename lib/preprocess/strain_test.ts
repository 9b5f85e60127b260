import assert from "node:assert/strict";
import { strainMagnitude } from "./strain.ts";

/** Fills a field of 5×4 pixels by a formula. */
function field(value: (x: number, y: number) => number): Float32Array {
  return Float32Array.from({ length: 20 }, (_, i) => value(i % 5, Math.floor(i / 5)));
}

function assertAll(strain: Float32Array, expected: number): void {
  for (const value of strain) assert.ok(Math.abs(value - expected) < 1e-6, `${value}`);
}

Deno.test("strainMagnitude() is 0 for a translation and for a rigid rotation", () => {
  assertAll(strainMagnitude(field(() => 3), field(() => -2), 5, 4), 0);
  // A small rotation by w: u = -w y, v = w x.
  assertAll(strainMagnitude(field((_, y) => -0.1 * y), field((x) => 0.1 * x), 5, 4), 0);
});

Deno.test("strainMagnitude() is exact for linear fields, borders included", () => {
  // u_x = 0.3, v_y = 0.4: √(0.09 + 0.16) = 0.5.
  assertAll(strainMagnitude(field((x) => 0.3 * x), field((_, y) => 0.4 * y), 5, 4), 0.5);
  // Pure shear, u_y = 0.2 and v_x = 0.4: √(½ · 0.36).
  const shear = strainMagnitude(field((_, y) => 0.2 * y), field((x) => 0.4 * x), 5, 4);
  assertAll(shear, Math.sqrt(0.18));
});

Deno.test("strainMagnitude() takes central differences inside and one-sided ones on the border", () => {
  const u = Float32Array.from([0, 1, 4]);
  assert.deepEqual([...strainMagnitude(u, new Float32Array(3), 3, 1)], [1, 2, 3]);
  // The same numbers downwards: only ½ u_y² counts.
  const down = strainMagnitude(u, new Float32Array(3), 1, 3);
  assert.deepEqual([...down], [1, 2, 3].map((x) => Math.fround(x / Math.SQRT2)));
});

Deno.test("strainMagnitude() refuses fields of another size", () => {
  assert.throws(() => strainMagnitude(new Float32Array(6), new Float32Array(5), 3, 2), RangeError);
});
