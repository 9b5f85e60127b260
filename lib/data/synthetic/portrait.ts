/**
 * Draws a person's neutral face, once, from which all frames are sampled.
 *
 * @module
 */
import type { Rng } from "lib/core/rng.ts";
import { addBumps, blur, type Canvas, type Colour, fill, mix, tint } from "./canvas.ts";
import { drawBrows, drawEyes, drawGlasses, drawMouth, drawNose, type Sheet } from "./features.ts";
import { curve, ellipse, type Point } from "./geometry.ts";
import { grain } from "./grain.ts";
import type { Person } from "./person.ts";
import { skinLight } from "./skin.ts";

/** Which part of the plane is drawn, and how finely. */
export type View = Omit<Canvas, "rgb">;

/** A neutral face. */
export interface Portrait {
  readonly view: View;
  /** Row-major, channels interleaved; 0..255, not rounded. */
  readonly data: Float32Array;
  readonly channels: 1 | 3;
}

/** Draws a portrait in colour, or in grey (Rec. 601 luma). */
export function portrait(
  person: Person,
  view: View,
  { stream, channels }: { stream: Rng; channels: 1 | 3 },
): Portrait {
  const canvas: Canvas = { ...view, rgb: new Float32Array(view.width * view.height * 3) };
  const light = skinLight(canvas, person, stream.fork("skin"));
  const sheet: Sheet = { canvas, light, person };
  const strands = hairStrands(canvas, stream.fork("hair"));
  drawWall(canvas, person, stream.fork("wall"));
  drawHair(sheet, strands, backHair(person));
  drawBody(sheet);
  drawFace(sheet);
  drawNose(sheet);
  drawMouth(sheet);
  drawEyes(sheet);
  drawBrows(sheet, stream.fork("brows"));
  drawHair(sheet, strands, frontHair(person, stream.fork("hairline")));
  drawGlasses(sheet);
  return { view, data: developed(canvas, channels), channels };
}

/** A wall that gets darker downwards and to one side, a board or frame on it, out of focus. */
function drawWall(canvas: Canvas, { wall, lightX }: Person, stream: Rng): void {
  const { rgb, width, height, scale, left, top } = canvas;
  const cell = 0.8 * scale;
  const clouds = grain(stream, { width, height, cellX: cell, cellY: cell });
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      const falloff = 1 + 0.05 * lightX * (left + x / scale) - 0.05 * (top + y / scale);
      const level = falloff + 0.025 * clouds[i]!;
      for (let c = 0; c < 3; c++) rgb[3 * i + c] = wall[c]! * level;
    }
  }
  const edge = (stream.next() < 0.5 ? -1 : 1) * (1.9 + 1.2 * stream.next());
  const far = edge * 2.4;
  const board: Point[] = [[edge, -9], [far, -9], [far, 1.2 + stream.next()], [edge, 1.2]];
  const shade = 0.75 + 0.4 * stream.next();
  tint(canvas, fill(canvas, board, 0.12), [shade, shade, 0.98 * shade]);
}

/** Vertical strands: what the colour of hair is multiplied by. */
function hairStrands(canvas: Canvas, stream: Rng): Float32Array {
  const { width, height, scale } = canvas;
  const strands = grain(stream, {
    width,
    height,
    cellX: Math.max(2, 0.04 * scale),
    cellY: 0.5 * scale,
  });
  return strands.map((x) => 1 + 0.4 * x);
}

function drawHair(
  { canvas, person }: Sheet,
  strands: Float32Array,
  outline: readonly Point[],
): void {
  mix(canvas, fill(canvas, outline, 0.08), person.hair, { light: strands });
}

function backHair({ points, hairLength }: Person): Point[] {
  const side = points[16]![0] * 1.16;
  const below = [0.45, 1.25, 2.3][hairLength]!;
  return ellipse([0, 0.1], side, 1).map(([x, y]): Point => {
    const down = y - 0.1;
    return [x, 0.1 + down * (down < 0 ? 1.72 : below)];
  });
}

