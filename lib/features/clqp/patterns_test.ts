import assert from "node:assert/strict";
import { rng } from "lib/core/rng.ts";
import { type Volume, volume } from "lib/core/volume.ts";
import * as kernel from "lib/features/lbp/kernels/lbp.wasm";
import { lbpCodes } from "lib/features/lbp/lbp_top.ts";
import { gradients } from "./gradients.ts";
import { type Component, patternSets, patternsOf, type Rings } from "./patterns.ts";
import { patternsPlain } from "./patterns_plain.ts";

const rings: Rings = { inner: { x: 1, y: 1, t: 1 }, outer: { x: 3, y: 2, t: 2 } };

function noise(frames: number, height: number, width: number): Volume {
  const stream = rng(1, "noise", frames, height, width);
  const size = frames * height * width;
  return volume(Float32Array.from({ length: size }, () => stream.next()), [frames, height, width]);
}

for (const set of patternSets) {
  Deno.test(`patternsOf() equals its plain twin: ${set.component} in ${set.plane}`, () => {
    for (const width of [7, 8, 11, 14, 15, 22]) {
      const clip = noise(6, 8, width);
      assert.deepEqual(patternsOf(clip, set, rings), patternsPlain(clip, set, rings));
    }
  });
}

Deno.test("patternsOf() of the sign are the binary patterns of both rings", () => {
  const clip = noise(7, 14, 15);
  const neighbours = { xy: 8, xt: 8, yt: 8 };
  for (const plane of ["xy", "xt", "yt"] as const) {
    const { data } = patternsOf(clip, { component: "sign", plane }, rings);
    const outer = lbpCodes(clip, plane, { radii: rings.outer, neighbours });
    assert.deepEqual(data.map((code) => code >> 8), outer.data);
    const inner = lbpCodes(clip, plane, { radii: rings.inner, neighbours });
    // The inner ring has codes nearer to the border, too.
    const [, height, width] = outer.shape;
    const at = (i: number) => {
      const [x, y, t] = [i % width, Math.floor(i / width) % height, Math.floor(i / width / height)];
      return ((t + 1) * inner.shape[1] + y + 1) * inner.shape[2] + x + 2;
    };
    assert.deepEqual(data.map((code) => code & 255), data.map((_, i) => inner.data[at(i)]!));
  }
});

/** A clip whose grey is a function of the place. */
function drawn(value: (x: number, y: number, t: number) => number): Volume {
  const data = Float32Array.from(
    { length: 5 * 9 * 9 },
    (_, i) => value(i % 9, Math.floor(i / 9) % 9, Math.floor(i / 81)),
  );
  return volume(data, [5, 9, 9]);
}

const patterns = (clip: Volume, component: Component, plane: "xy" | "xt" | "yt") => {
  const small: Rings = { inner: { x: 1, y: 1, t: 1 }, outer: { x: 2, y: 2, t: 2 } };
  return patternsOf(clip, { component, plane }, small).data;
};

Deno.test("patternsOf() magnitudes of a slope are large across it and small along it", () => {
  // |d| is 1, 0.7, 0, 0.7, … on the inner ring, mean 0.6; and twice that on the outer one.
  const slope = drawn((x) => x);
  const ring = 0b10111011;
  assert.ok(patterns(slope, "magnitude", "xy").every((code) => code === ring * 257));
  assert.ok(patterns(slope, "magnitude", "xt").every((code) => code === ring * 257));
  // Nothing changes there: every difference is the mean.
  assert.ok(patterns(slope, "magnitude", "yt").every((code) => code === 65535));
});

Deno.test("patternsOf() orientations turn over at the ridge of a roof", () => {
  const slope = drawn((x, y) => 2 * x - y);
  assert.ok(patterns(slope, "orientation", "xy").every((code) => code === 65535));
  // Up to x = 3 it rises, from x = 5 it falls; at 4, the first coded voxel is x = 2.
  const roof = drawn((x) => -Math.abs(x - 4));
  const codes = patterns(roof, "orientation", "xy");
  const bit = (x: number, p: number) => codes[x - 2]! >> p & 1;
  // Right and left neighbour, one and two pixels away.
  assert.deepEqual([0, 4, 8, 12].map((p) => bit(3, p)), [1, 1, 0, 1]);
  assert.deepEqual([0, 4, 8, 12].map((p) => bit(5, p)), [1, 1, 1, 0]);
  // A gradient of 0 is at right angles to all.
  assert.equal(codes[2], 65535);
});

Deno.test("patternsOf() does not see a change of brightness and contrast", () => {
  const clip = noise(6, 12, 13);
  const changed = volume(clip.data.map((value) => 0.5 * value), clip.shape);
  for (const set of patternSets) {
    assert.deepEqual(patternsOf(changed, set, rings), patternsOf(clip, set, rings));
  }
});

Deno.test("patternsOf() does not depend on what is in the kernel's memory", () => {
  const clip = noise(6, 12, 13);
  const first = patternSets.map((set) => patternsOf(clip, set, rings));
  new Uint8Array(kernel.memory.buffer).fill(255, 1024);
  assert.deepEqual(patternSets.map((set) => patternsOf(clip, set, rings)), first);
});

Deno.test("patternsOf() refuses rings that lie wrong, and clips too small for them", () => {
  const set = patternSets[0]!;
  const wrong = { inner: { x: 4, y: 1, t: 1 }, outer: rings.outer };
  assert.throws(
    () => patternsOf(noise(6, 12, 12), set, wrong),
    /further than the outer one in x: 4/,
  );
  assert.throws(() => patternsOf(noise(4, 12, 12), set, rings), /no voxel with neighbours/);
});

Deno.test("gradients() takes half the difference of both sides, and one side at the border", () => {
  const clip = volume(Float32Array.of(1, 2, 5, 0, 4, 4), [1, 2, 3]);
  const [x, y, t] = gradients(clip);
  assert.deepEqual([...x], [1, 2, 3, 4, 2, 0]);
  assert.deepEqual([...y], [-1, 2, -1, -1, 2, -1]);
  assert.deepEqual([...t], [0, 0, 0, 0, 0, 0]);
});
