/**
 * Matching the brightness of frames. Flow assumes that a point keeps its intensity; lamps flicker, and a
 * flicker of one per cent makes flow of half a pixel where skin has little texture.
 *
 * @module
 */
import { type Volume, volume } from "lib/core/volume.ts";

/** An image matched to another, as gain · intensity + offset. */
export interface Matched {
  readonly image: Volume;
  readonly gain: number;
  readonly offset: number;
}

interface Moments {
  readonly mean: number;
  readonly deviation: number;
}

function moments(values: Float32Array): Moments {
  let sum = 0;
  for (const value of values) sum += value;
  const mean = sum / values.length;
  let squares = 0;
  for (const value of values) squares += (value - mean) ** 2;
  return { mean, deviation: Math.sqrt(squares / values.length) };
}

/** A spread below this, of intensities 0..1, is a constant image: there is nothing to stretch. */
const constant = 1e-6;

function match(values: Float32Array, target: Moments): { gain: number; offset: number } {
  const own = moments(values);
  const flat = own.deviation < constant || target.deviation < constant;
  const gain = flat ? 1 : target.deviation / own.deviation;
  return { gain, offset: target.mean - gain * own.mean };
}

/**
 * Gives an image the mean and the standard deviation of a reference. A constant image, or reference,
 * only gets the mean.
 *
 * @param image intensities of any shape
 * @throws RangeError when an image is empty or a value is not finite
 */
export function matchGain(image: Volume, reference: Volume): Matched {
  for (const [name, { data }] of Object.entries({ image, reference })) requireFinite(name, data);
  const { gain, offset } = match(image.data, moments(reference.data));
  return { image: volume(scaled(image.data, gain, offset), image.shape), gain, offset };
}

function scaled(values: Float32Array, gain: number, offset: number): Float32Array {
  return values.map((value) => gain * value + offset);
}

function requireFinite(name: string, values: Float32Array): void {
  if (values.length === 0) throw new RangeError(`The ${name} is empty`);
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad !== -1) throw new RangeError(`The ${name} has the value ${values[bad]} at ${bad}`);
}

/** A clip whose frames all have the mean and spread of one of them. */
export interface MatchedClip {
  readonly clip: Volume;
  /** One gain a frame; 1 for the reference. */
  readonly gains: readonly number[];
}

/**
 * Matches every frame of a clip to one of them.
 *
 * @param clip `[frames, height, width]`
 * @param reference the frame that stays as it is
 * @throws RangeError when there is no such frame, or a value is not finite
 */
export function matchClip(clip: Volume, reference: number): MatchedClip {
  const [frames = 0, ...plane] = clip.shape;
  if (!Number.isInteger(reference) || reference < 0 || reference >= frames) {
    throw new RangeError(`The clip has ${frames} frames and no frame ${reference}`);
  }
  requireFinite("clip", clip.data);
  const size = plane.reduce((product, side) => product * side, 1);
  const target = moments(clip.data.subarray(reference * size, (reference + 1) * size));
  const data = new Float32Array(clip.data.length);
  const gains = Array.from({ length: frames }, (_, i) => {
    const values = clip.data.subarray(i * size, (i + 1) * size);
    const { gain, offset } = match(values, target);
    data.set(scaled(values, gain, offset), i * size);
    return gain;
  });
  return { clip: volume(data, clip.shape), gains };
}
