/**
 * Vector quantisation of binary patterns (S. ul Hussain, B. Triggs, "Visual recognition using local
 * quantized patterns", ECCV 2012): a codebook is learned by k-means over the patterns that occur, and a
 * table gives the word of every pattern.
 *
 * @module
 */
import type { Rng } from "lib/core/rng.ts";
import type { Mapping } from "lib/features/lbp/mappings.ts";
import { distanceParts, nearestWords } from "./nearest.ts";

/** A codebook; its table is that of a {@linkcode Mapping}, with a bin for each word. */
export interface Codebook extends Mapping {
  /** One row a word: the mean of each bit among its patterns, in single precision. */
  readonly words: readonly Float32Array[];
}

/** How {@linkcode learnCodebook} learns. */
export interface CodebookOptions {
  /** The number of words, at most as many as there are different patterns. */
  readonly words: number;
  /** Rounds of k-means at most; it stops when no pattern changes its word. */
  readonly rounds: number;
  /** Draws the first words (k-means++). */
  readonly rng: Rng;
}

/**
 * Learns the words of patterns of up to 16 bits. Every pattern counts as often as it was found; it belongs
 * to the nearest word by Euclidean distance, of equally near ones to the first. Patterns that were never
 * found belong to the nearest word, too.
 *
 * @param counts how often each of the 2^bits patterns was found, in training clips only
 * @returns words in the order in which they were drawn; fewer than asked for where fewer patterns differ
 * @throws RangeError when no pattern was found, for another number of patterns, and for options that are
 * not positive integers
 */
export function learnCodebook(counts: ArrayLike<number>, options: CodebookOptions): Codebook {
  const bits = Math.log2(counts.length);
  if (!Number.isInteger(bits) || bits < 1 || bits > 16) {
    throw new RangeError(`Expected counts of 2 to 65536 patterns, got ${counts.length}`);
  }
  for (const name of ["words", "rounds"] as const) {
    if (!Number.isInteger(options[name]) || options[name] < 1) {
      throw new RangeError(`${name} must be a positive integer, got ${options[name]}`);
    }
  }
  const found = patternsIn(counts);
  if (found.length === 0) throw new RangeError("Cannot learn a codebook without patterns");
  const weights = Float64Array.from(found, (code) => counts[code]!);
  let words = firstWords(found, weights, { ...options, bits });
  let table = nearestWords(words, bits);
  for (let round = 0; round < options.rounds; round++) {
    words = means(found, { weights, table, words });
    const next = nearestWords(words, bits);
    const same = found.every((code) => next[code] === table[code]);
    table = next;
    if (same) break;
  }
  return { words, bins: words.length, table };
}

/** The patterns that were found, ascending. */
export function patternsIn(counts: ArrayLike<number>): Uint16Array {
  const found = new Uint16Array(counts.length);
  let length = 0;
  for (let code = 0; code < counts.length; code++) if (counts[code]! > 0) found[length++] = code;
  return found.slice(0, length);
}

/** k-means++: each further word is a pattern, drawn by its count times its squared distance. */
function firstWords(
  found: Uint16Array,
  weights: Float64Array,
  { words: count, bits, rng }: CodebookOptions & { readonly bits: number },
): Float32Array[] {
  const wordOf = (code: number) => Float32Array.from({ length: bits }, (_, p) => code >> p & 1);
  const words = [wordOf(found[draw(weights, rng)]!)];
  const distances = new Float64Array(found.length).fill(Infinity);
  const shares = new Float64Array(found.length);
  while (words.length < count) {
    const { low, high } = distanceParts(words.at(-1)!);
    for (let i = 0; i < found.length; i++) {
      const code = found[i]!;
      const distance = low[code & 255]! + high[code >> 8]!;
      if (distance < distances[i]!) distances[i] = distance;
      shares[i] = weights[i]! * distances[i]!;
    }
    const next = draw(shares, rng);
    // Every pattern is a word already.
    if (next === -1) break;
    words.push(wordOf(found[next]!));
  }
  return words;
}

/** An index, drawn by its weight; -1 where there is no weight. */
function draw(weights: Float64Array, rng: Rng): number {
  let total = 0;
  for (let i = 0; i < weights.length; i++) total += weights[i]!;
  let rest = rng.next() * total;
  for (let i = 0; i < weights.length; i++) {
    rest -= weights[i]!;
    if (rest < 0) return i;
  }
  // Rounding may leave a little; the last one with any weight takes it.
  return weights.findLastIndex((weight) => weight > 0);
}

interface Assigned {
  readonly weights: Float64Array;
  /** The word of each pattern. */
  readonly table: Uint16Array;
  readonly words: readonly Float32Array[];
}

/** The weighted mean of each word's patterns; a word without patterns stays where it is. */
function means(found: Uint16Array, { weights, table, words }: Assigned): Float32Array[] {
  // By byte first: two additions a pattern instead of one a bit.
  const low = words.map(() => new Float64Array(256));
  const high = words.map(() => new Float64Array(256));
  for (let i = 0; i < found.length; i++) {
    const code = found[i]!, word = table[code]!, weight = weights[i]!;
    low[word]![code & 255]! += weight;
    high[word]![code >> 8]! += weight;
  }
  return words.map((word, k) => {
    const total = low[k]!.reduce((a, b) => a + b);
    if (total === 0) return word;
    return word.map((_, p) => {
      const sums = p < 8 ? low[k]! : high[k]!;
      let sum = 0;
      for (let byte = 0; byte < 256; byte++) sum += sums[byte]! * (byte >> p % 8 & 1);
      return sum / total;
    });
  });
}
