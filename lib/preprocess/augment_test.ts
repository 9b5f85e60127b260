import assert from "node:assert/strict";
import { volume } from "lib/core/volume.ts";
import { mirrored, variants, window } from "./augment.ts";

/** `[1, 6, 6, 2]`: the column, and the row. */
const wide = volume(
  Float32Array.from({ length: 72 }, (_, i) => i % 2 === 0 ? (i >> 1) % 6 : Math.floor(i / 12)),
  [1, 6, 6, 2],
);
const columns = (
  input: { readonly data: Float32Array },
) => [...new Set(input.data.filter((_, i) => i % 2 === 0))];
const rows = (
  input: { readonly data: Float32Array },
) => [...new Set(input.data.filter((_, i) => i % 2 === 1))];

Deno.test("window() takes what lies so many pixels right and down of the middle", () => {
  const middle = window(wide, 2);
  assert.deepEqual([middle.shape, columns(middle), rows(middle)], [[1, 2, 2, 2], [2, 3], [2, 3]]);
  const off = window(wide, 2, 2, -1);
  assert.deepEqual([columns(off), rows(off)], [[4, 5], [1, 2]]);
  assert.deepEqual(window(volume(wide.data, [6, 6, 2]), 1, 1, 0).shape, [4, 4, 2]);
  assert.throws(() => window(wide, 2, 3, 0), /\(3, 0\) off with a margin of 2/);
  assert.throws(() => window(wide, 3), /A margin of 3 leaves nothing/);
});

Deno.test("mirrored() exchanges left and right and turns horizontal flow round, and is its own inverse", () => {
  const flipped = mirrored(wide, [0]);
  assert.deepEqual(columns(flipped), [-5, -4, -3, -2, -1, 0]);
  assert.deepEqual(rows(flipped), [0, 1, 2, 3, 4, 5]);
  assert.deepEqual(mirrored(mirrored(wide)).data, wide.data);
});

Deno.test("variants() are the window, its four shifts and its mirror image", () => {
  const all = new Map(variants(wide, 2, [0]).map(({ name, volume }) => [name, volume]));
  const places = [...all].map(([name, input]) => [name, columns(input)[0], rows(input)[0]]);
  assert.deepEqual(places, [
    ["original", 2, 2],
    ["left", 0, 2],
    ["right", 4, 2],
    ["up", 2, 0],
    ["down", 2, 4],
    ["mirrored", -3, 2],
  ]);
});
