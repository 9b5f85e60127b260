/**
 * Films a portrait: samples it where the face has moved to, under the frame's light, with the
 * sensor's noise.
 *
 * @module
 */
import type { Frame } from "lib/preprocess/frame.ts";
import { underLid } from "./lids.ts";
import type { Moment } from "./motion.ts";
import type { Portrait } from "./portrait.ts";
import { sourceOf, type Subject, toPixel } from "./warp.ts";

/** The sensor: its noise's standard deviation in levels, and a seed that differs by frame. */
export interface Sensor {
  readonly noise: number;
  readonly seed: number;
}

/** One frame of a face in motion. */
export function film(
  portrait: Portrait,
  subject: Subject,
  { moment, sensor }: { moment: Moment; sensor: Sensor },
): Frame {
  const { pose: { width, height } } = subject;
  const { channels } = portrait;
  const source = sourceOf(portrait.view, subject, moment);
  if (moment.closure > 0) closeEyes(source, portrait, { subject, closure: moment.closure });
  const data = new Uint8ClampedArray(width * height * channels);
  const sample = channels === 3 ? sampleColour : sampleGrey;
  sample(portrait, source, { into: data, gain: moment.gain, sensor });
  return { data: new Uint8Array(data.buffer), width, height, channels };
}

/** Redirects the pixels that a closing lid covers. */
function closeEyes(
  source: Float32Array,
  { view }: Portrait,
  { subject: { pose, eyes }, closure }: { subject: Subject; closure: number },
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

interface Exposure {
  readonly into: Uint8ClampedArray;
  readonly gain: number;
  readonly sensor: Sensor;
}

/** Reads the portrait between its pixels (bilinear), times the gain, plus noise; rounds on store. */
function sampleColour(
  { data, view: { width, height } }: Portrait,
  source: Float32Array,
  { into, gain, sensor: { noise, seed } }: Exposure,
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
  { into, gain, sensor: { noise, seed } }: Exposure,
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
