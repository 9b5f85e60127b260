import assert from "node:assert/strict";
import { rng } from "lib/core/rng.ts";
import { medianFilter } from "../tvl1_steps.ts";
import * as kernel from "./tvl1.wasm";

/** Runs one of the kernel's median filters on a plane. */
function filtered(data: Float32Array, width: number, side: 3 | 5): Float32Array {
  const height = data.length / width;
  const records = Math.ceil(width / 4), stride = 160 * records, pitch = 16 * records + 32;
  const plane = 1024, rows = plane + pitch * height + 192, work = rows + stride * height + 192;
  const end = work + (pitch + 16) * (height + 16);
  const missing = end - kernel.memory.buffer.byteLength;
  if (missing > 0) kernel.memory.grow(Math.ceil(missing / 65536));
  const all = new Float32Array(kernel.memory.buffer);
  const row = (y: number) => (plane + y * pitch) / 4;
  for (let y = 0; y < height; y++) all.set(data.subarray(y * width, (y + 1) * width), row(y));
  kernel.writeFlow(rows, stride, width, height, plane, plane, pitch);
  const median = side === 3 ? kernel.median3 : kernel.median5;
  median(rows + 16, stride, width, height, work);
  kernel.readFlow(rows, stride, width, height, work, plane, pitch);
  const result = new Float32Array(data.length);
  for (let y = 0; y < height; y++) result.set(all.subarray(row(y), row(y) + width), y * width);
  return result;
}

/** Names the first difference; listing all of them would take minutes. */
function assertSame(actual: Float32Array, expected: Float32Array, what = "value"): void {
  assert.equal(actual.length, expected.length);
  const i = actual.findIndex((value, k) => !Object.is(value, expected[k]));
  assert.ok(i < 0, `${what} ${i}: ${actual[i]}, not ${expected[i]}`);
}

/** The median of zeros and ones, by counting. */
function majority(data: Float32Array, width: number, side: 3 | 5): Float32Array {
  const height = data.length / width, reach = (side - 1) / 2;
  const inside = (value: number, size: number) => Math.max(0, Math.min(size - 1, value));
  return data.map((_, i) => {
    let ones = 0;
    for (let dy = -reach; dy <= reach; dy++) {
      const row = inside(Math.floor(i / width) + dy, height) * width;
      for (let dx = -reach; dx <= reach; dx++) ones += data[row + inside(i % width + dx, width)]!;
    }
    return ones > side * side / 2 ? 1 : 0;
  });
}

// A network of minima and maxima that is right for all zeros and ones is right for all numbers (the
// zero-one principle). Behind sorted columns only the number of ones in each column counts, and a
// column has 32 fillings.
Deno.test("median5() is right for every number of ones in each of five columns", () => {
  const random = rng(1, "ones");
  const orders = Array.from({ length: 97 }, () => random.shuffle([0, 1, 2, 3, 4]));
  const across = 81, width = 5 * across;
  const data = new Float32Array(width * 5 * 6 ** 5 / across);
  for (let state = 0, column = 0; state < 6 ** 5; state++) {
    const corner = Math.floor(state / across) * 5 * width + state % across * 5;
    for (let x = 0; x < 5; x++, column++) {
      const ones = Math.floor(state / 6 ** x) % 6;
      for (let k = 0; k < ones; k++) data[corner + orders[column % 97]![k]! * width + x] = 1;
    }
  }
  assertSame(filtered(data, width, 5), majority(data, width, 5));
});

Deno.test("median5() is right for every filling of a column of zeros and ones", () => {
  // Behind a column sit two of ones and two of zeros: the median is the column's own.
  const width = 16;
  const data = new Float32Array(width * 5 * 32);
  for (let filling = 0; filling < 32; filling++) {
    for (let y = 0; y < 5; y++) {
      const row = (filling * 5 + y) * width;
      data.fill(1, row, row + 2);
      data[row + 2] = filling >> y & 1;
    }
  }
  assertSame(filtered(data, width, 5), majority(data, width, 5));
});

Deno.test("median3() is right for every window of zeros and ones", () => {
  const across = 16, width = 3 * across;
  const data = new Float32Array(width * 3 * 512 / across);
  for (let state = 0; state < 512; state++) {
    const corner = Math.floor(state / across) * 3 * width + state % across * 3;
    for (let k = 0; k < 9; k++) data[corner + Math.floor(k / 3) * width + k % 3] = state >> k & 1;
  }
  assertSame(filtered(data, width, 3), majority(data, width, 3));
});

Deno.test("median3() and median5() equal sorting, bit by bit, at any width", () => {
  for (const side of [3, 5] as const) {
    for (let width = 16; width <= 37; width++) {
      const height = 16 + width % 5, random = rng(width, "median");
      const data = Float32Array.from({ length: width * height }, () => random.normal());
      const expected = medianFilter({ data, width, height }, side);
      assertSame(filtered(data, width, side), expected, `side ${side}, width ${width}, pixel`);
    }
  }
});
