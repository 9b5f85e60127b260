/**
 * The nearest word of binary patterns.
 *
 * The squared distance of a pattern b to a word c is |c|² + Σ (1 − 2 c_p) over its set bits: a part that its
 * lower eight bits decide, plus one that its upper bits decide. So each word needs two small tables, and
 * each pattern one addition a word. Both in single precision.
 *
 * @module
 */
import * as kernel from "./kernels/quantise.wasm";

/** The two parts of a word's distances, by lower and by upper byte. */
export interface DistanceParts {
  readonly low: Float32Array;
  readonly high: Float32Array;
}

/** Makes the tables of a word of up to 16 bits. */
export function distanceParts(word: Float32Array): DistanceParts {
  const part = (start: number, base: number) => {
    const sums = new Float64Array(256).fill(base);
    for (let p = 0; p < 8 && start + p < word.length; p++) {
      const share = 1 - 2 * word[start + p]!;
      for (let byte = 1 << p; byte < 256; byte++) if (byte >> p & 1) sums[byte]! += share;
    }
    return Float32Array.from(sums);
  };
  return { low: part(0, word.reduce((sum, c) => sum + c * c, 0)), high: part(8, 0) };
}

const page = 65536;
// The compiler's own data lies below; what it needs is far less.
const base = 1024;

/**
 * The nearest word of every pattern, in WebAssembly SIMD; of equally near ones the first.
 *
 * @param words rows of one number a bit, 1 to 65536 of them
 * @param bits up to 16
 * @returns the word of each of the 2^bits patterns
 */
export function nearestWords(words: readonly Float32Array[], bits: number): Uint16Array {
  const bytes = 2 ** Math.max(0, bits - 8);
  const low = base;
  const high = low + words.length * 1024;
  const to = high + 4 * words.length * bytes;
  const end = to + 512 * bytes;
  const missing = Math.ceil((end - kernel.memory.buffer.byteLength) / page);
  if (missing > 0) kernel.memory.grow(missing);
  const numbers = new Float32Array(kernel.memory.buffer);
  words.forEach((word, k) => {
    const parts = distanceParts(word);
    for (let byte = 0; byte < 256; byte++) {
      const block = low / 4 + (byte >> 3) * 8 * words.length;
      numbers[block + 8 * k + (byte & 7)] = parts.low[byte]!;
    }
    for (let byte = 0; byte < bytes; byte++) {
      numbers[high / 4 + byte * words.length + k] = parts.high[byte]!;
    }
  });
  kernel.nearest(low, high, words.length, bytes, to);
  return new Uint16Array(kernel.memory.buffer, to, 2 ** bits).slice();
}
