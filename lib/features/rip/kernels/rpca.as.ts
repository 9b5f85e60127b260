/**
 * Robust PCA in WebAssembly SIMD: the loops of `lib/features/rpca.ts`, which holds the memory's layout and
 * calls what is exported here. Addresses are in bytes, numbers in double precision.
 *
 * Matrices lie as tiles, one after the other: all rows of 32 columns. Rows are a multiple of 4; what was
 * added to fill up rows and columns is 0 and stays 0.
 *
 * AssemblyScript. `deno task kernels` compiles it to `rpca.wasm`, which is committed.
 */

/** Columns of a tile, in bytes. */
const width: usize = 256;

/**
 * Adds a tile's scalar products of rows to the lower triangle of a matrix, in blocks of four rows and two.
 *
 * @param tile of `rows` rows
 * @param to the matrix, `rows` × `rows`
 */
export function gram(tile: usize, rows: i32, to: usize): void {
  for (let i = 0; i < rows; i += 4) {
    for (let j = 0; j < i + 4; j += 2) {
      let a = tile + <usize> i * width, b = tile + <usize> j * width;
      let s00 = f64x2.splat(0), s01 = s00, s10 = s00, s11 = s00;
      let s20 = s00, s21 = s00, s30 = s00, s31 = s00;
      for (const end = a + width; a < end; a += 16, b += 16) {
        const b0 = v128.load(b), b1 = v128.load(b, width);
        const a0 = v128.load(a), a1 = v128.load(a, width);
        s00 = f64x2.add(s00, f64x2.mul(a0, b0));
        s01 = f64x2.add(s01, f64x2.mul(a0, b1));
        s10 = f64x2.add(s10, f64x2.mul(a1, b0));
        s11 = f64x2.add(s11, f64x2.mul(a1, b1));
        const a2 = v128.load(a, 2 * width), a3 = v128.load(a, 3 * width);
        s20 = f64x2.add(s20, f64x2.mul(a2, b0));
        s21 = f64x2.add(s21, f64x2.mul(a2, b1));
        s30 = f64x2.add(s30, f64x2.mul(a3, b0));
        s31 = f64x2.add(s31, f64x2.mul(a3, b1));
      }
      const pitch = <usize> rows << 3;
      let place = to + <usize> i * pitch + (<usize> j << 3);
      addPair(place, s00, s01);
      addPair(place += pitch, s10, s11);
      addPair(place += pitch, s20, s21);
      addPair(place + pitch, s30, s31);
    }
  }
}

/** Adds the sums of two vectors to two numbers. */
// @ts-ignore: decorator
@inline
function addPair(place: usize, first: v128, second: v128): void {
  const low = i64x2.shuffle(first, second, 0, 2), high = i64x2.shuffle(first, second, 1, 3);
  v128.store(place, f64x2.add(v128.load(place), f64x2.add(low, high)));
}

/**
 * A tile of the product of a matrix and a tile, four rows and four columns at a time.
 *
 * @param matrix column by column
 * @param rows of the matrix and of the product
 * @param inner rows of the tile
 * @param to the tile of the product
 */
