import assert from "node:assert/strict";
import { axisOf, spansOf } from "./blocks.ts";

Deno.test("spansOf() divides a length without overlap and without gaps", () => {
  assert.deepEqual(spansOf(10, 5, 0), [[0, 2], [2, 4], [4, 6], [6, 8], [8, 10]]);
  assert.deepEqual(spansOf(7, 3, 0), [[0, 2], [2, 5], [5, 7]]);
  for (let length = 8; length < 60; length++) {
    const spans = spansOf(length, 8, 0);
    assert.equal(spans.at(-1)![1], length);
    spans.slice(1).forEach(([start], k) => assert.equal(start, spans[k]![1]));
  }
});

Deno.test("spansOf() gives neighbours the share that they are to have in common", () => {
  // s = 30 / (1 + 2·0.5) = 15.
  assert.deepEqual(spansOf(30, 3, 0.5), [[0, 15], [8, 23], [15, 30]]);
  for (const overlap of [0.2, 0.7]) {
    const spans = spansOf(128, 8, overlap);
    assert.deepEqual([spans[0]![0], spans.at(-1)![1]], [0, 128]);
    const size = 128 / (1 + 7 * (1 - overlap));
    spans.forEach(([start, end]) => assert.ok(Math.abs(end - start - size) <= 1));
  }
});

Deno.test("spansOf() refuses blocks without a place", () => {
  const refuses = (args: Parameters<typeof spansOf>, message: RegExp) =>
    assert.throws(() => spansOf(...args), { name: "RangeError", message });
  refuses([3, 4, 0], /length of 3 cannot be divided into 4/);
  refuses([3, 0, 0], /positive integer, got 0/);
  refuses([3, 1, -0.1], /got -0\.1/);
});

Deno.test("axisOf() makes each block of whole cells", () => {
  for (const [length, count, overlap] of [[30, 3, 0.5], [41, 7, 0.7], [9, 9, 0]] as const) {
    const { cells, cellOf, blocks } = axisOf(length, count, overlap);
    assert.equal(cellOf.at(-1), cells - 1);
    spansOf(length, count, overlap).forEach(([start, end], k) => {
      const [first, last] = blocks[k]!;
      const inside = [...cellOf].map((cell) => cell >= first && cell < last);
      assert.deepEqual(inside, inside.map((_, place) => place >= start && place < end));
    });
  }
});
