/**
 * The patterns of STCLQP in plain TypeScript: the oracle of `patterns.ts`.
 *
 * @module
 */
import type { Volume } from "lib/core/volume.ts";
import type { Codes } from "lib/features/lbp/memory.ts";
import { borderOf, codedShape, type Sample } from "lib/features/lbp/planes.ts";
import { gradients } from "./gradients.ts";
import { type PatternSet, reachOf, type Rings, ringSamples } from "./patterns.ts";

/** The patterns of each voxel in one set; see `patternsOf()`. */
export function patternsPlain(clip: Volume, { component, plane }: PatternSet, rings: Rings): Codes {
  const reach = reachOf(rings);
  const shape = codedShape(clip, reach);
  const border = borderOf(reach);
  const [, rows = 0, columns = 0] = clip.shape;
  const index = (x: number, y: number, t: number) => (t * rows + y) * columns + x;
  const centres = Array.from({ length: shape[0] * shape[1] * shape[2] }, (_, i) => {
    const [x, y] = [i % shape[2], Math.floor(i / shape[2]) % shape[1]];
    return index(x + border.x, y + border.y, Math.floor(i / shape[2] / shape[1]) + border.t);
  });
  const [gx, gy, gt] = gradients(clip);
  const [a, b] = { xy: [gx, gy], xt: [gx, gt], yt: [gy, gt] }[plane] as [
    Float32Array,
    Float32Array,
  ];
  const product = (i: number, j: number) =>
    Math.fround(Math.fround(a[i]! * a[j]!) + Math.fround(b[i]! * b[j]!));
  const grey = (i: number, j: number) => Math.fround(clip.data[i]! - clip.data[j]!);
  const sum = (taps: Sample, centre: number, value: typeof grey) =>
    taps.reduce((sum, { x, y, t, weight }) => {
      const share = Math.fround(weight * value(centre + index(x, y, t), centre));
      return Math.fround(sum + share);
    }, 0);
  const tests = ringSamples(plane, rings).flatMap((ring) => {
    const sizes = ring.flatMap((taps) => centres.map((c) => Math.abs(sum(taps, c, grey))));
    const mean = Math.fround(sizes.reduce((a, b) => a + b) / sizes.length);
    return ring.map((taps) => (centre: number): boolean => {
      if (component === "sign") return sum(taps, centre, grey) >= 0;
      if (component === "orientation") return sum(taps, centre, product) >= 0;
      return Math.abs(sum(taps, centre, grey)) >= mean;
    });
  });
  const codes = centres.map((c) =>
    tests.reduce((code, test, p) => code + (test(c) ? 2 ** p : 0), 0)
  );
  return { data: Uint16Array.from(codes), shape };
}