function multiply(matrix: usize, rows: i32, inner: i32, tile: usize, to: usize): void {
  const pitch = <usize> rows << 3;
  for (let i = 0; i < rows; i += 4) {
    for (let column: usize = 0; column < width; column += 32) {
      let p = matrix + (<usize> i << 3), w = tile + column;
      let s00 = f64x2.splat(0), s01 = s00, s10 = s00, s11 = s00;
      let s20 = s00, s21 = s00, s30 = s00, s31 = s00;
      for (const end = w + <usize> inner * width; w < end; w += width, p += pitch) {
        const w0 = v128.load(w), w1 = v128.load(w, 16);
        let factor = v128.load64_splat(p);
        s00 = f64x2.add(s00, f64x2.mul(factor, w0));
        s01 = f64x2.add(s01, f64x2.mul(factor, w1));
        factor = v128.load64_splat(p, 8);
        s10 = f64x2.add(s10, f64x2.mul(factor, w0));
        s11 = f64x2.add(s11, f64x2.mul(factor, w1));
        factor = v128.load64_splat(p, 16);
        s20 = f64x2.add(s20, f64x2.mul(factor, w0));
        s21 = f64x2.add(s21, f64x2.mul(factor, w1));
        factor = v128.load64_splat(p, 24);
        s30 = f64x2.add(s30, f64x2.mul(factor, w0));
        s31 = f64x2.add(s31, f64x2.mul(factor, w1));
      }
      const place = to + <usize> i * width + column;
      v128.store(place, s00);
      v128.store(place, s01, 16);
      v128.store(place, s10, width);
      v128.store(place, s11, width + 16);
      v128.store(place, s20, 2 * width);
      v128.store(place, s21, 2 * width + 16);
      v128.store(place, s30, 3 * width);
      v128.store(place, s31, 3 * width + 16);
    }
  }
}

/**
 * One iteration on all tiles: the low-rank part A = P·(D − E + V), then the sparse part, the multipliers,
 * and the scalar products of the rows of the next iteration's D − E + V.
 *
 * @param data D
 * @param sparse E, replaced
 * @param dual V, the multipliers divided by the penalty; replaced by those for the next penalty
 * @param low A, written
 * @param tiles how many
 * @param rows of each
 * @param projector P, `rows` × `rows`, symmetric; or, one after the other, its factors: `rank` × `rows`
 * and `rows` × `rank`, column by column
 * @param rank the rows of the first factor, a multiple of 4; 0 for P as a whole
 * @param threshold beyond which values are sparse
 * @param growth this penalty divided by the next one
 * @param sum the scalar products; cleared first
 * @param scratch room for two tiles
 * @returns the sum of the squares of D − A − E
 */
export function iterate(
  data: usize,
  sparse: usize,
  dual: usize,
  low: usize,
  tiles: i32,
  rows: i32,
  projector: usize,
  rank: i32,
  threshold: f64,
  growth: f64,
  sum: usize,
  scratch: usize,
): f64 {
  const size = <usize> rows * width;
  const most = f64x2.splat(threshold), least = f64x2.splat(-threshold);
  const factor = f64x2.splat(growth);
  let rest = f64x2.splat(0);
  memory.fill(sum, 0, <usize> rows * <usize> rows << 3);
  for (let tile = 0; tile < tiles; tile++) {
    for (let i: usize = 0; i < size; i += 16) {
      const w = f64x2.sub(v128.load(data + i), v128.load(sparse + i));
      v128.store(scratch + i, f64x2.add(w, v128.load(dual + i)));
    }
    if (rank > 0) {
      multiply(projector, rank, rows, scratch, scratch + size);
      multiply(projector + (<usize> (rank * rows) << 3), rows, rank, scratch + size, low);
    } else {
      multiply(projector, rows, rows, scratch, low);
    }
    for (let i: usize = 0; i < size; i += 16) {
      const d = v128.load(data + i), v = v128.load(dual + i);
      const t = f64x2.add(f64x2.sub(d, v128.load(low + i)), v);
      const kept = f64x2.min(most, f64x2.max(least, t));
      const e = f64x2.sub(t, kept);
      const z = f64x2.sub(kept, v);
      rest = f64x2.add(rest, f64x2.mul(z, z));
      const next = f64x2.mul(kept, factor);
      v128.store(sparse + i, e);
      v128.store(dual + i, next);
      v128.store(scratch + i, f64x2.add(f64x2.sub(d, e), next));
    }
    gram(scratch, rows, sum);
    data += size;
    sparse += size;
    dual += size;
    low += size;
  }
  return f64x2.extract_lane(rest, 0) + f64x2.extract_lane(rest, 1);
}
