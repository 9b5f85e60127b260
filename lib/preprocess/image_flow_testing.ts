/**
 * Drawn pairs of images whose flow is known, and how far a flow is from another, for tests.
 *
 * @module
 */
import { rng } from "lib/core/rng.ts";
import { type Volume, volume } from "lib/core/volume.ts";
import type { FlowField } from "./flow_field.ts";

/** Two images and the flow between them. */
export interface MovedPair {
  readonly from: Volume;
  readonly to: Volume;
  readonly truth: FlowField;
}

/** A displacement of Gaussian shape: centre, width and peak in pixels. */
export type Bump = readonly [x: number, y: number, sigma: number, u: number, v: number];

/** The sum of a drift and some bumps. */
export function bumpFlow(
  { width, height }: { readonly width: number; readonly height: number },
  drift: readonly [u: number, v: number],
  bumps: readonly Bump[],
): FlowField {
  const u = new Float32Array(width * height), v = new Float32Array(width * height);
  for (let i = 0; i < u.length; i++) {
    const x = i % width, y = Math.floor(i / width);
    const weights = bumps.map(([cx, cy, s]) =>
      Math.exp(-((x - cx) ** 2 + (y - cy) ** 2) / (2 * s * s))
    );
    u[i] = bumps.reduce((sum, bump, k) => sum + weights[k]! * bump[3], drift[0]);
    v[i] = bumps.reduce((sum, bump, k) => sum + weights[k]! * bump[4], drift[1]);
  }
  return { u, v, width, height };
}

/**
 * An image made of waves, rounded to 8 bits, and the same moved by a flow; both are drawn from the
 * formula, so nothing is interpolated.
 *
 * @param flow the truth; by default a drift and three bumps of up to 1.5 pixels
 */
export function movedPair(
  width: number,
  height: number,
  { seed = 1, flow }: { readonly seed?: number; readonly flow?: FlowField } = {},
): MovedPair {
  const random = rng(seed, "moved pair", width, height);
  const waves = Array.from({ length: 40 }, () => {
    const frequency = 0.05 + 0.75 * random.next(), angle = 2 * Math.PI * random.next();
    const size = random.normal() / (0.3 + frequency);
    return [
      frequency * Math.cos(angle),
      frequency * Math.sin(angle),
      7 * random.next(),
      size,
    ] as const;
  });
  const power = Math.sqrt(waves.reduce((sum, [, , , size]) => sum + size * size / 2, 0));
  const grey = (x: number, y: number): number => {
    const value = waves.reduce(
      (sum, [a, b, p, size]) => sum + size * Math.sin(a * x + b * y + p),
      0,
    );
    return Math.max(0, Math.min(255, Math.round(128 + 42 * value / power))) / 255;
  };
  const between = (least: number, most: number): number => least + (most - least) * random.next();
  const side = Math.min(width, height);
  const truth = flow ?? bumpFlow(
    { width, height },
    [0.2, -0.15],
    Array.from({ length: 3 }, () => [
      width * between(0.2, 0.8),
      height * between(0.2, 0.8),
      side * between(0.1, 0.18),
      between(-1.5, 1.5),
      between(-1.5, 1.5),
    ]),
  );
  const draw = (value: (x: number, y: number, i: number) => number): Volume =>
    volume(
      Float32Array.from({ length: width * height }, (_, i) =>
        value(i % width, Math.floor(i / width), i)),
      [height, width],
    );
  return {
    from: draw((x, y, i) => grey(x + truth.u[i]!, y + truth.v[i]!)),
    to: draw((x, y) => grey(x, y)),
    truth,
  };
}

/** End-point errors: lengths of the difference vectors, in pixels. */
export interface EndPointErrors {
  readonly mean: number;
  /** 99 of 100 pixels are at most this far off. */
  readonly p99: number;
  readonly max: number;
}

/** Compares two flows of one size. */
export function endPointErrors(a: FlowField, b: FlowField): EndPointErrors {
  const errors = Float64Array.from(a.u, (u, i) => Math.hypot(u - b.u[i]!, a.v[i]! - b.v[i]!));
  const sorted = errors.toSorted();
  return {
    mean: errors.reduce((sum, error) => sum + error, 0) / errors.length,
    p99: sorted[Math.floor(0.99 * sorted.length)]!,
    max: sorted.at(-1)!,
  };
}
