import assert from "node:assert/strict";
import { magnify } from "./magnify.ts";
import {
  approximationError,
  largestAlpha,
  magnifiedWave,
  rowOf,
  swingingWave,
} from "./magnify_1d.ts";
import { assertClose } from "./stages_testing.ts";

const wave = { wavelength: 32, displacement: 0.5, alpha: 3 };
const places = Array.from({ length: 64 }, (_, x) => x);

Deno.test("magnifiedWave() has equations 3.2, 3.3 and 3.6 at hand-worked places", () => {
  const { before, after, exact, approximate } = magnifiedWave(wave, [0, 8, 16]);
  assertClose(before, [1, 0, -1], 1e-12);
  const [a, b] = [2 * Math.PI * 0.5 / 32, 2 * Math.PI * 2 / 32];
  assertClose(after, [Math.cos(a), -Math.sin(a), -Math.cos(a)], 1e-12);
  assertClose(exact, [Math.cos(b), -Math.sin(b), -Math.cos(b)], 1e-12);
  // Steepest at a quarter wave: there the slope is -2π/32 a pixel, over 2 pixels.
  assertClose(approximate, [1, -b, -1], 1e-12);
  assert.throws(
    () => magnifiedWave({ ...wave, wavelength: 0 }, [0]),
    /wavelength: Expected above 0/,
  );
});

Deno.test("approximationError() is the largest difference of the two curves, and 0.15 at the bound", () => {
  for (const alpha of [0, 3, 10]) {
    const dense = Array.from({ length: 3200 }, (_, i) => i / 100);
    const { exact, approximate } = magnifiedWave({ ...wave, alpha }, dense);
    const largest = Math.max(...exact.map((value, i) => Math.abs(value - approximate[i]!)));
    assert.ok(Math.abs(approximationError({ ...wave, alpha }) - largest / 2) < 1e-4);
  }
  const alpha = largestAlpha(32, 0.5);
  assert.equal(alpha, 7);
  assert.ok(Math.abs(approximationError({ ...wave, alpha }) - 0.152) < 0.01);
});

Deno.test("swingingWave() through magnify() comes near the exact magnified wave", () => {
  const small = { wavelength: 16, displacement: 0.1 };
  const clip = swingingWave(small, { frames: 24, size: 64 });
  const alpha = 5;
  const made = magnify(clip, {
    filter: "ideal",
    alpha,
    fps: 24,
    lowHz: 0.5,
    highHz: 1.5,
    cutoffWavelength: 4,
  });
  const exact = magnifiedWave({ ...small, alpha }, places).exact.map((value) => 0.5 + 0.2 * value);
  const middle = (values: ArrayLike<number>) => Array.from(values).slice(16, 48);
  const still = Math.max(...middle(rowOf(clip, 6, 32)).map((v, i) => Math.abs(v - exact[16 + i]!)));
  const off = Math.max(...middle(rowOf(made, 6, 32)).map((v, i) => Math.abs(v - exact[16 + i]!)));
  assert.ok(off < 0.3 * still, `${off} off, unmagnified ${still}`);
});
