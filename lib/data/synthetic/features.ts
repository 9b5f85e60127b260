/**
 * Eyes, brows, nose, mouth and glasses of a drawn face.
 *
 * @module
 */
import type { Rng } from "lib/core/rng.ts";
import { type Canvas, type Colour, fill, mix, paint, tint } from "./canvas.ts";
import { between, centroid, curve, ellipse, type Point, ribbon } from "./geometry.ts";
import { grain } from "./grain.ts";
import type { Person } from "./person.ts";

/** A canvas with the face's light on it, see {@linkcode skinLight}. */
export interface Sheet {
  readonly canvas: Canvas;
  readonly light: Float32Array;
  readonly person: Person;
}

const scaled = (colour: Colour, by: number): Colour => [
  colour[0] * by,
  colour[1] * by,
  colour[2] * by,
];

/** Wings, nostrils and the shadow below the nose. */
export function drawNose({ canvas, person: { points } }: Sheet): void {
  for (const [wing, hole] of [[31, 32], [35, 34]] as const) {
    const [wx, wy] = points[wing]!;
    const side = curve([
      [wx * 0.72, wy - 0.2],
      [wx * 1.02, wy - 0.12],
      [wx * 1.06, wy - 0.03],
      [wx * 0.92, wy + 0.01],
    ]);
    tint(canvas, fill(canvas, ribbon(side, () => 0.03), 0.05), [0.76, 0.68, 0.64], 0.8);
    const [hx, hy] = points[hole]!;
    const nostril = ellipse([hx * 1.05, hy - 0.02], 0.068, 0.03);
    tint(canvas, fill(canvas, nostril, 0.03), [0.4, 0.31, 0.28], 0.9);
  }
  const base = curve(points.slice(31, 36).map(([x, y]): Point => [x, y + 0.008]));
  tint(canvas, fill(canvas, ribbon(base, () => 0.025), 0.045), [0.72, 0.64, 0.6], 0.6);
}

/** Both lips and the line between them. */
export function drawMouth({ canvas, light, person: { points, skin, lipTint } }: Sheet): void {
  const lip: Colour = [
    skin[0] * (0.96 - 0.1 * lipTint),
    skin[1] * (0.86 - 0.26 * lipTint),
    skin[2] * (0.86 - 0.26 * lipTint),
  ];
  const at = (...indices: number[]) => indices.map((index) => points[index]!);
  const upper = [...curve(at(48, 49, 50, 51, 52, 53, 54)), ...curve(at(64, 63, 62, 61, 60))];
  const lower = [...curve(at(54, 55, 56, 57, 58, 59, 48)), ...curve(at(60, 67, 66, 65, 64))];
  mix(canvas, fill(canvas, lower, 0.035), scaled(lip, 1.04), { strength: 0.85, light });
  mix(canvas, fill(canvas, upper, 0.03), scaled(lip, 0.86), { strength: 0.9, light });
  const shine = ellipse(between(points[66]!, points[57]!, 0.5), 0.16, 0.03);
  tint(canvas, fill(canvas, shine, 0.08), [1.12, 1.12, 1.12], 0.8);
  const line = curve([
    between(points[48]!, points[60]!),
    between(points[61]!, points[67]!),
    between(points[62]!, points[66]!),
    between(points[63]!, points[65]!),
    between(points[54]!, points[64]!),
  ]);
  tint(canvas, fill(canvas, ribbon(line, () => 0.022), 0.03), [0.34, 0.27, 0.26]);
}

/** Both eyes: ball, iris, pupil, reflection, lashes and the fold of the lid. */
export function drawEyes(sheet: Sheet): void {
  const { points } = sheet.person;
  // Corners from the left of the image to the right, so that both eyes are drawn alike.
  const eye = (...indices: number[]) => indices.map((index) => points[index]!);
  for (
    const [upper, lower] of [
      [eye(36, 37, 38, 39), eye(36, 41, 40, 39)],
      [eye(42, 43, 44, 45), eye(42, 47, 46, 45)],
    ] as const
  ) {
    drawEyeball(sheet, upper, lower);
    drawLids(sheet, upper, lower);
  }
}

