/**
 * Films a portrait: samples it where the face has moved to, under the frame's light, with the
 * sensor's noise.
 *
 * @module
 */
import type { FlowField } from "lib/preprocess/flow_field.ts";
import type { Frame } from "lib/preprocess/frame.ts";
import { type FieldGrid, readField } from "./field.ts";
import { type Eye, underLid } from "./lids.ts";
import type { Moment } from "./motion.ts";
import type { Portrait, View } from "./portrait.ts";

/** Where a face is in the image: face units are turned, scaled and shifted to pixels. */
export interface Pose {
  readonly width: number;
  readonly height: number;
  /** Pixel of the point between the eyes. */
  readonly x: number;
  readonly y: number;
  /** Pixels a unit. */
  readonly scale: number;
  /** Turn to the right, radians. */
  readonly roll: number;
}

/** The moving face of one clip. */
export interface Subject {
  readonly pose: Pose;
  readonly field: FieldGrid;
  readonly eyes: readonly Eye[];
}

/** The sensor: its noise's standard deviation in levels, and a seed that differs by frame. */
export interface Sensor {
  readonly noise: number;
  readonly seed: number;
}

/** Pixels between the nodes at which the motion is solved for; between them it is interpolated. */
const stride = 2;

/** One frame. */
export function film(
  portrait: Portrait,
  subject: Subject,
  moment: Moment,
  sensor: Sensor,
): Frame {
  const { pose: { width, height } } = subject;
  const { channels } = portrait;
  const source = sourceOf(portrait, subject, moment);
  if (moment.closure > 0) closeEyes(source, portrait, subject, moment.closure);
  const data = new Uint8ClampedArray(width * height * channels);
  if (channels === 3) sampleColour(portrait, source, data, moment.gain, sensor);
  else sampleGrey(portrait, source, data, moment.gain, sensor);
  return { data: new Uint8Array(data.buffer), width, height, channels };
}

/** For every pixel of the frame the pixel of the portrait that is seen there; x and y in turn. */
function sourceOf({ view }: Portrait, subject: Subject, moment: Moment): Float32Array {
  const { width, height } = subject.pose;
  const columns = Math.ceil(width / stride) + 1;
  const source = new Float32Array(2 * width * height);
  let above = new Float32Array(2 * columns);
  let below = new Float32Array(2 * columns);
  nodesOf(below, { view, subject, moment }, 0);
  for (let y = 0; y < height; y++) {
    const row = Math.floor(y / stride);
    if (row * stride === y) {
      [above, below] = [below, above];
      nodesOf(below, { view, subject, moment }, (row + 1) * stride);
    }
    const fy = (y + 0.5) / stride - row;
    for (let x = 0, o = 2 * y * width; x < width; x++, o += 2) {
      const column = Math.floor(x / stride);
      const fx = (x + 0.5) / stride - column;
      const i = 2 * column;
      const ax = above[i]! + fx * (above[i + 2]! - above[i]!);
      const ay = above[i + 1]! + fx * (above[i + 3]! - above[i + 1]!);
      const bx = below[i]! + fx * (below[i + 2]! - below[i]!);
      const by = below[i + 1]! + fx * (below[i + 3]! - below[i + 1]!);
      source[o] = ax + fy * (bx - ax);
      source[o + 1] = ay + fy * (by - ay);
    }
  }
  return source;
}

interface Scene {
  readonly view: View;
  readonly subject: Subject;
  readonly moment: Moment;
}

const moved = new Float64Array(3);

/** One line of nodes: the point m of the neutral face seen there, from m + d(m) = seen. */
function nodesOf(line: Float32Array, { view, subject, moment }: Scene, y: number): void {
  const { pose, field } = subject;
  const [cos, sin] = [Math.cos(pose.roll) / pose.scale, Math.sin(pose.roll) / pose.scale];
  const dy = y - pose.y;
  for (let i = 0, dx = -pose.x; i < line.length; i += 2, dx += stride) {
    const seenX = cos * dx + sin * dy;
    const seenY = cos * dy - sin * dx;
    let mx = seenX;
    let my = seenY;
    for (let pass = 0; pass < 3; pass++) {
      displace(field, moment, mx, my);
      mx = seenX - moved[0]!;
      my = seenY - moved[1]!;
    }
    line[i] = (mx - view.left) * view.scale;
    line[i + 1] = (my - view.top) * view.scale;
  }
}

/** Leaves in {@linkcode moved} how far a point of the face has moved, in units. */
function displace(field: FieldGrid, moment: Moment, x: number, y: number): void {
  readField(field, x, y, moved);
  const { strength, shiftX, shiftY, turn, growth } = moment;
  const share = moved[2]!;
  // Turning about the neck, not about the nose.
  moved[0] = strength * moved[0]! + share * (shiftX + growth * x - turn * (y - 2));
  moved[1] = strength * moved[1]! + share * (shiftY + growth * (y - 0.6) + turn * x);
}

function toFace({ x: cx, y: cy, scale, roll }: Pose, x: number, y: number): [number, number] {
  const [cos, sin] = [Math.cos(roll), Math.sin(roll)];
  const dx = (x - cx) / scale;
  const dy = (y - cy) / scale;
  return [cos * dx + sin * dy, -sin * dx + cos * dy];
}

