/**
 * Image files of frames, drawn for benches.
 *
 * @module
 */
import { rng } from "lib/core/rng.ts";
import { imageLibrary } from "lib/data/frames.ts";
import { encodeFrame } from "lib/data/layouts/write.ts";
import type { Frame } from "lib/preprocess/frame.ts";

/** In which databases come. */
export const formats = ["jpg", "png", "bmp"] as const;
/** One of them. */
export type Format = typeof formats[number];

/** A colour frame of 640×480: soft shapes and a sensor's noise. */
export function drawFrame(seed: number): Frame {
  const [width, height, channels] = [640, 480, 3 as const];
  const stream = rng(seed, "bench", "frame");
  const data = new Uint8Array(width * height * channels);
  const phases = [0, 1, 2].map(() => 2 * Math.PI * stream.next());
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (const phase of phases) {
        const shade = Math.sin(x / 41 + phase) * Math.cos(y / 29 - phase);
        data[i++] = Math.min(255, Math.max(0, 128 + 80 * shade + 2 * stream.normal()));
      }
    }
  }
  return { data, width, height, channels };
}

/** The bytes of a frame's file. */
export async function encodeAs(format: Format, frame: Frame): Promise<Uint8Array> {
  if (format !== "png") return await encodeFrame(frame, format === "jpg" ? "jpeg" : "bmp");
  const { data, ...raw } = frame;
  return await (await imageLibrary())(data, { raw }).png().toBuffer();
}
