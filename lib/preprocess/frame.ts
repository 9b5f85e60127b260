/**
 * A decoded frame, and what the other modules of this folder compute from it.
 *
 * Images between modules are planes: {@linkcode Volume}s of shape `[height, width]`, grey
 * intensities 0..1. Clips are `[frames, height, width]`.
 *
 * @module
 */
import { type Volume, volume } from "lib/core/volume.ts";

/** One frame as a camera stored it: row-major, channels interleaved (grey, or red, green, blue). */
export interface Frame {
  /** 0..255 in a Uint8Array, 0..65535 in a Uint16Array. */
  readonly data: Uint8Array | Uint16Array;
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
}

/**
 * The grey plane of a frame: Rec. 601 luma, .299 R + .587 G + .114 B, not rounded.
 *
 * @returns `[height, width]`, 0..1
 */
export function toGrey({ data, width, height, channels }: Frame): Volume {
  const size = width * height;
  const grey = new Float32Array(size);
  const scale = 1 / (data instanceof Uint8Array ? 255 : 65535);
  if (channels === 1) {
    for (let i = 0; i < size; i++) grey[i] = data[i]! * scale;
  } else {
    for (let i = 0, j = 0; i < size; i++, j += 3) {
      grey[i] = (0.299 * data[j]! + 0.587 * data[j + 1]! + 0.114 * data[j + 2]!) * scale;
    }
  }
  return volume(grey, [height, width]);
}
