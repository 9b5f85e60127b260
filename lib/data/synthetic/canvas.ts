/**
 * A canvas in face units: soft-edged outlines, mixed or multiplied into an image.
 *
 * @module
 */
import type { Point } from "./geometry.ts";

/** Red, green and blue, 0..1. */
export type Colour = readonly [red: number, green: number, blue: number];

/** An image and where the face units lie on it. */
export interface Canvas {
  /** Row-major, red, green and blue interleaved, 0..1. */
  readonly rgb: Float32Array;
  readonly width: number;
  readonly height: number;
  /** Pixels a unit. */
  readonly scale: number;
  /** Unit coordinates of the image's upper left corner. */
  readonly left: number;
  readonly top: number;
}

/** Opacities 0..1 in a rectangle of a canvas. */
export interface Mask {
  readonly alpha: Float32Array;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Sub-scanlines a row: edges are exact across and in quarters down, before they are blurred. */
const subRows = 4;

/**
 * The inside of an outline (non-zero winding), its edge softened.
 *
 * @param outline in units
 * @param softness width of the edge in units; at least one pixel
 */
export function fill(canvas: Canvas, outline: readonly Point[], softness: number): Mask {
  const { scale, left, top } = canvas;
  const points = outline.map(([x, y]): Point => [(x - left) * scale, (y - top) * scale]);
  const radius = Math.max(1, Math.round(softness * scale / 2));
  const mask = emptyMask(canvas, points, 2 * radius + 1);
  for (let row = 0; row < mask.height; row++) {
    for (let sub = 0; sub < subRows; sub++) {
      const y = mask.y + row + (sub + 0.5) / subRows;
      for (const [from, to] of spansAt(points, y)) addSpan(mask, row, from, to);
    }
  }
  for (let pass = 0; pass < 2; pass++) blur(mask.alpha, mask.width, mask.height, radius);
  return mask;
}

function emptyMask(canvas: Canvas, points: readonly Point[], margin: number): Mask {
  let [x0, y0, x1, y1] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x, y] of points) {
    [x0, x1] = [Math.min(x0, x), Math.max(x1, x)];
    [y0, y1] = [Math.min(y0, y), Math.max(y1, y)];
  }
  const clamp = (value: number, high: number) => Math.min(high, Math.max(0, Math.floor(value)));
  const [x, y] = [clamp(x0 - margin, canvas.width), clamp(y0 - margin, canvas.height)];
  const width = clamp(x1 + margin + 1, canvas.width) - x;
  const height = clamp(y1 + margin + 1, canvas.height) - y;
  return { alpha: new Float32Array(width * height), x, y, width, height };
}

/** Where a horizontal line is inside: pairs of x from left to right. */
function spansAt(points: readonly Point[], y: number): [number, number][] {
  const crossings: { x: number; turn: number }[] = [];
  let [ax, ay] = points[points.length - 1]!;
  for (const [bx, by] of points) {
    if ((ay <= y) !== (by <= y)) {
      crossings.push({ x: ax + (bx - ax) * (y - ay) / (by - ay), turn: ay < by ? 1 : -1 });
    }
    [ax, ay] = [bx, by];
  }
  crossings.sort((a, b) => a.x - b.x);
  const spans: [number, number][] = [];
  let winding = 0;
  let start = 0;
  for (const { x, turn } of crossings) {
    if (winding === 0) start = x;
    winding += turn;
    if (winding === 0) spans.push([start, x]);
  }
  return spans;
}

function addSpan(mask: Mask, row: number, from: number, to: number): void {
  const low = Math.max(0, from - mask.x);
  const high = Math.min(mask.width, to - mask.x);
  for (let x = Math.floor(low); x < high; x++) {
    const covered = Math.min(high, x + 1) - Math.max(low, x);
    mask.alpha[row * mask.width + x]! += covered / subRows;
  }
}

/** Averages boxes of 2 × radius + 1 pixels, rows and then columns; the border is repeated. */
export function blur(plane: Float32Array, width: number, height: number, radius: number): void {
  const line = new Float32Array(Math.max(width, height));
  for (let y = 0; y < height; y++) {
    blurLine(plane, line, { start: y * width, step: 1, length: width, radius });
  }
  for (let x = 0; x < width; x++) {
    blurLine(plane, line, { start: x, step: width, length: height, radius });
  }
}

