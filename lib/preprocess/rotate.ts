/**
 * Turning images in their plane.
 *
 * @module
 */
import { type Volume, volume } from "lib/core/volume.ts";

/**
 * Turns each frame about its centre, anticlockwise as one looks at it. Each pixel takes the value of the
 * nearest one; what comes from outside is 0, as torchvision's `RandomRotation` does it by default.
 *
 * @param clip `[frames, height, width, channels]`
 * @returns the same shape
 */
export function rotateFrames({ data, shape }: Volume, degrees: number): Volume {
  const [frames = 0, height = 0, width = 0, channels = 0] = shape;
  const [cos, sin] = [Math.cos(degrees * Math.PI / 180), Math.sin(degrees * Math.PI / 180)];
  const [cy, cx] = [(height - 1) / 2, (width - 1) / 2];
  const turned = new Float32Array(data.length);
  const size = height * width * channels;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const fromX = Math.round(cx + cos * (x - cx) - sin * (y - cy));
      const fromY = Math.round(cy + sin * (x - cx) + cos * (y - cy));
      if (fromX < 0 || fromX >= width || fromY < 0 || fromY >= height) continue;
      const [to, from] = [(y * width + x) * channels, (fromY * width + fromX) * channels];
      for (let frame = 0; frame < frames; frame++) {
        for (let c = 0; c < channels; c++) {
          turned[frame * size + to + c] = data[frame * size + from + c]!;
        }
      }
    }
  }
  return volume(turned, shape);
}
