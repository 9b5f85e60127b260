/**
 * Temporal filters. A level's rows lie in memory as [row][frame][column], so that one row of all frames
 * is in the cache at once. Both work in place, on 16 columns at a time.
 *
 * Values are taken relative to the first frame: a filter that lets no constant through gives the same
 * for them, exactly nothing where nothing changes, and rounds small numbers instead of large ones.
 */

/** Bytes of the 16 columns that are worked on together. */
const BLOCK: usize = 64;

// @ts-ignore: decorator
@inline
function madd(a: v128, b: v128, c: v128): v128 {
  return f32x4.add(f32x4.mul(a, b), c);
}

/**
 * Keeps some bins of the discrete Fourier transform over time, each times a weight.
 *
 * The transform is folded: cosines are the same at frames t and T - t and sines opposite, so the sums
 * x[t] + x[T - t] and differences x[t] - x[T - t] are all that it needs, and it gives results for both.
 *
 * @param data the first row; `rows` rows of `frames` times `pitch` bytes
 * @param length bytes of a row's columns, in whole blocks
 * @param keepConstant whether the band has bin 0, so that the values must be taken as they are
 * @param waves for each bin, for each t of 0..floor(frames / 2): its cosine and its sine
 * @param weights one for each bin
 * @param work room for 128 bytes times (frames / 2 + 1 + bins)
 */
export function ideal(
  data: usize,
  rows: i32,
  frames: i32,
  pitch: usize,
  length: usize,
  keepConstant: i32,
  bins: i32,
  waves: usize,
  weights: usize,
  work: usize,
): void {
  const half = frames >> 1;
  const spectrum = work + <usize> (half + 1) * 2 * BLOCK;
  for (let row = 0; row < rows; row++, data += <usize> frames * pitch) {
    for (let x: usize = 0; x < length; x += BLOCK) {
      fold(data + x, frames, pitch, keepConstant, work);
      for (let bin = 0; bin < bins; bin++) {
        const wave = waves + <usize> (bin * (half + 1)) * 8;
        const target = spectrum + <usize> bin * 2 * BLOCK;
        analyse(work, half, wave, load<f32>(weights + (<usize> bin << 2)), target);
      }
      synthesise(data + x, frames, pitch, spectrum, bins, waves);
    }
  }
}

/** Writes, for each t up to half, the block of sums and the block of differences. */
// @ts-ignore: decorator
@inline
function fold(data: usize, frames: i32, pitch: usize, keepConstant: i32, work: usize): void {
  const half = frames >> 1;
  for (let i: usize = 0; i < BLOCK; i += 16) {
    const first = v128.load(data + i);
    const none = f32x4.splat(0);
    const reference = keepConstant ? none : first;
    let to = work + i, early = data + i + pitch, late = data + i + <usize> (frames - 1) * pitch;
    v128.store(to, f32x4.sub(first, reference));
    v128.store(to, none, 64);
    to += 2 * BLOCK;
    for (; early < late; early += pitch, late -= pitch, to += 2 * BLOCK) {
      const a = f32x4.sub(v128.load(early), reference), b = f32x4.sub(v128.load(late), reference);
      v128.store(to, f32x4.add(a, b));
      v128.store(to, f32x4.sub(a, b), 64);
    }
    if (half > 0 && (frames & 1) == 0) {
      v128.store(to, f32x4.sub(v128.load(early), reference));
      v128.store(to, none, 64);
    }
  }
}

/** One bin of the transform times a weight: a block of cosine and a block of sine parts. */
// @ts-ignore: decorator
@inline
function analyse(folded: usize, half: i32, wave: usize, weight: f32, target: usize): void {
  let c0 = f32x4.splat(0), c1 = c0, c2 = c0, c3 = c0, s0 = c0, s1 = c0, s2 = c0, s3 = c0;
  for (const end = wave + <usize> (half + 1) * 8; wave < end; wave += 8, folded += 2 * BLOCK) {
    const cosine = v128.load32_splat(wave), sine = v128.load32_splat(wave, 4);
    c0 = madd(cosine, v128.load(folded), c0);
    c1 = madd(cosine, v128.load(folded, 16), c1);
    c2 = madd(cosine, v128.load(folded, 32), c2);
    c3 = madd(cosine, v128.load(folded, 48), c3);
    s0 = madd(sine, v128.load(folded, 64), s0);
    s1 = madd(sine, v128.load(folded, 80), s1);
    s2 = madd(sine, v128.load(folded, 96), s2);
    s3 = madd(sine, v128.load(folded, 112), s3);
  }
  const factor = f32x4.splat(weight);
  v128.store(target, f32x4.mul(factor, c0));
  v128.store(target, f32x4.mul(factor, c1), 16);
  v128.store(target, f32x4.mul(factor, c2), 32);
  v128.store(target, f32x4.mul(factor, c3), 48);
  v128.store(target, f32x4.mul(factor, s0), 64);
  v128.store(target, f32x4.mul(factor, s1), 80);
  v128.store(target, f32x4.mul(factor, s2), 96);
  v128.store(target, f32x4.mul(factor, s3), 112);
}