interface Line {
  readonly start: number;
  readonly step: number;
  readonly length: number;
  readonly radius: number;
}

function blurLine(plane: Float32Array, line: Float32Array, place: Line): void {
  const { start, step, length, radius } = place;
  for (let i = 0; i < length; i++) line[i] = plane[start + i * step]!;
  const last = length - 1;
  let sum = (radius + 1) * line[0]!;
  for (let i = 1; i <= radius; i++) sum += line[Math.min(i, last)]!;
  const share = 1 / (2 * radius + 1);
  for (let i = 0; i < length; i++) {
    plane[start + i * step] = sum * share;
    sum += line[Math.min(i + radius + 1, last)]! - line[Math.max(i - radius, 0)]!;
  }
}

/** What a colour is multiplied by at a pixel of the canvas: a plane of the canvas's size. */
export interface MixOptions {
  readonly strength?: number;
  readonly light?: Float32Array;
}

/** Lays a colour over the image where the mask is. */
export function mix(canvas: Canvas, mask: Mask, colour: Colour, options: MixOptions = {}): void {
  const { strength = 1, light } = options;
  paint(canvas, mask, (pixel, alpha) => {
    const share = alpha * strength;
    const lit = light === undefined ? 1 : light[pixel]!;
    for (let c = 0; c < 3; c++) {
      const i = 3 * pixel + c;
      canvas.rgb[i]! += (colour[c]! * lit - canvas.rgb[i]!) * share;
    }
  });
}

/** Darkens (or brightens) the image by a factor a channel where the mask is. */
export function tint(canvas: Canvas, mask: Mask, factor: Colour, strength = 1): void {
  paint(canvas, mask, (pixel, alpha) => {
    for (let c = 0; c < 3; c++) {
      canvas.rgb[3 * pixel + c]! *= 1 + (factor[c]! - 1) * alpha * strength;
    }
  });
}

/** Calls for every pixel that a mask does not leave out: its index in the canvas, and its opacity. */
export function paint(
  canvas: Canvas,
  mask: Mask,
  draw: (pixel: number, alpha: number) => void,
): void {
  for (let row = 0; row < mask.height; row++) {
    const start = (mask.y + row) * canvas.width + mask.x;
    for (let column = 0; column < mask.width; column++) {
      const alpha = mask.alpha[row * mask.width + column]!;
      if (alpha > 0) draw(start + column, Math.min(1, alpha));
    }
  }
}

/** A Gaussian bump: centre and standard deviations in units, and its height. */
export type Bump = readonly [
  x: number,
  y: number,
  spreadX: number,
  spreadY: number,
  height: number,
];

/** Adds bumps to a plane of the canvas's size; each ends 3.5 standard deviations from its centre. */
export function addBumps(canvas: Canvas, plane: Float32Array, bumps: readonly Bump[]): void {
  const { scale, left, top, width, height } = canvas;
  for (const [x, y, spreadX, spreadY, amount] of bumps) {
    const across = profile((x - left) * scale, spreadX * scale, width);
    const down = profile((y - top) * scale, spreadY * scale, height);
    for (let j = 0; j < down.values.length; j++) {
      const weight = amount * down.values[j]!;
      const start = (down.from + j) * width + across.from;
      for (let i = 0; i < across.values.length; i++) {
        plane[start + i]! += weight * across.values[i]!;
      }
    }
  }
}

/** One axis of a Gaussian on pixels, whose centres lie at half-integers. */
function profile(
  centre: number,
  spread: number,
  length: number,
): { from: number; values: Float64Array } {
  const reach = 3.5 * spread;
  const from = Math.min(length, Math.max(0, Math.floor(centre - reach)));
  const to = Math.min(length, Math.max(from, Math.ceil(centre + reach)));
  const values = Float64Array.from({ length: to - from }, (_, i) => {
    const distance = (from + i + 0.5 - centre) / spread;
    return Math.exp(-0.5 * distance * distance);
  });
  return { from, values };
}
