/**
 * The nearest word of every pattern in WebAssembly SIMD, for `lib/features/clqp/nearest.ts`, which holds the
 * memory's layout. Addresses are in bytes.
 *
 * A pattern is an upper and a lower byte, and its distance to a word a sum of two parts, one for each. Eight
 * patterns with the same upper byte are compared at a time.
 *
 * AssemblyScript. `deno task kernels` compiles it to `quantise.wasm`, which is committed.
 */

/**
 * @param low parts by the lower byte: for each eight of its values, for each word, eight numbers
 * @param high parts by the upper byte: for each of its values, for each word, one number
 * @param words how many there are
 * @param bytes how many upper bytes there are
 * @param to the word of each pattern, 16 bits each
 */
export function nearest(low: usize, high: usize, words: i32, bytes: i32, to: usize): void {
  const one = i32x4.splat(1);
  for (let block = 0; block < 32; block++, low += <usize> words << 5, to += 16) {
    let upper = high, target = to;
    for (let byte = 0; byte < bytes; byte++, target += 512) {
      let part = low;
      let best0 = f32x4.splat(f32.MAX_VALUE), best1 = best0;
      let word0 = i32x4.splat(0), word1 = word0, word = word0;
      for (const end = low + (<usize> words << 5); part < end; part += 32, upper += 4) {
        const base = v128.load32_splat(upper);
        const d0 = f32x4.add(base, v128.load(part)), d1 = f32x4.add(base, v128.load(part, 16));
        const less0 = f32x4.lt(d0, best0), less1 = f32x4.lt(d1, best1);
        best0 = v128.bitselect(d0, best0, less0);
        best1 = v128.bitselect(d1, best1, less1);
        word0 = v128.bitselect(word, word0, less0);
        word1 = v128.bitselect(word, word1, less1);
        word = i32x4.add(word, one);
      }
      v128.store(target, i16x8.narrow_i32x4_u(word0, word1));
    }
  }
}
