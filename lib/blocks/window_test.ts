import assert from "node:assert/strict";
import { explicitPadding, slide, windowOf } from "./window.ts";

Deno.test("slide() counts windows by the rule of each padding", () => {
  const count = (side: number, size: number, strides: number, padding: "valid" | "same" | number) =>
    slide(windowOf(2, { size, strides, padding }), [side, side, 1])[0];
  assert.equal(count(28, 3, 1, 2), 30);
  assert.equal(count(30, 3, 3, 1), 10); // the last row fills no window
  assert.equal(count(7, 3, 2, "valid"), 3);
  assert.equal(count(8, 3, 2, "valid"), 3);
  assert.equal(count(8, 3, 2, "same"), 4);
  assert.equal(count(7, 5, 1, "same"), 7);
});

Deno.test("slide() refuses other axes and windows that do not fit", () => {
  const window = windowOf(2, { size: 3, strides: 1, padding: "valid" });
  assert.throws(() => slide(window, [5, 5, 5, 1]), /window of 2 axes cannot slide/);
  assert.throws(() => slide(window, [5, 2, 1]), /does not fit/);
});

Deno.test("windowOf() wants one number an axis", () => {
  assert.deepEqual(windowOf(3, { size: [1, 3, 3], strides: 1, padding: "same" }), {
    size: [1, 3, 3],
    strides: [1, 1, 1],
    padding: "same",
  });
  assert.throws(() => windowOf(3, { size: [3, 3], strides: 1, padding: 0 }), /Expected 3 numbers/);
});

Deno.test("explicitPadding() leaves batch and channels alone, and no padding out", () => {
  const pad = (padding: "valid" | number | number[]) =>
    explicitPadding(windowOf(2, { size: 3, strides: 1, padding }));
  assert.deepEqual(pad([2, 1]), [[0, 0], [2, 2], [1, 1], [0, 0]]);
  assert.equal(pad(0), undefined);
  assert.equal(pad("valid"), undefined);
});
