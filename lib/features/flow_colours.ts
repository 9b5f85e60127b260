/**
 * Flow as colour pictures, for networks that were made for photographs.
 *
 * @module
 */
import { type Volume, volume } from "lib/core/volume.ts";

/**
 * Each frame of flow, `[frames, height, width, 2]`, as a picture `[frames, height, width, 3]` of red,
 * green and blue, 0..1: hue is the direction (red right, then by way of green down, cyan left), brightness
 * the length, from the shortest of the frame, black, to its longest; all colours are fully saturated. So
 * OpenCV's samples draw flow. A frame of equal lengths everywhere is black.
 *
 * @throws RangeError when the last axis is not two components
 */
export function flowColours({ data, shape }: Volume): Volume {
  const [frames = 0, height = 0, width = 0, components] = shape;
  if (components !== 2) throw new RangeError(`Flow has two components, not [${shape.join(", ")}]`);
  const size = height * width;
  const result = new Float32Array(3 * frames * size);
  for (let frame = 0; frame < frames; frame++) {
    const lengths = Float64Array.from({ length: size }, (_, i) => {
      const at = 2 * (frame * size + i);
      return Math.hypot(data[at]!, data[at + 1]!);
    });
    const [low, high] = rangeOf(lengths);
    for (let i = 0; i < size; i++) {
      const at = frame * size + i;
      const value = high > low ? (lengths[i]! - low) / (high - low) : 0;
      const sector = 3 * Math.atan2(data[2 * at + 1]!, data[2 * at]!) / Math.PI;
      result.set([5, 3, 1].map((n) => value * channel(n + sector)), 3 * at);
    }
  }
  return volume(result, [frames, height, width, 3]);
}

/** Full within one sector of the six of hue on both sides of the channel's own, then falling to 0. */
function channel(sector: number): number {
  const k = (sector + 6) % 6;
  return 1 - Math.max(0, Math.min(k, 4 - k, 1));
}

function rangeOf(values: Float64Array): [low: number, high: number] {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return [low, high];
}
