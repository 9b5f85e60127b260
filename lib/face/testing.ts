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

/** dlib's bytes of an integer. */
export function int(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = Math.abs(value); bytes.length === 0 || rest > 0; rest = Math.floor(rest / 256)) {
    bytes.push(rest % 256);
  }
  return [bytes.length | (value < 0 ? 0x80 : 0), ...bytes];
}

/** dlib's bytes of `mantissa * 2 ** exponent`. */
export const float = (
  mantissa: number,
  exponent = 0,
): number[] => [...int(mantissa), ...int(exponent)];

/** The parts of a predictor's file. */
export interface Parts {
  version: number[];
  shape: number[];
  stages: number[];
  trees: number[];
  questions: number[];
  question: number[];
  leaves: number[];
  leaf: number[];
  anchors: number[];
  deltas: number[];
  end: number[];
}

/**
 * A predictor's file with one stage, one tree of one question and two pixels.
 *
 * @param replaced other bytes for some parts
 * @param points landmarks, all alike
 */
export function handmade(replaced: Partial<Parts> = {}, points = 1): Uint8Array {
  const matrix = (x: number[], y: number[]): number[] => [
    ...int(-2 * points),
    ...int(-1),
    ...Array.from({ length: points }, () => [...x, ...y]).flat(),
  ];
  const leaf = matrix(float(3, -1), float(-1, -2));
  const parts: Parts = {
    version: int(1),
    shape: matrix(float(1, -1), float(1, -2)),
    stages: int(1),
    trees: int(1),
    questions: int(1),
    question: [...int(0), ...int(1), ...float(-5, 1)],
    leaves: int(2),
    leaf: [...leaf, ...leaf],
    anchors: [...int(1), ...int(2), ...int(0), ...int(0)],
    deltas: [...int(1), ...int(2), ...float(0), ...float(1), ...float(-1), ...float(1, -3)],
    end: [],
    ...replaced,
  };
  return Uint8Array.from(Object.values(parts).flat());
}

/** Runs something with other environment variables, and puts the old ones back. */
export async function withEnvironment(
  variables: Readonly<Record<string, string | undefined>>,
  body: () => Promise<void>,
): Promise<void> {
  const set = (values: Readonly<Record<string, string | undefined>>): void => {
    for (const [name, value] of Object.entries(values)) {
      if (value === undefined) Deno.env.delete(name);
      else Deno.env.set(name, value);
    }
  };
  const before = Object.fromEntries(
    Object.keys(variables).map((name) => [name, Deno.env.get(name)]),
  );
  set(variables);
  try {
    await body();
  } finally {
    set(before);
  }
}

/** The mean distance between two sets of 68 points, as a share of that between the eyes' corners. */
export function landmarkError(points: ArrayLike<number>, truth: ArrayLike<number>): number {
  const distance = (a: ArrayLike<number>, i: number, b: ArrayLike<number>, j: number): number =>
    Math.hypot(a[2 * i]! - b[2 * j]!, a[2 * i + 1]! - b[2 * j + 1]!);
  let sum = 0;
  for (let i = 0; i < 68; i++) sum += distance(points, i, truth, i);
  return sum / 68 / distance(truth, 36, truth, 45);
}
