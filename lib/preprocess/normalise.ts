/**
 * Flow as the published flow maps hold it: small, three channels, each scaled by itself.
 *
 * @module
 */
import { type Volume, volume } from "lib/core/volume.ts";
import type { FlowField } from "./flow_field.ts";
import { resize } from "./resize.ts";
import { strainMagnitude } from "./strain.ts";

/**
 * Scales each channel of an image to 0..1 by its own minimum and maximum; a channel whose values are
 * all equal becomes 0. What it loses is how strong a motion was, and where 0 lay.
 *
 * @param image `[height, width]` or `[height, width, channels]`
 * @throws RangeError when the image has another number of axes, is empty, or a value is not finite
 */
export function minMax(image: Volume): Volume {
  const { data, shape } = image;
  const channels = shape[2] ?? 1;
  if ((shape.length !== 2 && shape.length !== 3) || data.length === 0) {
    throw new RangeError(`Cannot scale an image of [${shape.join(", ")}]`);
  }
  const low = new Float64Array(channels).fill(Infinity);
  const high = new Float64Array(channels).fill(-Infinity);
  data.forEach((value, i) => {
    if (!Number.isFinite(value)) throw new RangeError(`Cannot scale the value ${value} at ${i}`);
    const channel = i % channels;
    low[channel] = Math.min(low[channel]!, value);
    high[channel] = Math.max(high[channel]!, value);
  });
  const scaled = data.map((value, i) => {
    const channel = i % channels;
    const range = high[channel]! - low[channel]!;
    return range === 0 ? 0 : (value - low[channel]!) / range;
  });
  return volume(scaled, shape);
}

/**
 * A flow field with its optical strain beside it, as it is.
 *
 * @returns `[height, width, 3]`: u and v in pixels, strain without unit
 */
export function strainedField({ u, v, width, height }: FlowField): Volume {
  const strain = strainMagnitude(u, v, width, height);
  const field = new Float32Array(3 * u.length);
  for (let i = 0; i < u.length; i++) field.set([u[i]!, v[i]!, strain[i]!], 3 * i);
  return volume(field, [height, width, 3]);
}

/**
 * The onset-to-apex map of a flow field, as STSTNet's and HTNet's authors publish theirs: u, v and
 * optical strain, shrunk by area, each scaled to 0..1 by its own minimum and maximum and kept in 8
 * bits. Strain is computed before shrinking, where the flow is known best. Displacements stay in pixels
 * of the field until they are scaled, so that the map does not depend on that unit.
 *
 * @param side of the map in pixels, 28 in theirs
 * @param options `eightBit`: rounds to multiples of 1/255, which theirs are; on by default
 * @returns `[side, side, 3]`
 * @throws RangeError when the flow is empty or not finite, or `side` is not a positive whole number
 */
export function flowMap(
  flow: FlowField,
  side: number,
  { eightBit = true }: { readonly eightBit?: boolean } = {},
): Volume {
  const { data, shape } = minMax(resize(strainedField(flow), side, side));
  return volume(eightBit ? data.map((value) => Math.round(255 * value) / 255) : data, shape);
}
