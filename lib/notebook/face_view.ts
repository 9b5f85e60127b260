/**
 * Showing where a face was found.
 *
 * @module
 */
import { type Volume, volume } from "lib/core/volume.ts";
import { encodePng } from "lib/data/image.ts";
import type { Face } from "lib/face/face.ts";
import type { Crop } from "lib/preprocess/crop.ts";
import type { Frame } from "lib/preprocess/frame.ts";
import { show } from "./show.ts";

type Colour = readonly [number, number, number];

// Light enough on skin and dark enough on walls, and apart from each other in grey.
const colours: Readonly<Record<"points" | "crop", Colour>> = {
  points: [1, 0.9, 0.1],
  crop: [0.1, 0.45, 0.8],
};

/** A frame as a picture `[height, width, 3]`, 0..1. */
export function frameImage({ data, width, height, channels }: Frame): Volume {
  const scale = 1 / (data instanceof Uint8Array ? 255 : 65535);
  const image = new Float32Array(width * height * 3);
  for (let i = 0; i < image.length; i++) {
    image[i] = data[channels === 3 ? i : Math.floor(i / 3)]! * scale;
  }
  return volume(image, [height, width, 3]);
}

/** A frame with its 68 points as crosses and the crop's square. */
export function faceImage(frame: Frame, face: Face, crop: Crop): Volume {
  const image = frameImage(frame);
  const corners = crop.corners;
  corners.forEach((from, i) => drawLine(image, from, corners[(i + 1) % corners.length]!));
  for (let i = 0; i < face.landmarks.length; i += 2) {
    const [x, y] = [Math.round(face.landmarks[i]!), Math.round(face.landmarks[i + 1]!)];
    for (const [dx, dy] of [[0, 0], [1, 0], [-1, 0], [0, 1], [0, -1]] as const) {
      paint(image, [x + dx, y + dy], colours.points);
    }
  }
  return image;
}

function drawLine(
  image: Volume,
  from: readonly [number, number],
  to: readonly [number, number],
): void {
  const steps = Math.ceil(Math.max(Math.abs(to[0] - from[0]), Math.abs(to[1] - from[1]), 1));
  for (let i = 0; i <= steps; i++) {
    const share = i / steps;
    const at = [0, 1].map((axis) => Math.round(from[axis]! + share * (to[axis]! - from[axis]!)));
    paint(image, [at[0]!, at[1]!], colours.crop);
  }
}

function paint({ data, shape }: Volume, [x, y]: readonly [number, number], colour: Colour): void {
  const [height = 0, width = 0] = shape;
  if (x >= 0 && x < width && y >= 0 && y < height) data.set(colour, 3 * (y * width + x));
}

/** Shows a frame with the 68 points and the fixed crop of its clip. */
export async function showFace(frame: Frame, face: Face, crop: Crop): Promise<void> {
  const alt = `Face found by ${face.detector} with score ${face.score.toFixed(2)}; 68 points by ` +
    `${face.route} (yellow); the crop of all frames (blue)`;
  await show({
    "image/png": encodePng(faceImage(frame, face, crop)).toBase64(),
    "text/plain": `[${alt}]`,
    "text/html": `<figure><img alt="${alt}" src="data:image/png;base64,${
      encodePng(faceImage(frame, face, crop)).toBase64()
    }"><figcaption>${alt}</figcaption></figure>`,
  });
}
