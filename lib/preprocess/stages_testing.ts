/**
 * Planes, clips and golden vectors for the tests of the smaller stages.
 *
 * @module
 */
import assert from "node:assert/strict";
import { type Volume, volume } from "lib/core/volume.ts";
import type { FlowField } from "./flow_field.ts";

/** A plane from a function of the pixel's place. */
export function planeOf(
  height: number,
  width: number,
  value: (x: number, y: number) => number,
): Volume {
  const data = Float32Array.from(
    { length: height * width },
    (_, i) => value(i % width, Math.floor(i / width)),
  );
  return volume(data, [height, width]);
}

/** Planes as a clip. */
export function clipOf(planes: readonly Volume[]): Volume {
  const size = planes[0]!.data.length;
  const data = new Float32Array(planes.length * size);
  planes.forEach((plane, i) => data.set(plane.data, i * size));
  return volume(data, [planes.length, ...planes[0]!.shape]);
}

/** A flow field from a function of the pixel's place. */
export function flowOf(
  height: number,
  width: number,
  value: (x: number, y: number) => readonly [number, number],
): FlowField {
  const channel = (c: 0 | 1) => planeOf(height, width, (x, y) => value(x, y)[c]).data;
  return { u: channel(0), v: channel(1), width, height };
}

/** Fails unless all numbers agree within a tolerance. */
export function assertClose(
  found: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
): void {
  assert.equal(found.length, expected.length);
  for (let i = 0; i < found.length; i++) {
    const off = Math.abs(found[i]! - expected[i]!);
    assert.ok(off <= tolerance, `${found[i]} at ${i}, expected ${expected[i]}`);
  }
}

interface GoldenCrop {
  readonly shape: readonly [number, number];
  readonly plane: readonly number[];
  readonly x: number;
  readonly y: number;
  readonly angle: number;
  readonly size: number;
  readonly side: number;
  readonly extra: number;
  readonly result: readonly number[];
}

interface GoldenClip<Result> {
  readonly shape: readonly number[];
  readonly clip: readonly number[];
  readonly results: readonly Result[];
}

interface Golden {
  readonly resize: readonly {
    readonly shape: readonly number[];
    readonly to: readonly [number, number];
    readonly plane: readonly number[];
    readonly result: readonly number[];
  }[];
  readonly crop: readonly GoldenCrop[];
  readonly shrunkCrop: readonly GoldenCrop[];
  readonly tim: readonly GoldenClip<
    { readonly frames: number; readonly result: readonly number[] }
  >[];
  readonly keyFrames: GoldenClip<{
    readonly rows: readonly number[];
    readonly count: number;
    readonly chosen: readonly number[];
  }>;
}

/** What `testdata/stages.py` wrote. */
export const golden: Golden = JSON.parse(
  Deno.readTextFileSync(new URL("./testdata/stages.json", import.meta.url)),
);
