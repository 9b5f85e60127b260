/**
 * Eulerian magnification of one wave in one dimension: the paper's figure 2, and where its approximation
 * ends.
 *
 * @module
 */
import { type Volume, volume } from "lib/core/volume.ts";

/** A cosine of brightness that moves. */
export interface MovingWave {
  /** Pixels from crest to crest. */
  readonly wavelength: number;
  /** δ, in pixels. */
  readonly displacement: number;
  /** α. */
  readonly alpha: number;
}

/** The curves of figure 2, one value a place. */
export interface MagnifiedWave {
  /** f(x): the brightness at first (equation 3.2). */
  readonly before: readonly number[];
  /** f(x + δ): after the motion (equation 3.2). */
  readonly after: readonly number[];
  /** f(x + (1 + α) δ): after a motion 1 + α times as large (equation 3.3). */
  readonly exact: readonly number[];
  /** f(x) + (1 + α) δ ∂f/∂x: what amplifying the change of brightness gives (equation 3.6). */
  readonly approximate: readonly number[];
}

/**
 * Computes the curves at some places.
 *
 * @param places x, in pixels
 * @throws RangeError when the wavelength is not above 0
 */
export function magnifiedWave(
  { wavelength, displacement, alpha }: MovingWave,
  places: readonly number[],
): MagnifiedWave {
  if (!(wavelength > 0)) throw new RangeError(`wavelength: Expected above 0, got ${wavelength}`);
  const turn = 2 * Math.PI / wavelength;
  const f = (x: number) => Math.cos(turn * x);
  const slope = (x: number) => -turn * Math.sin(turn * x);
  const moved = (1 + alpha) * displacement;
  return {
    before: places.map(f),
    after: places.map((x) => f(x + displacement)),
    exact: places.map((x) => f(x + moved)),
    approximate: places.map((x) => f(x) + moved * slope(x)),
  };
}

/**
 * The largest difference between the approximation and the true magnified wave, as a share of the wave's
 * range. At the bound of Wu et al., (1 + α) δ = λ / 8, it is 0.15.
 */
export function approximationError({ wavelength, displacement, alpha }: MovingWave): number {
  // f(x + m) - f(x) - m f'(x) = (cos φ - 1) cos - (sin φ - φ) sin at φ = 2π m / λ: a cosine again.
  const phase = 2 * Math.PI * (1 + alpha) * displacement / wavelength;
  return Math.hypot(Math.cos(phase) - 1, Math.sin(phase) - phase) / 2;
}

/** The largest α for which (1 + α) δ < λ / 8 holds; below 0 when none does. */
export function largestAlpha(wavelength: number, displacement: number): number {
  return wavelength / (8 * displacement) - 1;
}

/**
 * A clip in which the wave swings by its displacement, once in all, for the real magnification.
 *
 * @returns `[frames, size, size]`, 0.3 to 0.7
 */
export function swingingWave(
  { wavelength, displacement }: Pick<MovingWave, "wavelength" | "displacement">,
  { frames, size }: { readonly frames: number; readonly size: number },
): Volume {
  const data = Float32Array.from({ length: frames * size * size }, (_, i) => {
    const shift = displacement * Math.sin(2 * Math.PI * Math.floor(i / (size * size)) / frames);
    return 0.5 + 0.2 * Math.cos(2 * Math.PI * (i % size + shift) / wavelength);
  });
  return volume(data, [frames, size, size]);
}

/** One row of one frame of a clip. */
export function rowOf({ data, shape }: Volume, frame: number, row: number): Float32Array {
  const [, height = 0, width = 0] = shape;
  const start = (frame * height + row) * width;
  return data.slice(start, start + width);
}
