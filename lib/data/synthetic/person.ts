/**
 * What a drawn person looks like.
 *
 * @module
 */
import type { Rng } from "lib/core/rng.ts";
import type { Colour } from "./canvas.ts";
import { faceShape } from "./face_shape.ts";
import type { Point } from "./geometry.ts";

/** A person's looks, and the room they were filmed in. */
export interface Person {
  /** The 68 points, see {@linkcode faceShape}. */
  readonly points: readonly Point[];
  readonly skin: Colour;
  readonly hair: Colour;
  readonly iris: Colour;
  readonly cloth: Colour;
  readonly wall: Colour;
  /** 0 short, 1 to the chin, 2 to the shoulders. */
  readonly hairLength: 0 | 1 | 2;
  /** Where the hair begins on the forehead. */
  readonly hairline: number;
  readonly browThickness: number;
  readonly browStrength: number;
  /** How much redder than the skin the lips are, 0..1. */
  readonly lipTint: number;
  /** How strong the skin's grain is; 1 is the mean. */
  readonly grain: number;
  readonly freckles: number;
  readonly glasses: boolean;
  /** Direction of the light: to the right, and up (negative). */
  readonly lightX: number;
  readonly lightY: number;
  /** Share of light that comes from everywhere. */
  readonly ambient: number;
}

/** Draws a person. */
export function personOf(stream: Rng): Person {
  const within = (low: number, high: number) => low + (high - low) * stream.next();
  const points = faceShape(stream.fork("shape"));
  const tone = stream.next();
  const warmth = within(-0.03, 0.03);
  const hairTone = stream.next() < 0.75 ? within(0.05, 0.13) : within(0.16, 0.34);
  const wall = within(0.35, 0.72);
  const clothTone = within(0.12, 0.6);
  const iris = within(0.1, 0.32);
  return {
    points,
    skin: [
      0.84 - 0.32 * tone + warmth,
      0.67 - 0.3 * tone,
      0.57 - 0.29 * tone - warmth,
    ],
    hair: [1.12 * hairTone, 0.9 * hairTone, 0.74 * hairTone],
    iris: [1.1 * iris, 0.9 * iris, (0.6 + 0.5 * stream.next()) * iris],
    cloth: [clothTone * within(0.6, 1), clothTone * within(0.7, 1), clothTone * within(0.8, 1.2)],
    wall: [wall * within(0.95, 1.02), wall, wall * within(0.98, 1.06)],
    hairLength: stream.integer(3) as 0 | 1 | 2,
    hairline: within(-1.12, -0.9),
    browThickness: within(0.065, 0.115),
    browStrength: within(0.55, 0.9),
    lipTint: within(0.3, 1),
    grain: within(0.6, 1.3),
    freckles: 3 + stream.integer(12),
    glasses: stream.next() < 0.15,
    lightX: within(-0.55, 0.55),
    lightY: within(-0.6, -0.25),
    ambient: within(0.38, 0.58),
  };
}
