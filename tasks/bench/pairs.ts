/**
 * Pairs of images with known motion between them.
 *
 * @module
 */
import { rng } from "lib/core/rng.ts";
import { type Volume, volume } from "lib/core/volume.ts";
import type { FlowField } from "lib/preprocess/flow_field.ts";

/** Two images of equal size and the motion from the first to the second. */
export interface Pair {
  readonly from: Volume;
  readonly to: Volume;
  readonly truth: FlowField;
}

type Field = (x: number, y: number) => readonly [u: number, v: number];

/**
 * Draws a pair: a texture T of sinusoids and a smooth motion d of at most two or three pixels, the size
 * of a facial expression's. The second image is T(x) and the first T(x + d(x)), so the motion from the
 * first to the second is d exactly; both are rounded to 8 bits, as cameras do.
 *
 * @param seed another seed gives another texture and motion
 * @param side pixels
 */
export function drawPair(seed: number, side: number): Pair {
  const texture = drawTexture(seed);
  const motion = drawMotion(seed, side);
  const [from, to] = [new Float32Array(side * side), new Float32Array(side * side)];
  const [u, v] = [new Float32Array(side * side), new Float32Array(side * side)];
  for (let y = 0, i = 0; y < side; y++) {
    for (let x = 0; x < side; x++, i++) {
      [u[i], v[i]] = motion(x, y) as [number, number];
      from[i] = texture(x + u[i]!, y + v[i]!);
      to[i] = texture(x, y);
    }
  }
  const shape = [side, side];
  return {
    from: volume(from, shape),
    to: volume(to, shape),
    truth: { u, v, width: side, height: side },
  };
}

/** 8-bit grey between 0 and 1. */
function drawTexture(seed: number): (x: number, y: number) => number {
  const stream = rng(seed, "bench", "texture");
  const waves = Array.from({ length: 60 }, () => {
    const angle = 2 * Math.PI * stream.next();
    // Wavelengths of 6 to 60 pixels, the longer ones stronger, as in pictures.
    const wavelength = 6 * 10 ** stream.next();
    const k = 2 * Math.PI / wavelength;
    return {
      kx: k * Math.cos(angle),
      ky: k * Math.sin(angle),
      phase: 2 * Math.PI * stream.next(),
      amplitude: Math.sqrt(wavelength),
    };
  });
  const spread = 3 * Math.sqrt(waves.reduce((sum, { amplitude }) => sum + amplitude ** 2, 0) / 2);
  return (x, y) => {
    let sum = 0;
    for (const { kx, ky, phase, amplitude } of waves) {
      sum += amplitude * Math.sin(kx * x + ky * y + phase);
    }
    const level = Math.round(127.5 * (1 + sum / spread));
    return Math.min(255, Math.max(0, level)) / 255;
  };
}

/** Five bumps, as muscles make them, and a drift of the head. */
function drawMotion(seed: number, side: number): Field {
  const stream = rng(seed, "bench", "motion");
  const between = (low: number, high: number) => low + (high - low) * stream.next();
  const bumps = Array.from({ length: 5 }, () => ({
    x: between(0.15, 0.85) * side,
    y: between(0.15, 0.85) * side,
    width: between(0.06, 0.14) * side,
    u: between(-1.8, 1.8),
    v: between(-1.8, 1.8),
  }));
  const drift = [between(-0.3, 0.3), between(-0.3, 0.3)] as const;
  return (x, y) => {
    let [u, v]: [number, number] = [...drift];
    for (const bump of bumps) {
      const distance = ((x - bump.x) ** 2 + (y - bump.y) ** 2) / (2 * bump.width ** 2);
      const weight = Math.exp(-distance);
      u += weight * bump.u;
      v += weight * bump.v;
    }
    return [u, v];
  };
}

/** The mean end-point error of a flow field in pixels. */
export function endPointError(flow: FlowField, truth: FlowField): number {
  let sum = 0;
  for (let i = 0; i < truth.u.length; i++) {
    sum += Math.hypot(flow.u[i]! - truth.u[i]!, flow.v[i]! - truth.v[i]!);
  }
  return sum / truth.u.length;
}
