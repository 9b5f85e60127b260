/**
 * The light on a drawn face: a height map of its features under one lamp, soft shadows where light
 * does not reach, and the grain of the skin.
 *
 * @module
 */
import type { Rng } from "lib/core/rng.ts";
import { addBumps, type Bump, type Canvas } from "./canvas.ts";
import { grain } from "./grain.ts";
import type { Person } from "./person.ts";

/**
 * What the colour of the skin is multiplied by at every pixel.
 *
 * @returns a plane of the canvas's size
 */
export function skinLight(canvas: Canvas, person: Person, stream: Rng): Float32Array {
  const relief = reliefOf(canvas, person);
  const shadow = new Float32Array(relief.length);
  addBumps(canvas, shadow, shadows(person));
  const texture = skinGrain(canvas, person, stream);
  const { width, height, scale } = canvas;
  const lamp = normalised(person.lightX, person.lightY, 1);
  const light = new Float32Array(relief.length);
  for (let y = 0; y < height; y++) {
    const up = y > 0 ? -width : 0;
    const down = y < height - 1 ? width : 0;
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      const slopeX = (relief[i + (x < width - 1 ? 1 : 0)]! - relief[i - (x > 0 ? 1 : 0)]!) * scale /
        2;
      const slopeY = (relief[i + down]! - relief[i + up]!) * scale / 2;
      const length = Math.sqrt(1 + slopeX * slopeX + slopeY * slopeY);
      const facing = Math.max(0, (lamp[2] - slopeX * lamp[0] - slopeY * lamp[1]) / length);
      const shine = Math.max(0, facing - 0.9) * 0.9;
      const lit = person.ambient + (1 - person.ambient) * 1.2 * facing + shine;
      light[i] = lit * Math.exp(shadow[i]!) * (1 + texture[i]!);
    }
  }
  return light;
}

function normalised(x: number, y: number, z: number): readonly [number, number, number] {
  const length = Math.sqrt(x * x + y * y + z * z);
  return [x / length, y / length, z / length];
}

/** How far the face stands out towards the viewer, in units. */
function reliefOf(canvas: Canvas, person: Person): Float32Array {
  const { width, height, scale, left, top } = canvas;
  const half = person.points[16]![0] * 1.1;
  const relief = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    const dy = (top + (y + 0.5) / scale - 0.35) / 1.95;
    for (let x = 0; x < width; x++) {
      const dx = (left + (x + 0.5) / scale) / half;
      relief[y * width + x] = 0.9 * Math.sqrt(Math.max(0.04, 1 - 0.95 * dx * dx - 0.8 * dy * dy));
    }
  }
  addBumps(canvas, relief, bumps(person));
  return relief;
}

/** The same bump on both halves. */
function pair(x: number, y: number, spreadX: number, spreadY: number, height: number): Bump[] {
  return [[-x, y, spreadX, spreadY, height], [x, y, spreadX, spreadY, height]];
}

function bumps({ points }: Person): Bump[] {
  const tip = points[30]![1];
  const wing = points[35]!;
  const mouth = points[62]![1];
  const corner = points[54]!;
  const chin = points[8]![1];
  return [
    [0, tip * 0.5, 0.1, 0.26, 0.1],
    [0, tip - 0.02, 0.1, 0.12, 0.13],
    ...pair(wing[0] * 0.72, wing[1] - 0.06, 0.07, 0.07, 0.055),
    [0, wing[1] + 0.12, 0.2, 0.05, -0.03],
    ...pair(0.5, -0.03, 0.22, 0.12, -0.07),
    ...pair(0.49, 0, 0.16, 0.09, 0.05),
    ...pair(0.28, -0.02, 0.07, 0.12, -0.05),
    ...pair(0.5, points[19]![1] + 0.05, 0.3, 0.08, 0.035),
    ...pair(0.66, 0.52, 0.24, 0.2, 0.05),
    ...pair(corner[0] + 0.14, mouth - 0.05, 0.09, 0.2, -0.025),
    [0, mouth - 0.07, 0.22, 0.06, 0.045],
    [0, mouth + 0.09, 0.2, 0.055, 0.05],
    [0, points[57]![1] + 0.1, 0.25, 0.055, -0.05],
    [0, chin - 0.2, 0.2, 0.14, 0.07],
    [0, mouth - 0.2, 0.03, 0.07, -0.015],
  ];
}

/** Logarithms of how much darker folds and hollows are. */
function shadows({ points }: Person): Bump[] {
  const wing = points[35]!;
  const mouth = points[62]![1];
  const corner = points[54]!;
  return [
    [0, -0.75, 0.6, 0.3, 0.05],
    ...pair(1.08, 0.55, 0.15, 0.6, -0.12),
    ...pair(0.27, -0.07, 0.1, 0.12, -0.13),
    ...pair(0.5, -0.12, 0.24, 0.07, -0.1),
    ...pair(0.5, 0.19, 0.24, 0.05, -0.05),
    ...pair(0.16, 0.36, 0.05, 0.2, -0.06),
    ...pair(corner[0] * 0.92, wing[1] + 0.17, 0.06, 0.14, -0.06),
    ...pair(corner[0] * 1.1, corner[1], 0.06, 0.06, -0.1),
    [0, wing[1] + 0.09, 0.2, 0.045, -0.16],
    [0, mouth - 0.19, 0.035, 0.07, -0.05],
    [0, points[57]![1] + 0.07, 0.24, 0.045, -0.15],
  ];
}

/** Pores, blotches and freckles: relative deviations, about 3 % of the light. */
function skinGrain(canvas: Canvas, person: Person, stream: Rng): Float32Array {
  const { width, height, scale } = canvas;
  const total = new Float32Array(width * height);
  for (const [cell, amount] of [[0.3, 0.03], [0.09, 0.028], [0.035, 0.04]] as const) {
    const side = Math.max(2, cell * scale);
    const plane = grain(stream, { width, height, cellX: side, cellY: side });
    for (let i = 0; i < total.length; i++) total[i]! += plane[i]! * amount * person.grain;
  }
  const spots = Array.from({ length: person.freckles }, (): Bump => {
    const spread = 0.012 + 0.014 * stream.next();
    const x = 1.8 * stream.next() - 0.9;
    return [x, 2.4 * stream.next() - 0.9, spread, spread, -0.05 - 0.15 * stream.next()];
  });
  addBumps(canvas, total, spots);
  return total;
}