function frontHair({ points, hairline }: Person, stream: Rng): Point[] {
  const side = points[16]![0];
  const waves = Array.from({ length: 7 }, () => 0.07 * (2 * stream.next() - 1));
  const lower = waves.map((wave, i): Point => {
    const across = i / 3 - 1;
    const fall = 0.5 * Math.abs(across * across * across);
    return [across * side * 1.03, hairline + fall + wave];
  });
  const upper = Array.from({ length: 13 }, (_, i): Point => {
    const angle = Math.PI * i / 12;
    return [side * 1.15 * Math.cos(angle), 0.05 - 1.66 * Math.sin(angle)];
  });
  return [...curve(lower), ...upper];
}

/** Shoulders, neck with the chin's shadow, ears. */
function drawBody({ canvas, light, person }: Sheet): void {
  const { points, skin, cloth } = person;
  const chin = points[8]![1];
  const side = points[16]![0];
  const both = (half: readonly Point[]): Point[] => [
    ...half.map(([x, y]): Point => [-x, y]),
    ...[...half].reverse(),
  ];
  const neck = curve(both([[0.68, 0.9], [0.68, chin + 0.35], [0.86, chin + 1], [0.3, 3.3]]), true);
  const shoulders = both([[0.55, chin + 0.62], [0.95, chin + 0.82], [2.2, chin + 1.3], [2.6, 8]]);
  const neckShadow = new Float32Array(light.length).fill(0.76);
  addBumps(canvas, neckShadow, [[0, chin, 0.6, 0.22, -0.3], [-0.75, chin + 0.4, 0.2, 0.6, -0.12]]);
  mix(canvas, fill(canvas, neck, 0.05), skin, { light: neckShadow });
  mix(canvas, fill(canvas, curve(shoulders), 0.06), cloth);
  for (const half of [-1, 1]) {
    const ear = ellipse([half * (side + 0.05), 0.27], 0.11, 0.32);
    mix(canvas, fill(canvas, ear, 0.05), scaledBy(skin, 0.82));
    const hollow = ellipse([half * (side + 0.07), 0.25], 0.045, 0.2);
    tint(canvas, fill(canvas, hollow, 0.08), [0.75, 0.68, 0.66]);
  }
}

function scaledBy([red, green, blue]: Colour, by: number): Colour {
  return [red * by, green * by, blue * by];
}

/** The skin of the face, redder on cheeks and nose. */
function drawFace({ canvas, light, person: { points, skin } }: Sheet): void {
  const jaw = points.slice(0, 17);
  const side = (jaw[16]![0] - jaw[0]![0]) / 2;
  const level = (jaw[0]![1] + jaw[16]![1]) / 2;
  const forehead = Array.from({ length: 13 }, (_, i): Point => {
    const angle = Math.PI * (i + 1) / 14;
    return [side * Math.cos(angle), level - 1.42 * Math.sin(angle)];
  });
  const face = fill(canvas, curve([...jaw, ...forehead], true), 0.05);
  mix(canvas, face, skin, { light });
  for (const [x, y, radius] of [[-0.62, 0.6, 0.3], [0.62, 0.6, 0.3], [0, 0.6, 0.16]] as const) {
    tint(canvas, fill(canvas, ellipse([x, y], radius, radius * 0.8), 0.4), [1.03, 0.93, 0.93], 0.8);
  }
}

/** The image a lens makes of the canvas: slightly soft; 0..255. */
function developed(canvas: Canvas, channels: 1 | 3): Float32Array {
  const { rgb, width, height, scale } = canvas;
  const size = width * height;
  const plane = new Float32Array(size);
  const data = new Float32Array(size * channels);
  const radius = Math.max(1, Math.round(0.008 * scale));
  const weights = channels === 3 ? [[1, 0, 0], [0, 1, 0], [0, 0, 1]] : [[0.299, 0.587, 0.114]];
  weights.forEach(([red, green, blue], channel) => {
    for (let i = 0; i < size; i++) {
      plane[i] = red! * rgb[3 * i]! + green! * rgb[3 * i + 1]! + blue! * rgb[3 * i + 2]!;
    }
    blur(plane, width, height, radius);
    for (let i = 0; i < size; i++) {
      data[i * channels + channel] = 255 * exposed(plane[i]!);
    }
  });
  return data;
}

/** A camera's shoulder: levels over .75 are compressed instead of clipped. */
function exposed(level: number): number {
  const over = level - 0.75;
  return over > 0 ? 0.75 + 0.24 * over / (0.24 + over) : Math.max(0, level);
}