/** The pixel position of a point of the face in the onset frame. */
export function toPixel(
  { x: cx, y: cy, scale, roll }: Pose,
  x: number,
  y: number,
): [number, number] {
  const [cos, sin] = [Math.cos(roll), Math.sin(roll)];
  return [cx + scale * (cos * x - sin * y), cy + scale * (sin * x + cos * y)];
}

/** The displacement of every pixel of the onset frame to the frame of a moment; lids left out. */
export function displacementField({ pose, field }: Subject, moment: Moment): FlowField {
  const { width, height, scale, roll } = pose;
  const [cos, sin] = [Math.cos(roll), Math.sin(roll)];
  const u = new Float32Array(width * height);
  const v = new Float32Array(width * height);
  for (let i = 0; i < u.length; i++) {
    const [x, y] = toFace(pose, i % width + 0.5, Math.floor(i / width) + 0.5);
    displace(field, moment, x, y);
    u[i] = scale * (cos * moved[0]! - sin * moved[1]!);
    v[i] = scale * (sin * moved[0]! + cos * moved[1]!);
  }
  return { u, v, width, height };
}

/** Redirects the pixels that a closing lid covers. */
function closeEyes(
  source: Float32Array,
  { view }: Portrait,
  { pose, eyes }: Subject,
  closure: number,
): void {
  const { width, height } = pose;
  for (const eye of eyes) {
    const [cx, cy] = toPixel(pose, (eye.left + eye.right) / 2, eye.crease + 0.12);
    const reach = Math.ceil(0.35 * pose.scale);
    const [fromX, toX] = [
      Math.max(0, Math.floor(cx) - reach),
      Math.min(width, Math.ceil(cx) + reach),
    ];
    const [fromY, toY] = [
      Math.max(0, Math.floor(cy) - reach),
      Math.min(height, Math.ceil(cy) + reach),
    ];
    for (let y = fromY; y < toY; y++) {
      for (let x = fromX; x < toX; x++) {
        const o = 2 * (y * width + x);
        const faceX = source[o]! / view.scale + view.left;
        const faceY = source[o + 1]! / view.scale + view.top;
        source[o + 1] = (underLid(eye, faceX, faceY, closure) - view.top) * view.scale;
      }
    }
  }
}

/** Even noise of four bytes of a hash: nearly normal (kurtosis 2.7), standard deviation 147.8. */
const byteSpread = 147.8;

/** Reads the portrait between its pixels (bilinear), times the gain, plus noise; rounds on store. */
function sampleColour(
  { data, view: { width, height } }: Portrait,
  source: Float32Array,
  into: Uint8ClampedArray,
  gain: number,
  { noise, seed }: Sensor,
): void {
  const amount = noise / byteSpread;
  const [lastX, lastY] = [width - 1.001, height - 1.001];
  for (let s = 0, o = 0; o < into.length; s += 2, o += 3) {
    const x = Math.min(lastX, Math.max(0, source[s]! - 0.5));
    const y = Math.min(lastY, Math.max(0, source[s + 1]! - 0.5));
    const column = x | 0;
    const row = y | 0;
    const fx = x - column;
    const fy = y - row;
    const i = 3 * (row * width + column);
    const j = i + 3 * width;
    const a = (1 - fx) * (1 - fy) * gain;
    const b = fx * (1 - fy) * gain;
    const c = (1 - fx) * fy * gain;
    const d = fx * fy * gain;
    into[o] = a * data[i]! + b * data[i + 3]! + c * data[j]! + d * data[j + 3]! +
      amount * hashNoise(seed, o);
    into[o + 1] = a * data[i + 1]! + b * data[i + 4]! + c * data[j + 1]! + d * data[j + 4]! +
      amount * hashNoise(seed, o + 1);
    into[o + 2] = a * data[i + 2]! + b * data[i + 5]! + c * data[j + 2]! + d * data[j + 5]! +
      amount * hashNoise(seed, o + 2);
  }
}

/** {@linkcode sampleColour} for one channel. */
function sampleGrey(
  { data, view: { width, height } }: Portrait,
  source: Float32Array,
  into: Uint8ClampedArray,
  gain: number,
  { noise, seed }: Sensor,
): void {
  const amount = noise / byteSpread;
  const [lastX, lastY] = [width - 1.001, height - 1.001];
  for (let s = 0, o = 0; o < into.length; s += 2, o++) {
    const x = Math.min(lastX, Math.max(0, source[s]! - 0.5));
    const y = Math.min(lastY, Math.max(0, source[s + 1]! - 0.5));
    const column = x | 0;
    const row = y | 0;
    const fx = x - column;
    const fy = y - row;
    const i = row * width + column;
    const j = i + width;
    const upper = data[i]! + fx * (data[i + 1]! - data[i]!);
    const lower = data[j]! + fx * (data[j + 1]! - data[j]!);
    into[o] = gain * (upper + fy * (lower - upper)) + amount * hashNoise(seed, o);
  }
}

/** The noise of a sample: a hash of seed and position (an integer finaliser), bytes added up. */
function hashNoise(seed: number, position: number): number {
  let h = seed ^ Math.imul(position, 0x9e3779b1);
  h = Math.imul(h ^ (h >>> 16), 0x7feb352d);
  h = Math.imul(h ^ (h >>> 15), 0x846ca68b);
  h ^= h >>> 16;
  return (h & 255) + ((h >>> 8) & 255) + ((h >>> 16) & 255) + (h >>> 24) - 510;
}
