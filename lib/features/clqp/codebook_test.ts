import assert from "node:assert/strict";
import { rng } from "lib/core/rng.ts";
import { learnCodebook } from "./codebook.ts";
import { fisherCriterion, selectWords } from "./word_selection.ts";

const options = (words: number, seed = 1, rounds = 20) => ({
  words,
  rounds,
  rng: rng(seed, "words"),
});

/** Counts of patterns of some bits. */
function countsOf(bits: number, found: Readonly<Record<number, number>>): Float64Array {
  const counts = new Float64Array(2 ** bits);
  for (const [code, count] of Object.entries(found)) counts[Number(code)] = count;
  return counts;
}

Deno.test("learnCodebook() finds two clusters worked by hand", () => {
  // Three patterns with few bits set, two with many; the means are weighted by counts.
  const counts = countsOf(4, { 0b0000: 6, 0b0001: 2, 0b1111: 3, 0b1101: 1 });
  for (let seed = 1; seed <= 5; seed++) {
    const { words, bins, table } = learnCodebook(counts, options(2, seed));
    assert.equal(bins, 2);
    const [few, many] = [table[0]!, table[15]!];
    assert.deepEqual([...words[few]!], [0.25, 0, 0, 0]);
    assert.deepEqual([...words[many]!], [1, 0.75, 1, 1]);
    // Patterns that were not found: two bits of four, by distance.
    assert.equal(table[0b0001], few);
    assert.equal(table[0b1110], many);
    assert.equal(table[0b0010], few);
    assert.equal(table[0b0111], many);
  }
});

Deno.test("learnCodebook() gives every pattern the nearest word", () => {
  const stream = rng(1, "counts");
  for (const bits of [5, 8, 11]) {
    const counts = Float64Array.from({ length: 2 ** bits }, () => stream.integer(30));
    const { words, table } = learnCodebook(counts, options(12));
    const distance = (code: number, k: number) =>
      words[k]!.reduce((sum, c, p) => sum + ((code >> p & 1) - c) ** 2, 0);
    table.forEach((word, code) => {
      const least = Math.min(...words.map((_, k) => distance(code, k)));
      assert.ok(distance(code, word) <= least + 1e-5);
    });
  }
});

Deno.test("learnCodebook() lowers the distortion with more rounds and with more words", () => {
  const stream = rng(2, "counts");
  const counts = Float64Array.from({ length: 1024 }, () => stream.integer(30));
  const distortion = (words: number, rounds: number) => {
    const book = learnCodebook(counts, options(words, 1, rounds));
    return counts.reduce((sum, count, code) => {
      const word = book.words[book.table[code]!]!;
      return sum + count * word.reduce((d, c, p) => d + ((code >> p & 1) - c) ** 2, 0);
    }, 0);
  };
  assert.ok(distortion(16, 20) < distortion(16, 1));
  assert.ok(distortion(64, 20) < distortion(16, 20));
});

Deno.test("learnCodebook() has no more words than there are patterns", () => {
  const counts = countsOf(3, { 1: 5, 6: 1 });
  const { words, table } = learnCodebook(counts, options(8));
  assert.equal(words.length, 2);
  assert.notEqual(table[1], table[6]);
});

Deno.test("learnCodebook() repeats with its seed, and counts scale out", () => {
  const stream = rng(3, "counts");
  const counts = Float64Array.from({ length: 4096 }, () => stream.integer(9));
  const first = learnCodebook(counts, options(20));
  assert.deepEqual(learnCodebook(counts, options(20)), first);
  assert.deepEqual(learnCodebook(counts.map((n) => 4 * n), options(20)), first);
});

Deno.test("learnCodebook() refuses what has no codebook", () => {
  const refuses = (counts: Float64Array, words: number, message: RegExp) =>
    assert.throws(() => learnCodebook(counts, options(words)), { name: "RangeError", message });
  refuses(new Float64Array(16), 2, /without patterns/);
  refuses(new Float64Array(12), 2, /got 12/);
  refuses(countsOf(3, { 1: 1 }), 0, /words must be a positive integer, got 0/);
});

// Two blocks of three words: word 0 differs by class in one block, word 1 is noise, word 2 is constant.
const histograms = {
  rows: [[0, 1, 2, 5, 2, 2], [1, 3, 2, 5, 0, 2], [4, 1, 2, 5, 0, 2], [5, 3, 2, 5, 2, 2]]
    .map((row) => Float32Array.from(row)),
  labels: [0, 0, 1, 1],
  words: 3,
};

Deno.test("fisherCriterion() gives what was worked by hand", () => {
  // Word 0: means ½ and 4½ about 2½, so 4·4 = 16 between; 4·¼ = 1 within. Word 1: means are equal.
  assert.deepEqual([...fisherCriterion(histograms)], [16, 0, 0]);
  const apart = { rows: [[1], [3]].map((row) => Float32Array.from(row)), labels: [0, 1], words: 1 };
  assert.deepEqual([...fisherCriterion(apart)], [Infinity]);
  assert.throws(() => fisherCriterion({ ...histograms, words: 4 }), /not of 4 words/);
  assert.throws(() => fisherCriterion({ ...histograms, labels: [0] }), /4 histograms and 1 labels/);
});

Deno.test("selectWords() keeps the best ones, in order, and of equal ones the first", () => {
  assert.deepEqual(selectWords(histograms, 1), [0]);
  assert.deepEqual(selectWords(histograms, 2), [0, 1]);
  assert.deepEqual(selectWords(histograms, 9), [0, 1, 2]);
  const swapped = { ...histograms, rows: histograms.rows.map((row) => row.toReversed()) };
  assert.deepEqual(selectWords(swapped, 1), [2]);
});
