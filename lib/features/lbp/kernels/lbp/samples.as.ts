/** Samples between voxels, four voxels of a row at a time. */

/**
 * Bytes of a sample: the number of its taps, four offsets, four weights, a threshold. Taps that it does not
 * have are at offset 0 with weight 0, and add nothing.
 */
export const SAMPLE: usize = 40;

// @ts-ignore: decorator
@inline
export function tap(at: usize, centre: v128, weight: v128): v128 {
  return f32x4.mul(weight, f32x4.sub(v128.load(at), centre));
}

/** The sample less the centre, of two taps. */
// @ts-ignore: decorator
@inline
export function difference2(at: usize, o0: usize, o1: usize, w0: v128, w1: v128): v128 {
  const centre = v128.load(at);
  return f32x4.add(tap(at + o0, centre, w0), tap(at + o1, centre, w1));
}

/** The sample less the centre, of four taps. */
// @ts-ignore: decorator
@inline
export function difference4(
  at: usize,
  o0: usize,
  o1: usize,
  o2: usize,
  o3: usize,
  w0: v128,
  w1: v128,
  w2: v128,
  w3: v128,
): v128 {
  const centre = v128.load(at);
  const sum = f32x4.add(tap(at + o0, centre, w0), tap(at + o1, centre, w1));
  return f32x4.add(f32x4.add(sum, tap(at + o2, centre, w2)), tap(at + o3, centre, w3));
}

/** Puts a bit into the codes of eight voxels, where the comparisons of four and four are true. */
// @ts-ignore: decorator
@inline
export function put(to: usize, low: v128, high: v128, bit: v128): void {
  const set = v128.and(i16x8.narrow_i32x4_s(low, high), bit);
  v128.store(to, v128.or(v128.load(to), set));
}
