/**
 * Eulerian magnification in WebAssembly SIMD: the loops of `lib/preprocess/magnify.ts`, which holds the
 * memory's layout. Addresses and pitches are in bytes. A plane's rows are `pitch` apart, a multiple of
 * 16, with at least 8 numbers behind the last pixel unless the width is a multiple of 8; what stands
 * there means nothing and may be overwritten.
 *
 * AssemblyScript. `deno task kernels` compiles it to `magnify.wasm`, which is committed.
 */

// Two rows of scratch, each with room for what lies beyond both borders. The caller gives their place.
const lead: usize = 16;

/** Whether all pixels of a plane are finite: 0 times anything else is not a number. */
export function finite(source: usize, pitch: usize, width: i32, height: i32): bool {
  const zero = f32x4.splat(0);
  const whole = <usize> (width >> 2) << 4;
  let sum = zero;
  let rest: f32 = 0;
  for (let y = 0; y < height; y++) {
    const row = source + <usize> y * pitch;
    for (let x: usize = 0; x < whole; x += 16) {
      sum = f32x4.add(sum, f32x4.mul(zero, v128.load(row + x)));
    }
    for (let x = width & ~3; x < width; x++) rest += load<f32>(numberAt(row, x)) * <f32> 0;
  }
  return v128.any_true(f32x4.ne(sum, sum)) ? false : rest == rest;
}

