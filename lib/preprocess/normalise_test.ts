import assert from "node:assert/strict";
import { volume } from "lib/core/volume.ts";
import { flowMap, minMax } from "./normalise.ts";
import { assertClose, flowOf } from "./stages_testing.ts";

const row = (...values: number[]) => volume(Float32Array.from(values), [1, values.length]);

Deno.test("minMax() spreads values over 0..1, and calls equal ones 0", () => {
  assert.deepEqual(minMax(row(-1, 0, 3)), row(0, 0.25, 1));
  assert.deepEqual(minMax(row(2, 2)), row(0, 0));
});

Deno.test("minMax() scales each channel by itself", () => {
  const image = volume(Float32Array.of(1, 7, -4, 3, 7, 4, 2, 7, 0), [1, 3, 3]);
  assert.deepEqual([...minMax(image).data], [0, 0, 0, 1, 0, 1, 0.5, 0, 0.5]);
});

Deno.test("minMax() names a value that is not finite, and refuses clips and empty images", () => {
  assert.throws(() => minMax(row(1, NaN)), /Cannot scale the value NaN at 1/);
  assert.throws(() => minMax(row(-Infinity, 1)), /Cannot scale the value -Infinity at 0/);
  assert.throws(() => minMax(volume(new Float32Array(0), [0, 4])), /an image of \[0, 4\]/);
  const fields = volume(new Float32Array(8), [2, 2, 1, 2]);
  assert.throws(() => minMax(fields), /an image of \[2, 2, 1, 2\]/);
});

Deno.test("flowMap() has u, v and strain, each over the whole of 0..1 in 8 bits", () => {
  // u grows to the right, v is the same everywhere but for one place below the middle.
  const flow = flowOf(56, 56, (x, y) => [x / 56, x > 25 && x < 30 && y > 40 && y < 45 ? 2 : 0]);
  const { data, shape } = flowMap(flow, 28);
  assert.deepEqual(shape, [28, 28, 3]);
  const at = (x: number, y: number, channel: number) => data[3 * (28 * y + x) + channel]!;
  assert.deepEqual([at(0, 5, 0), at(27, 5, 0)], [0, 1]);
  assert.ok(at(13, 5, 0) > 0.45 && at(13, 5, 0) < 0.55);
  assert.deepEqual([at(13, 21, 1), at(2, 2, 1)], [1, 0]);
  assert.ok(at(13, 21, 2) > at(2, 2, 2), "strain is where the flow changes");
  assert.ok(data.every((value) => Math.abs(255 * value - Math.round(255 * value)) < 1e-4));
});

Deno.test("flowMap() keeps all digits when told to, and depends neither on drift nor on the unit", () => {
  const wave = (scale: number, drift: number) =>
    flowOf(30, 40, (x, y) => [scale * Math.sin(x / 5) + drift, scale * Math.cos(y / 4 + x / 9)]);
  const plain = flowMap(wave(1, 0), 20, { eightBit: false });
  assert.ok(plain.data.some((value) => Math.abs(255 * value - Math.round(255 * value)) > 0.1));
  assertClose(flowMap(wave(3, 0.7), 20, { eightBit: false }).data, plain.data, 1e-5);
  assertClose(flowMap(wave(1, 0), 20).data, plain.data, 0.5 / 255 + 1e-6);
});

Deno.test("flowMap() takes strain before it shrinks", () => {
  // A jump of u strains the two columns beside it, 13 and 14, which are in one pixel of the map. Strain
  // of the shrunk flow, 0 0 0 .5 1 1 1 1, would reach the pixels beside that one.
  const flow = flowOf(8, 32, (x) => [x < 14 ? 0 : 1, 0]);
  const { data } = flowMap(flow, 8, { eightBit: false });
  const firstRow = (channel: number) => data.filter((_, i) => i % 3 === channel).slice(0, 8);
  assertClose(firstRow(2), [0, 0, 0, 1, 0, 0, 0, 0], 1e-6);
  assertClose(firstRow(0), [0, 0, 0, 0.5, 1, 1, 1, 1], 1e-6);
});

Deno.test("flowMap() of no motion is 0 everywhere, and it refuses what is not a flow", () => {
  assert.ok(flowMap(flowOf(40, 40, () => [0, 0]), 28).data.every((value) => value === 0));
  assert.throws(() => flowMap(flowOf(4, 4, (x) => [x === 1 ? NaN : 0, 0]), 2), /value NaN/);
  assert.throws(() => flowMap(flowOf(4, 4, () => [0, 0]), 0), RangeError);
  const short = { u: new Float32Array(4), v: new Float32Array(5), width: 2, height: 2 };
  assert.throws(() => flowMap(short, 2), RangeError);
});
