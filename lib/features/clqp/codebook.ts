/**
 * Vector quantisation of binary patterns (S. ul Hussain, B. Triggs, "Visual recognition using local
 * quantized patterns", ECCV 2012): a codebook is learned by k-means over the patterns that occur, and a
 * table gives the word of every pattern.
 *
 * @module
 */
import type { Rng } from "lib/core/rng.ts";
import type { Mapping } from "lib/features/lbp/mappings.ts";

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
  const found = Uint16Array.from(
    Array.from({ length: counts.length }, (_, code) => code).filter((code) => counts[code]! > 0),
  );
  if (found.length === 0) throw new RangeError("Cannot learn a codebook without patterns");
  const weights = Float64Array.from(found, (code) => counts[code]!);
  let words = firstWords(found, weights, { ...options, bits });
  let chosen = nearest(found, words);
  for (let round = 0; round < options.rounds; round++) {
    words = means(found, { weights, chosen, words });
    const next = nearest(found, words);
    const same = next.every((word, i) => word === chosen[i]);
    chosen = next;
    if (same) break;
  }
  const all = Uint16Array.from({ length: counts.length }, (_, code) => code);
  return { words, bins: words.length, table: nearest(all, words) };
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
  while (words.length < count) {
    const parts = distanceParts(words.at(-1)!);
    const shares = weights.map((weight, i) => {
      distances[i] = Math.min(distances[i]!, distance(parts, found[i]!));
      return weight * distances[i]!;
    });
    // Every pattern is a word already.
    if (shares.every((share) => share === 0)) break;
    words.push(wordOf(found[draw(shares, rng)]!));
  }
  return words;
}

/** An index, drawn by its weight. */
function draw(weights: Float64Array, rng: Rng): number {
  const total = weights.reduce((a, b) => a + b, 0);
  let rest = rng.next() * total;
  for (let i = 0; i < weights.length; i++) {
    rest -= weights[i]!;
    if (rest < 0) return i;
  }
  // Rounding may leave a little; the last one with any weight takes it.
  return weights.findLastIndex((weight) => weight > 0);
}

/**
 * The squared distance of a word to any pattern, as a sum of two entries: |c|² + Σ over the set bits of
 * (1 − 2c), by the lower and by the upper eight bits. Sums of halves of a word are exact enough to be
 * compared; and two additions are all that a pattern takes.
 */
interface DistanceParts {
  readonly low: Float32Array;
  readonly high: Float32Array;
}

function distanceParts(word: Float32Array): DistanceParts {
  const part = (start: number, base: number) => {
    const sums = new Float32Array(256);
    for (let byte = 0; byte < 256; byte++) {
      let sum = base;
      for (let p = 0; p < 8 && start + p < word.length; p++) {
        if (byte >> p & 1) sum += 1 - 2 * word[start + p]!;
      }
      sums[byte] = sum;
    }
    return sums;
  };
  return { low: part(0, word.reduce((sum, c) => sum + c * c, 0)), high: part(8, 0) };
}

function distance({ low, high }: DistanceParts, code: number): number {
  return Math.max(0, low[code & 255]! + high[code >> 8]!);
}

/** The nearest word of each code. */
function nearest(codes: Uint16Array, words: readonly Float32Array[]): Uint16Array {
  const best = new Float64Array(codes.length).fill(Infinity);
  const chosen = new Uint16Array(codes.length);
  words.forEach((word, k) => {
    const { low, high } = distanceParts(word);
    for (let i = 0; i < codes.length; i++) {
      const code = codes[i]!;
      const distance = low[code & 255]! + high[code >> 8]!;
      if (distance < best[i]!) {
        best[i] = distance;
        chosen[i] = k;
      }
    }
  });
  return chosen;
}

interface Assigned {
  readonly weights: Float64Array;
  readonly chosen: Uint16Array;
  readonly words: readonly Float32Array[];
}

/** The weighted mean of each word's patterns; a word without patterns stays where it is. */
function means(found: Uint16Array, { weights, chosen, words }: Assigned): Float32Array[] {
  const bits = words[0]!.length;
  const sums = words.map(() => new Float64Array(bits));
  const totals = new Float64Array(words.length);
  for (let i = 0; i < found.length; i++) {
    const sum = sums[chosen[i]!]!, weight = weights[i]!, code = found[i]!;
    totals[chosen[i]!]! += weight;
    for (let p = 0; p < bits; p++) sum[p]! += weight * (code >> p & 1);
  }
  return words.map((word, k) =>
    totals[k] === 0 ? word : Float32Array.from(sums[k]!, (sum) => sum / totals[k]!)
  );
}
