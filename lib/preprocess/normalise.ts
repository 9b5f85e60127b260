/**
 * Flow as the published flow maps hold it: small, three channels, each scaled by itself.
 *
 * @module
 */
import { type Volume, volume } from "lib/core/volume.ts";
import type { FlowField } from "./flow_field.ts";
import { resize } from "./resize.ts";
import { strainMagnitude } from "./strain.ts";

/** Scales values to 0..1 by their own minimum and maximum; equal values all become 0. */
export function minMax(values: Float32Array): Float32Array {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (!Number.isFinite(value)) throw new RangeError(`Cannot scale the value ${value}`);
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const range = high - low;
  return values.map((value) => (range === 0 ? 0 : (value - low) / range));
}

/**
 * The onset-to-apex map of a flow field, as STSTNet's and HTNet's authors publish theirs: u, v and optical
 * strain, shrunk by area, each scaled to 0..1 by its own minimum and maximum and kept in 8 bits.
 * Strain is computed before shrinking.
 *
 * @param side of the map in pixels, 28 in theirs
 * @returns `[side, side, 3]`, multiples of 1/255
 * @throws RangeError when the flow is not finite
 */
export function flowMap({ u, v, width, height }: FlowField, side: number): Volume {
  const strain = strainMagnitude(u, v, width, height);
  const data = new Float32Array(side * side * 3);
  [u, v, strain].forEach((plane, channel) => {
    const small = resize(volume(plane, [height, width]), side, side);
    minMax(small.data).forEach((value, i) => data[3 * i + channel] = Math.round(255 * value) / 255);
  });
  return volume(data, [side, side, 3]);
}