function drawEyeball(sheet: Sheet, upper: readonly Point[], lower: readonly Point[]): void {
  const { canvas, light, person } = sheet;
  const inside = fill(canvas, [...curve(upper), ...curve([...lower].reverse())], 0.02);
  mix(canvas, inside, [0.82, 0.79, 0.76], { light });
  const [cx, cy] = centroid([upper[1]!, upper[2]!, lower[1]!, lower[2]!]);
  const centre: Point = [cx, cy - 0.012];
  const clear = new Float32Array(canvas.width * canvas.height);
  paint(canvas, inside, (pixel, alpha) => clear[pixel] = alpha);
  const disc = (radius: number, colour: Colour, at: Point = centre) => {
    paint(canvas, fill(canvas, ellipse(at, radius, radius), 0.02), (pixel, alpha) => {
      const share = alpha * clear[pixel]!;
      for (let c = 0; c < 3; c++) {
        const i = 3 * pixel + c;
        canvas.rgb[i]! += (colour[c]! - canvas.rgb[i]!) * share;
      }
    });
  };
  disc(0.13, scaled(person.iris, 0.8));
  disc(0.1, scaled(person.iris, 1.25));
  disc(0.055, [0.03, 0.03, 0.03]);
  disc(0.022, [0.92, 0.92, 0.92], [centre[0] + 0.1 * person.lightX, centre[1] - 0.04]);
}

function drawLids({ canvas }: Sheet, upper: readonly Point[], lower: readonly Point[]): void {
  const rim = curve(upper);
  const shade = rim.map(([x, y]): Point => [x, y + 0.03]);
  tint(canvas, fill(canvas, ribbon(shade, (t) => 0.05 * Math.sin(Math.PI * t)), 0.05), [
    0.6,
    0.58,
    0.57,
  ]);
  const lash = (t: number) => 0.016 + 0.03 * Math.sin(Math.PI * t);
  tint(canvas, fill(canvas, ribbon(rim, lash), 0.025), [0.27, 0.22, 0.21]);
  const below = curve(lower);
  tint(canvas, fill(canvas, ribbon(below, () => 0.014), 0.025), [0.58, 0.5, 0.47], 0.75);
  const fold = rim.map(([x, y], i): Point => {
    const t = i / (rim.length - 1);
    return [x, y - 0.025 - 0.06 * Math.sin(Math.PI * t)];
  });
  tint(canvas, fill(canvas, ribbon(fold, () => 0.014), 0.03), [0.68, 0.6, 0.57], 0.65);
}

/** Brows, thick in the middle and thin outside, with the grain of hair. */
export function drawBrows({ canvas, person }: Sheet, stream: Rng): void {
  const { points, browThickness, browStrength, hair } = person;
  const { width, height, scale } = canvas;
  const hairs = grain(stream, {
    width,
    height,
    cellX: Math.max(2, 0.022 * scale),
    cellY: Math.max(3, 0.06 * scale),
  });
  for (const indices of [[17, 18, 19, 20, 21], [26, 25, 24, 23, 22]]) {
    const line = curve(indices.map((index) => points[index]!));
    const taper = (t: number) =>
      browThickness * Math.min(1.1, 0.3 + 1.7 * t, 1.1 - 0.6 * Math.max(0, t - 0.75));
    paint(canvas, fill(canvas, ribbon(line, taper), 0.045), (pixel, alpha) => {
      const cover = Math.min(1, Math.max(0, 0.85 + 0.35 * hairs[pixel]!));
      const share = alpha * cover * browStrength;
      for (let c = 0; c < 3; c++) {
        const i = 3 * pixel + c;
        canvas.rgb[i]! += (0.9 * hair[c]! + 0.02 - canvas.rgb[i]!) * share;
      }
    });
  }
}

/** A thin frame around both eyes, for those who wear one. */
export function drawGlasses({ canvas, person: { glasses, points } }: Sheet): void {
  if (!glasses) return;
  const stroke = (line: readonly Point[], width: number) =>
    mix(canvas, fill(canvas, ribbon(line, () => width), 0.018), [0.13, 0.12, 0.12], {
      strength: 0.65,
    });
  for (const half of [-1, 1]) {
    const rim = ellipse([half * 0.53, 0.07], 0.4, 0.31);
    stroke([...rim, rim[0]!], 0.018);
    stroke([[half * 0.93, 0.02], [points[half < 0 ? 0 : 16]![0], 0]], 0.02);
  }
  stroke(curve([[-0.13, 0.04], [0, 0], [0.13, 0.04]]), 0.02);
}
