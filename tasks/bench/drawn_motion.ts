/**
 * Clips in which something moves by less than a pixel.
 *
 * @module
 */
import { rng } from "lib/core/rng.ts";
import { type Volume, volume } from "lib/core/volume.ts";
import { drawPair } from "./pairs.ts";

/** A texture that swings 6 times a second towards another one, with a sensor's noise; 0..1. */
export function drawMotion(frames: number, side: number, fps: number): Volume {
  const { from, to } = drawPair(1, side);
  const stream = rng(1, "bench", "noise");
  const size = side * side;
  const noise = Float32Array.from({ length: 4096 }, () => 0.003 * stream.normal());
  const data = new Float32Array(frames * size);
  for (let t = 0; t < frames; t++) {
    const share = 0.1 * Math.sin(2 * Math.PI * 6 * t / fps);
    // Another piece of the noise for each frame.
    const shift = stream.integer(noise.length);
    for (let i = 0; i < size; i++) {
      const grey = from.data[i]! + share * (to.data[i]! - from.data[i]!);
      const value = grey + noise[(i * 7 + shift) % noise.length]!;
      data[t * size + i] = Math.min(1, Math.max(0, value));
    }
  }
  return volume(data, [frames, side, side]);
}