/** A row beyond the border, mirrored at the border row. */
function mirrored(i: i32, length: i32): i32 {
  return i < 0 ? -i : i >= length ? 2 * length - 2 - i : i;
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function numberAt(row: usize, x: i32): usize {
  return row + (<usize> x << 2);
}

/** Blurs `[height, width]` with 1-4-6-4-1 in both directions and keeps every second pixel. */
export function reduce(
  source: usize,
  pitch: usize,
  width: i32,
  height: i32,
  target: usize,
  targetPitch: usize,
  scratch: usize,
): void {
  const four = f32x4.splat(4);
  const six = f32x4.splat(6);
  const scale = f32x4.splat(1.0 / 256);
  const row = scratch + lead;
  const end = <usize> ((width + 3) >> 2) << 4;
  const targetEnd = <usize> ((((width + 1) >> 1) + 3) >> 2) << 4;
  for (let y = 0; y < height; y += 2) {
    const a = source + <usize> mirrored(y - 2, height) * pitch;
    const b = source + <usize> mirrored(y - 1, height) * pitch;
    const c = source + <usize> y * pitch;
    const d = source + <usize> mirrored(y + 1, height) * pitch;
    const e = source + <usize> mirrored(y + 2, height) * pitch;
    for (let x: usize = 0; x < end; x += 16) {
      const outer = f32x4.add(v128.load(a + x), v128.load(e + x));
      const inner = f32x4.mul(four, f32x4.add(v128.load(b + x), v128.load(d + x)));
      const middle = f32x4.mul(six, v128.load(c + x));
      v128.store(row + x, f32x4.add(f32x4.add(outer, inner), middle));
    }
    store<f32>(numberAt(row, -1), load<f32>(numberAt(row, 1)));
    store<f32>(numberAt(row, -2), load<f32>(numberAt(row, 2)));
    store<f32>(numberAt(row, width), load<f32>(numberAt(row, width - 2)));
    store<f32>(numberAt(row, width + 1), load<f32>(numberAt(row, width - 3)));
    const out = target + <usize> (y >> 1) * targetPitch;
    for (let x: usize = 0; x < targetEnd; x += 16) {
      const p = row + 2 * x;
      const left = v128.load(p, 0);
      const right = v128.load(p, 16);
      // Every second number from places -2, -1, 0, 1 and 2 on.
      const before = v128.load(p - 8);
      const between = v128.load(p + 8);
      const after = v128.load(p + 24);
      const m2 = i32x4.shuffle(before, between, 0, 2, 4, 6);
      const m1 = i32x4.shuffle(before, between, 1, 3, 5, 7);
      const p0 = i32x4.shuffle(left, right, 0, 2, 4, 6);
      const p1 = i32x4.shuffle(left, right, 1, 3, 5, 7);
      const p2 = i32x4.shuffle(between, after, 0, 2, 4, 6);
      const outer = f32x4.add(m2, p2);
      const inner = f32x4.mul(four, f32x4.add(m1, p1));
      const sum = f32x4.add(f32x4.add(outer, inner), f32x4.mul(six, p0));
      v128.store(out + x, f32x4.mul(scale, sum));
    }
  }
}

/**
 * `target = base + sign · enlarged(source)`: zeros between the pixels, then 1-4-6-4-1 with four times
 * the weight. Target and base may be the same.
 */
export function enlarge(
  source: usize,
  sourcePitch: usize,
  width: i32,
  height: i32,
  base: usize,
  target: usize,
  pitch: usize,
  sign: f32,
  scratch: usize,
): void {
  const four = f32x4.splat(4);
  const six = f32x4.splat(6);
  const scale = f32x4.splat(sign / 64);
  const smallWidth = (width + 1) >> 1;
  const smallHeight = (height + 1) >> 1;
  const end = <usize> ((smallWidth + 3) >> 2) << 4;
  const row = scratch + lead;
  for (let y = 0; y < height; y++) {
    const middle = y >> 1;
    const c = source + <usize> middle * sourcePitch;
    // Beyond the last row: of an even height that row again, of an odd one the row before it.
    const beyond = height & 1 ? max(smallHeight - 2, 0) : smallHeight - 1;
    const next = middle + 1 < smallHeight ? middle + 1 : beyond;
    const d = source + <usize> next * sourcePitch;
    if (y & 1) {
      for (let x: usize = 0; x < end; x += 16) {
        v128.store(row + x, f32x4.mul(four, f32x4.add(v128.load(c + x), v128.load(d + x))));
      }
    } else {
      const b = source + <usize> (middle > 0 ? middle - 1 : min(1, smallHeight - 1)) * sourcePitch;
      for (let x: usize = 0; x < end; x += 16) {
        const sides = f32x4.add(v128.load(b + x), v128.load(d + x));
        v128.store(row + x, f32x4.add(sides, f32x4.mul(six, v128.load(c + x))));
      }
    }
    store<f32>(numberAt(row, -1), load<f32>(numberAt(row, 1)));
    const last = width & 1 ? smallWidth - 2 : smallWidth - 1;
    store<f32>(numberAt(row, smallWidth), load<f32>(numberAt(row, last)));
    const from = base + <usize> y * pitch;
    const to = target + <usize> y * pitch;
    for (let x: usize = 0; x < end; x += 16) {
      const here = v128.load(row + x);
      const before = v128.load(row + x - 4);
      const after = v128.load(row + x + 4);
      const even = f32x4.add(f32x4.add(before, after), f32x4.mul(six, here));
      const odd = f32x4.mul(four, f32x4.add(here, after));
      const first = i32x4.shuffle(even, odd, 0, 4, 1, 5);
      const second = i32x4.shuffle(even, odd, 2, 6, 3, 7);
      const p = 2 * x;
      const sum1 = f32x4.add(v128.load(from + p), f32x4.mul(scale, first));
      const sum2 = f32x4.add(v128.load(from + p + 16), f32x4.mul(scale, second));
      v128.store(to + p, sum1);
      v128.store(to + p + 16, sum2);
    }
  }
}

/**
 * The band of every pixel over time, in place, 16 pixels at a time: `analysis` `[rows, frames]`, then
 * `synthesis` `[frames, rows]`.
 *
 * @param size bytes of a plane, a multiple of 64, which is also the distance between frames
 */
export function band(
  data: usize,
  size: usize,
  frames: i32,
  analysis: usize,
  synthesis: usize,
  rows: i32,
  scratch: usize,
): void {
  for (let x: usize = 0; x < size; x += 64) {
    let factor = analysis;
    for (let row = 0; row < rows; row++) {
      let a = f32x4.splat(0);
      let b = a;
      let c = a;
      let d = a;
      let p = data + x;
      for (let t = 0; t < frames; t++) {
        const f = v128.load_splat<f32>(factor);
        a = f32x4.add(a, f32x4.mul(f, v128.load(p, 0)));
        b = f32x4.add(b, f32x4.mul(f, v128.load(p, 16)));
        c = f32x4.add(c, f32x4.mul(f, v128.load(p, 32)));
        d = f32x4.add(d, f32x4.mul(f, v128.load(p, 48)));
        p += size;
        factor += 4;
      }
      const q = scratch + (<usize> row << 6);
      v128.store(q, a, 0);
      v128.store(q, b, 16);
      v128.store(q, c, 32);
      v128.store(q, d, 48);
    }
    factor = synthesis;
    let p = data + x;
    for (let t = 0; t < frames; t++) {
      let a = f32x4.splat(0);
      let b = a;
      let c = a;
      let d = a;
      let q = scratch;
      for (let row = 0; row < rows; row++) {
        const f = v128.load_splat<f32>(factor);
        a = f32x4.add(a, f32x4.mul(f, v128.load(q, 0)));
        b = f32x4.add(b, f32x4.mul(f, v128.load(q, 16)));
        c = f32x4.add(c, f32x4.mul(f, v128.load(q, 32)));
        d = f32x4.add(d, f32x4.mul(f, v128.load(q, 48)));
        q += 64;
        factor += 4;
      }
      v128.store(p, a, 0);
      v128.store(p, b, 16);
      v128.store(p, c, 32);
      v128.store(p, d, 48);
      p += size;
    }
  }
}

/** The difference of two low-passes of every pixel over time, `alpha` times, in place. */
export function difference(
  data: usize,
  size: usize,
  frames: i32,
  r1: f32,
  r2: f32,
  alpha: f32,
): void {
  const one = f32x4.splat(r1);
  const two = f32x4.splat(r2);
  const factor = f32x4.splat(alpha);
  for (let x: usize = 0; x < size; x += 32) {
    let fastA = v128.load(data + x, 0);
    let fastB = v128.load(data + x, 16);
    let slowA = fastA;
    let slowB = fastB;
    let p = data + x;
    for (let t = 0; t < frames; t++) {
      const a = v128.load(p, 0);
      const b = v128.load(p, 16);
      fastA = f32x4.add(fastA, f32x4.mul(one, f32x4.sub(a, fastA)));
      fastB = f32x4.add(fastB, f32x4.mul(one, f32x4.sub(b, fastB)));
      slowA = f32x4.add(slowA, f32x4.mul(two, f32x4.sub(a, slowA)));
      slowB = f32x4.add(slowB, f32x4.mul(two, f32x4.sub(b, slowB)));
      v128.store(p, f32x4.mul(factor, f32x4.sub(fastA, slowA)), 0);
      v128.store(p, f32x4.mul(factor, f32x4.sub(fastB, slowB)), 16);
      p += size;
    }
  }
}