/** Writes the waves of all bins at frames t and T - t. */
// @ts-ignore: decorator
@inline
function synthesise(
  data: usize,
  frames: i32,
  pitch: usize,
  spectrum: usize,
  bins: i32,
  waves: usize,
): void {
  const half = frames >> 1, step = <usize> (half + 1) * 8;
  const end = spectrum + <usize> bins * 2 * BLOCK;
  let early = data, late = data + <usize> frames * pitch;
  for (let t = 0; t <= half; t++, early += pitch, late -= pitch) {
    let c0 = f32x4.splat(0), c1 = c0, c2 = c0, c3 = c0, s0 = c0, s1 = c0, s2 = c0, s3 = c0;
    let wave = waves + (<usize> t << 3);
    for (let from = spectrum; from < end; from += 2 * BLOCK, wave += step) {
      const cosine = v128.load32_splat(wave), sine = v128.load32_splat(wave, 4);
      c0 = madd(cosine, v128.load(from), c0);
      c1 = madd(cosine, v128.load(from, 16), c1);
      c2 = madd(cosine, v128.load(from, 32), c2);
      c3 = madd(cosine, v128.load(from, 48), c3);
      s0 = madd(sine, v128.load(from, 64), s0);
      s1 = madd(sine, v128.load(from, 80), s1);
      s2 = madd(sine, v128.load(from, 96), s2);
      s3 = madd(sine, v128.load(from, 112), s3);
    }
    v128.store(early, f32x4.add(c0, s0));
    v128.store(early, f32x4.add(c1, s1), 16);
    v128.store(early, f32x4.add(c2, s2), 32);
    v128.store(early, f32x4.add(c3, s3), 48);
    // Frame 0 has no partner, and an even number's middle one is its own.
    if (t == 0) continue;
    v128.store(late, f32x4.sub(c0, s0));
    v128.store(late, f32x4.sub(c1, s1), 16);
    v128.store(late, f32x4.sub(c2, s2), 32);
    v128.store(late, f32x4.sub(c3, s3), 48);
  }
}

/**
 * The difference of two low passes y ← y + r (x - y) that start with the first frame, times a factor.
 *
 * @param data the first row; `rows` rows of `frames` times `pitch` bytes
 * @param length bytes of a row's columns, in whole blocks
 */
export function difference(
  data: usize,
  rows: i32,
  frames: i32,
  pitch: usize,
  length: usize,
  r1: f32,
  r2: f32,
  factor: f32,
): void {
  const fast = f32x4.splat(r1), slow = f32x4.splat(r2), gain = f32x4.splat(factor);
  const none = f32x4.splat(0);
  for (let row = 0; row < rows; row++, data += <usize> frames * pitch) {
    const end = data + length;
    for (let at = data; at < end; at += BLOCK) {
      let a0 = none, a1 = none, a2 = none, a3 = none, b0 = none, b1 = none, b2 = none, b3 = none;
      let now = at;
      for (let t = 1; t < frames; t++) {
        now += pitch;
        const x0 = f32x4.sub(v128.load(now), v128.load(at));
        a0 = madd(fast, f32x4.sub(x0, a0), a0);
        b0 = madd(slow, f32x4.sub(x0, b0), b0);
        v128.store(now, f32x4.mul(gain, f32x4.sub(a0, b0)));
        const x1 = f32x4.sub(v128.load(now, 16), v128.load(at, 16));
        a1 = madd(fast, f32x4.sub(x1, a1), a1);
        b1 = madd(slow, f32x4.sub(x1, b1), b1);
        v128.store(now, f32x4.mul(gain, f32x4.sub(a1, b1)), 16);
        const x2 = f32x4.sub(v128.load(now, 32), v128.load(at, 32));
        a2 = madd(fast, f32x4.sub(x2, a2), a2);
        b2 = madd(slow, f32x4.sub(x2, b2), b2);
        v128.store(now, f32x4.mul(gain, f32x4.sub(a2, b2)), 32);
        const x3 = f32x4.sub(v128.load(now, 48), v128.load(at, 48));
        a3 = madd(fast, f32x4.sub(x3, a3), a3);
        b3 = madd(slow, f32x4.sub(x3, b3), b3);
        v128.store(now, f32x4.mul(gain, f32x4.sub(a3, b3)), 48);
      }
      // The reference was needed until now.
      v128.store(at, none);
      v128.store(at, none, 16);
      v128.store(at, none, 32);
      v128.store(at, none, 48);
    }
  }
}
