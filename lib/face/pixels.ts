/**
 * Frames as the face models read them: 8 bits a channel.
 *
 * @module
 */
import type { Frame } from "lib/preprocess/frame.ts";

/** 65535 / 255: what one of 256 levels is in 16 bits. */
const wide = 257;

/**
 * Red, green and blue of each pixel, 0..255. Grey is repeated; 16-bit samples are divided by 257 and
 * rounded, so that black and white stay what they are.
 *
 * @returns `height * width * 3` values, interleaved
 */
export function toRgb8({ data, width, height, channels }: Frame): Uint8Array<ArrayBuffer> {
  const size = width * height;
  const rgb = new Uint8Array(size * 3);
  const divisor = data instanceof Uint16Array ? wide : 1;
  if (channels === 3) {
    for (let i = 0; i < rgb.length; i++) rgb[i] = Math.round(data[i]! / divisor);
  } else {
    for (let i = 0, j = 0; i < size; i++, j += 3) {
      rgb[j] = rgb[j + 1] = rgb[j + 2] = Math.round(data[i]! / divisor);
    }
  }
  return rgb;
}

/**
 * Looks pixels up as dlib sees them: the mean of the three channels without its fraction
 * (`get_pixel_intensity` in `dlib/pixel.h`), as the regressor was trained with. That differs from
 * luma, which weighs the channels.
 *
 * @param pixels places in the frame, `y * width + x`; negative for a place outside, which is black
 * @param samples gets 0..255 for each
 */
export function readIntensities(
  { data, channels }: Frame,
  pixels: Int32Array,
  samples: Float32Array,
): void {
  const divisor = data instanceof Uint16Array ? wide : 1;
  const sample = (i: number): number => Math.round(data[i]! / divisor);
  for (let i = 0; i < pixels.length; i++) {
    const pixel = pixels[i]!;
    if (pixel < 0) samples[i] = 0;
    else if (channels === 1) samples[i] = sample(pixel);
    else {
      const at = 3 * pixel;
      const sum = divisor === 1
        ? data[at]! + data[at + 1]! + data[at + 2]!
        : sample(at) + sample(at + 1) + sample(at + 2);
      samples[i] = Math.floor(sum / 3);
    }
  }
}
