/**
 * The generator that `golden.py` draws from too, so that golden files hold no parameters.
 *
 * @module
 */
import { sizeOf, type Volume, volume } from "lib/core/volume.ts";

/** Numerical Recipes' linear congruential generator; values in [-0.5, 0.5). */
export function lcg(seed: number): (shape: readonly number[]) => Volume {
  let x = seed;
  const next = (): number => {
    x = (Math.imul(1664525, x) + 1013904223) >>> 0;
    return x / 2 ** 32 - 0.5;
  };
  return (shape) => volume(Float32Array.from({ length: sizeOf(shape) }, next), shape);
}
