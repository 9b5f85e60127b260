/**
 * Initial values of kernels and biases.
 *
 * @module
 */
import type { Rng } from "lib/core/rng.ts";
import { sizeOf, type Volume, volume } from "lib/core/volume.ts";

/**
 * How a kernel of fan-in n and fan-out m is drawn, and its bias:
 * - `torch`: both uniform in ±1/√n, the default of PyTorch's convolutions and linear layers
 *   (LeCun et al. 1998, Efficient BackProp, section 4.6, up to the constant);
 * - `he`: normal with variance 2/n, bias 0 (He et al. 2015, equation 10);
 * - `glorot`: uniform in ±√(6/(n + m)), bias 0 (Glorot and Bengio 2010, equation 16).
 */
export type Initialiser = "torch" | "he" | "glorot";

/** An array of one value. */
export function filled(shape: readonly number[], value: number): Volume {
  return volume(new Float32Array(sizeOf(shape)).fill(value), shape);
}

/** A kernel to be drawn. */
export interface KernelSpec {
  readonly shape: readonly number[];
  /** How many inputs each output sums over. */
  readonly fanIn: number;
  /** How many outputs each input goes to. */
  readonly fanOut: number;
}

/** Draws a kernel. */
export function drawKernel(rng: Rng, kernel: KernelSpec, initialiser: Initialiser): Volume {
  const { shape, fanIn, fanOut } = kernel;
  switch (initialiser) {
    case "torch":
      return uniform(rng, shape, 1 / Math.sqrt(fanIn));
    case "glorot":
      return uniform(rng, shape, Math.sqrt(6 / (fanIn + fanOut)));
    case "he": {
      const deviation = Math.sqrt(2 / fanIn);
      return draw(shape, () => deviation * rng.normal());
    }
  }
}

/** Draws the bias of `channels` outputs with so many inputs. */
export function drawBias(
  rng: Rng,
  { channels, fanIn }: { readonly channels: number; readonly fanIn: number },
  initialiser: Initialiser,
): Volume {
  if (initialiser !== "torch") return filled([channels], 0);
  return uniform(rng, [channels], 1 / Math.sqrt(fanIn));
}

function uniform(rng: Rng, shape: readonly number[], bound: number): Volume {
  return draw(shape, () => bound * (2 * rng.next() - 1));
}

function draw(shape: readonly number[], next: () => number): Volume {
  return volume(Float32Array.from({ length: sizeOf(shape) }, next), shape);
}
