import assert from "node:assert/strict";
import { rng } from "lib/core/rng.ts";
import { distanceParts, nearestWords } from "./nearest.ts";

function randomWords(count: number, bits: number): Float32Array[] {
  const stream = rng(1, "words", count, bits);
  return Array.from({ length: count }, () => Float32Array.from({ length: bits }, stream.next));
}

Deno.test("distanceParts() add up to the squared distance", () => {
  for (const bits of [3, 8, 11, 16]) {
    for (const word of randomWords(3, bits)) {
      const { low, high } = distanceParts(word);
      for (let code = 0; code < 2 ** bits; code += 7) {
        const squared = word.reduce((sum, c, p) => sum + ((code >> p & 1) - c) ** 2, 0);
        assert.ok(Math.abs(low[code & 255]! + high[code >> 8]! - squared) < 1e-5);
      }
    }
  }
});

Deno.test("nearestWords() gives each pattern what comparing all words gives", () => {
  for (const [count, bits] of [[1, 4], [3, 8], [5, 9], [17, 16], [130, 13]] as const) {
    const words = randomWords(count, bits);
    const parts = words.map(distanceParts);
    const expected = Uint16Array.from({ length: 2 ** bits }, (_, code) => {
      const all = parts.map(({ low, high }) => Math.fround(low[code & 255]! + high[code >> 8]!));
      return all.indexOf(Math.min(...all));
    });
    assert.deepEqual(nearestWords(words, bits), expected);
  }
});

Deno.test("nearestWords() takes the first of equal words", () => {
  const [word] = randomWords(1, 10);
  assert.ok(nearestWords([word!, word!, word!], 10).every((k) => k === 0));
});
