/** Bits that say whether a neighbour is not darker than the centre. */
import { difference2, difference4, put, SAMPLE } from "./samples.as";

// @ts-ignore: decorator
@inline
function isPositive(difference: v128): v128 {
  return f32x4.ge(difference, f32x4.splat(0));
}

/** Adds one sample to the codes of a row, eight at a time; `width` is rounded up. */
// @ts-ignore: decorator
@inline
function sampleRow(from: usize, to: usize, width: i32, sample: usize, bit: v128): void {
  const taps = load<i32>(sample);
  const end = to + (<usize> width << 1);
  const o0 = <usize> load<i32>(sample, 4), o1 = <usize> load<i32>(sample, 8);
  const o2 = <usize> load<i32>(sample, 12), o3 = <usize> load<i32>(sample, 16);
  const w0 = v128.load32_splat(sample, 20), w1 = v128.load32_splat(sample, 24);
  const w2 = v128.load32_splat(sample, 28), w3 = v128.load32_splat(sample, 32);
  if (taps == 1) {
    for (; to < end; to += 16, from += 32) {
      const low = f32x4.ge(v128.load(from + o0), v128.load(from));
      put(to, low, f32x4.ge(v128.load(from + 16 + o0), v128.load(from + 16)), bit);
    }
  } else if (taps == 2) {
    for (; to < end; to += 16, from += 32) {
      const low = isPositive(difference2(from, o0, o1, w0, w1));
      put(to, low, isPositive(difference2(from + 16, o0, o1, w0, w1)), bit);
    }
  } else {
    for (; to < end; to += 16, from += 32) {
      const low = isPositive(difference4(from, o0, o1, o2, o3, w0, w1, w2, w3));
      const high = difference4(from + 16, o0, o1, o2, o3, w0, w1, w2, w3);
      put(to, low, isPositive(high), bit);
    }
  }
}

/**
 * The codes of a plane.
 *
 * @param first the voxel of the first code
 * @param pitch from one row of the clip to the next
 * @param plane from one frame of the clip to the next
 * @param width of the codes; likewise `height` and `frames`
 * @param samples one record a bit
 * @param to the codes, 16 bits each
 * @param toPitch from one row of codes to the next, whole vectors
 */
export function codes(
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
        sampleRow(from, to, width, sample, i16x8.splat(<i16> bit));
      }
    }
  }
}
