/**
 * Bits that complete the sign: whether the difference to a neighbour is large, and whether grey changes in
 * the same direction there. The parameters that `codes` has too mean the same.
 */
import { difference4, put, SAMPLE } from "./samples.as";

/** The mean absolute difference between the samples and their centres. */
export function meanDifference(
  first: usize,
  pitch: usize,
  plane: usize,
  width: i32,
  height: i32,
  frames: i32,
  samples: usize,
  count: i32,
): f64 {
  let total: f64 = 0;
  const lanes = f32x4(0, 1, 2, 3);
  const whole = width & ~3;
  const inside = f32x4.lt(lanes, f32x4.splat(<f32> (width - whole)));
  for (let p = 0; p < count; p++, samples += SAMPLE) {
    const o0 = <usize> load<i32>(samples, 4), o1 = <usize> load<i32>(samples, 8);
    const o2 = <usize> load<i32>(samples, 12), o3 = <usize> load<i32>(samples, 16);
    const w0 = v128.load32_splat(samples, 20), w1 = v128.load32_splat(samples, 24);
    const w2 = v128.load32_splat(samples, 28), w3 = v128.load32_splat(samples, 32);
    for (let t = 0; t < frames; t++) {
      let row = first + <usize> t * plane;
      for (let y = 0; y < height; y++, row += pitch) {
        let from = row, sum = f32x4.splat(0);
        for (const end = row + (<usize> whole << 2); from < end; from += 16) {
          const size = f32x4.abs(difference4(from, o0, o1, o2, o3, w0, w1, w2, w3));
          sum = f32x4.add(sum, size);
        }
        // Behind the end of a row lies the border, which has no code.
        const rest = f32x4.abs(difference4(from, o0, o1, o2, o3, w0, w1, w2, w3));
        sum = f32x4.add(sum, v128.and(rest, inside));
        total += <f64> f32x4.extract_lane(sum, 0) + <f64> f32x4.extract_lane(sum, 1);
        total += <f64> f32x4.extract_lane(sum, 2) + <f64> f32x4.extract_lane(sum, 3);
      }
    }
  }
  return total / (<f64> width * <f64> height * <f64> frames * <f64> count);
}

// @ts-ignore: decorator
@inline
function magnitudeRow(from: usize, to: usize, width: i32, sample: usize, bit: v128): void {
  const end = to + (<usize> width << 1);
  const o0 = <usize> load<i32>(sample, 4), o1 = <usize> load<i32>(sample, 8);
  const o2 = <usize> load<i32>(sample, 12), o3 = <usize> load<i32>(sample, 16);
  const w0 = v128.load32_splat(sample, 20), w1 = v128.load32_splat(sample, 24);
  const w2 = v128.load32_splat(sample, 28), w3 = v128.load32_splat(sample, 32);
  const threshold = v128.load32_splat(sample, 36);
  for (; to < end; to += 16, from += 32) {
    const low = difference4(from, o0, o1, o2, o3, w0, w1, w2, w3);
    const high = difference4(from + 16, o0, o1, o2, o3, w0, w1, w2, w3);
    put(to, f32x4.ge(f32x4.abs(low), threshold), f32x4.ge(f32x4.abs(high), threshold), bit);
  }
}

/** Codes of absolute differences that reach the thresholds of the samples. */
export function magnitudeCodes(
  first: usize,
  pitch: usize,
  plane: usize,
  width: i32,
  height: i32,
  frames: i32,
  samples: usize,
  count: i32,
  to: usize,
  toPitch: usize,
): void {
  for (let t = 0; t < frames; t++, first += plane) {
    let from = first;
    for (let y = 0; y < height; y++, from += pitch, to += toPitch) {
      memory.fill(to, 0, toPitch);
      let sample = samples;
      for (let p = 0; p < count; p++, sample += SAMPLE) {
        const bit = 1 << p;
        magnitudeRow(from, to, width, sample, i16x8.splat(<i16> bit));
      }
    }
  }
}

/** A tap's share of the scalar product of two gradients. */
// @ts-ignore: decorator
@inline
function aligned(at: usize, along: usize, a: v128, b: v128, weight: v128): v128 {
  const product = f32x4.add(f32x4.mul(v128.load(at), a), f32x4.mul(v128.load(at + along), b));
  return f32x4.mul(weight, product);
}

// @ts-ignore: decorator
@inline
function alignment1(at: usize, along: usize, o0: usize): v128 {
  const a = v128.load(at), b = v128.load(at + along);
  return f32x4.ge(aligned(at + o0, along, a, b, f32x4.splat(1)), f32x4.splat(0));
}

// @ts-ignore: decorator
@inline
function alignment(
  at: usize,
  along: usize,
  o0: usize,
  o1: usize,
  o2: usize,
  o3: usize,
  w0: v128,
  w1: v128,
  w2: v128,
  w3: v128,
): v128 {
  const a = v128.load(at), b = v128.load(at + along);
  let sum = f32x4.add(aligned(at + o0, along, a, b, w0), aligned(at + o1, along, a, b, w1));
  sum = f32x4.add(sum, aligned(at + o2, along, a, b, w2));
  sum = f32x4.add(sum, aligned(at + o3, along, a, b, w3));
  return f32x4.ge(sum, f32x4.splat(0));
}

// @ts-ignore: decorator
@inline
function orientationRow(
  from: usize,
  along: usize,
  to: usize,
  width: i32,
  sample: usize,
  bit: v128,
): void {
  const end = to + (<usize> width << 1);
  const o0 = <usize> load<i32>(sample, 4), o1 = <usize> load<i32>(sample, 8);
  const o2 = <usize> load<i32>(sample, 12), o3 = <usize> load<i32>(sample, 16);
  const w0 = v128.load32_splat(sample, 20), w1 = v128.load32_splat(sample, 24);
  const w2 = v128.load32_splat(sample, 28), w3 = v128.load32_splat(sample, 32);
  if (load<i32>(sample) == 1) {
    for (; to < end; to += 16, from += 32) {
      put(to, alignment1(from, along, o0), alignment1(from + 16, along, o0), bit);
    }
    return;
  }
  for (; to < end; to += 16, from += 32) {
    const low = alignment(from, along, o0, o1, o2, o3, w0, w1, w2, w3);
    put(to, low, alignment(from + 16, along, o0, o1, o2, o3, w0, w1, w2, w3), bit);
  }
}

/**
 * Codes of gradients that differ from the centre's by 90° at most.
 *
 * @param first the first code's place in the gradient's first coordinate
 * @param along from the first coordinate to the second
 */
export function orientationCodes(
  first: usize,
  along: usize,
  pitch: usize,
  plane: usize,
  width: i32,
  height: i32,
  frames: i32,
  samples: usize,
  count: i32,
  to: usize,
  toPitch: usize,
): void {
  for (let t = 0; t < frames; t++, first += plane) {
    let from = first;
    for (let y = 0; y < height; y++, from += pitch, to += toPitch) {
      memory.fill(to, 0, toPitch);
      let sample = samples;
      for (let p = 0; p < count; p++, sample += SAMPLE) {
        const bit = 1 << p;
        orientationRow(from, along, to, width, sample, i16x8.splat(<i16> bit));
      }
    }
  }
}
