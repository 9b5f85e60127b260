/**
 * What the tests of this folder share: drawn frames and what dlib found in them.
 *
 * @module
 */
import { join } from "@std/path";
import { decode } from "fast-png";
import { root } from "lib/experiment/find.ts";
import type { Frame } from "lib/preprocess/frame.ts";
import type { Box } from "./box.ts";

/** The golden files, written by `landmarks.py` there. */
export const testdata = join(root, "lib", "face", "testdata");

/** What dlib found in one box: integers, x and y in turn. */
export interface GoldenFace {
  readonly box: readonly [left: number, top: number, right: number, bottom: number];
  readonly points: readonly number[];
}

/** Faces by model, then by the frame's colours. */
export type Golden = Readonly<
  Record<"tiny" | "face", Readonly<Record<"grey" | "colour", readonly GoldenFace[]>>>
>;

/** What dlib found. */
export function readGolden(): Golden {
  return JSON.parse(Deno.readTextFileSync(join(testdata, "landmarks.json")));
}

/** dlib's rectangle, whose right and bottom edges belong to it, as a box. */
export function boxOf([left, top, right, bottom]: GoldenFace["box"]): Box {
  return { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
}

/** The grey photograph: 256 × 256, the face where dlib's detector sees it at (83, 83)..(170, 170). */
export function photograph(): Frame {
  const { data, width, height } = decode(Deno.readFileSync(join(testdata, "face.png")));
  return { data: data as Uint8Array, width, height, channels: 1 };
}

/** The pattern that the tiny predictor was trained on. */
export function pattern(width: number, height: number): Frame {
  const data = new Uint8Array(width * height);
  const { floor } = Math;
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      data[i] = (floor(x * x / 5) + floor(y * y / 7) + floor(x * y / 3)) % 256;
    }
  }
  return { data, width, height, channels: 1 };
}

/** A grey frame in three channels whose sum does not always divide by three. */
export function coloured({ data, width, height }: Frame): Frame {
  const rgb = new Uint8Array(data.length * 3);
  for (let i = 0; i < data.length; i++) {
    const grey = data[i]!;
    rgb.set([grey, Math.floor(grey / 2), 255 - Math.floor(grey * grey / 255)], 3 * i);
  }
  return { data: rgb, width, height, channels: 3 };
}

/** An 8-bit frame in 16 bits a sample. */
export function widened({ data, ...rest }: Frame): Frame {
  return { ...rest, data: Uint16Array.from(data, (value) => value * 257) };
}

/** A frame of one value. */
export function constant(width: number, height: number, value: number): Frame {
  return { data: new Uint8Array(width * height).fill(value), width, height, channels: 1 };
}
