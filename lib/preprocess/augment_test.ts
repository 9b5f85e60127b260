import assert from "node:assert/strict";
import { volume } from "lib/core/volume.ts";
import {
  centre,
  mirrored,
  upsideDown,
  variant,
  type VariantName,
  variants,
  window,
} from "./augment.ts";

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

Deno.test("upsideDown() exchanges top and bottom and turns vertical flow round", () => {
  const flipped = upsideDown(wide, [1]);
  assert.deepEqual(rows(flipped), [-5, -4, -3, -2, -1, 0]);
  assert.deepEqual(columns(flipped), [0, 1, 2, 3, 4, 5]);
  assert.deepEqual(upsideDown(upsideDown(wide)).data, wide.data);
});

Deno.test("mirrored() and upsideDown() keep the frames apart", () => {
  const clip = volume(Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8), [2, 2, 2, 1]);
  assert.deepEqual([...mirrored(clip).data], [2, 1, 4, 3, 6, 5, 8, 7]);
  assert.deepEqual([...upsideDown(clip).data], [3, 4, 1, 2, 7, 8, 5, 6]);
  assert.ok(Object.is(mirrored(volume(new Float32Array(2), [1, 2, 1]), [0]).data[0], 0), "no -0");
});

Deno.test("centre() is the window without a shift", () => {
  assert.deepEqual(centre(wide, 2), window(wide, 2));
  assert.deepEqual(centre(wide, 0).data, wide.data);
});

Deno.test("window() of a clip takes the same part of every frame", () => {
  const clip = volume(Float32Array.from({ length: 3 * 5 * 4 }, (_, i) => i), [3, 5, 4, 1]);
  const right = window(clip, 1, 1, 0);
  assert.deepEqual(right.shape, [3, 3, 2, 1]);
  assert.deepEqual([...right.data.slice(0, 4)], [6, 7, 10, 11]);
  assert.deepEqual(right.data.slice(6), right.data.slice(0, 12).map((value) => value + 20));
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

Deno.test("variant() shifts by less than the margin where it is told to, and turns upside down", () => {
  const options = { margin: 2, shift: 1, mirrorNegates: [0], flipNegates: [1] };
  const place = (name: VariantName) => {
    const { volume } = variant(wide, name, options);
    return [columns(volume)[0], rows(volume)[0]];
  };
  assert.deepEqual([place("left"), place("down")], [[1, 2], [2, 3]]);
  assert.deepEqual([place("mirrored"), place("upside down")], [[-3, 2], [2, -3]]);
});

Deno.test("windows and mirror images of what is no input are refused", () => {
  const plane = volume(new Float32Array(6), [2, 3]);
  for (const make of [centre, mirrored, upsideDown]) {
    assert.throws(() => make(plane, 0 as never), /An input cannot be \[2, 3\]/);
  }
  assert.throws(() => centre(volume(new Float32Array(0), [0, 2, 2]), 0), /cannot be \[0, 2, 2\]/);
  assert.throws(() => centre(wide, -1), /with a margin of -1/);
  assert.throws(() => window(wide, 2, 0.5), /\(0.5, 0\) off/);
  assert.throws(() => mirrored(wide, [2]), /An input of 2 channels has no channel 2/);
  assert.throws(() => variant(wide, "left", { margin: 1, shift: 2 }), /\(-2, 0\) off/);
});
