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
 * How dlib sees a frame: the mean of the three channels without its fraction (`get_pixel_intensity`
 * in `dlib/pixel.h`), as the regressor was trained with. Differs from {@linkcode toGrey}, which
 * weighs the channels.
 *
 * @returns a function from the index of a pixel (`y * width + x`) to 0..255
 */
export function intensityOf({ data, channels }: Frame): (pixel: number) => number {
  const divisor = data instanceof Uint16Array ? wide : 1;
  const sample = (i: number): number => Math.round(data[i]! / divisor);
  if (channels === 1) return sample;
  return (pixel) => {
    const i = pixel * 3;
    return Math.floor((sample(i) + sample(i + 1) + sample(i + 2)) / 3);
  };
}
