/**
 * One step down and one step up a Gaussian pyramid: 1-4-6-4-1 in both directions, borders mirrored.
 *
 * Loops run over whole vectors, so they read and write up to 12 bytes behind a row's last pixel, and
 * what they put there is of no meaning.
 */

// @ts-ignore: decorator
@inline
function madd(a: v128, b: v128, c: v128): v128 {
  return f32x4.add(f32x4.mul(a, b), c);
}

/** The row that stands for row `y`: mirrored at the border row, which is not repeated. */
// @ts-ignore: decorator
@inline
function mirrored(y: i32, height: i32): usize {
  return <usize> min(abs(y), 2 * (height - 1) - abs(y));
}

/**
 * Writes the next coarser level.
 *
 * @param source plane of at least 3 × 3 pixels; rows lie `sourcePitch` bytes apart
 * @param target plane of half the size, rounded up; its rows have room for whole vectors
 * @param work room for a row of the source and 96 bytes
 */
export function down(
  source: usize,
  sourcePitch: usize,
  width: i32,
  height: i32,
  target: usize,
  pitch: usize,
  work: usize,
): void {
  const row = work + 16, length = <usize> width << 2, end = row + length;
  const four = f32x4.splat(4), six = f32x4.splat(6), scale = f32x4.splat(1.0 / 256);
  for (let y = 0; y < height; y += 2, target += pitch) {
    const r0 = source + mirrored(y - 2, height) * sourcePitch;
    const r1 = source + mirrored(y - 1, height) * sourcePitch;
    const r2 = source + <usize> y * sourcePitch;
    const r3 = source + mirrored(y + 1, height) * sourcePitch;
    const r4 = source + mirrored(y + 2, height) * sourcePitch;
    for (let x: usize = 0; x < length; x += 16) {
      const outer = f32x4.add(v128.load(r0 + x), v128.load(r4 + x));
      const inner = f32x4.add(v128.load(r1 + x), v128.load(r3 + x));
      v128.store(row + x, madd(six, v128.load(r2 + x), madd(four, inner, outer)));
    }
    store<f32>(row - 4, load<f32>(row + 4));
    store<f32>(row - 8, load<f32>(row + 8));
    store<f32>(end, load<f32>(end - 8));
    store<f32>(end + 4, load<f32>(end - 12));
    let to = target, before = v128.load(row - 16), here = v128.load(row);
    for (let from = row; from < end; from += 32, to += 16) {
      // Eight pixels, of which the even ones are centres, and the vectors before and behind them.
      const next = v128.load(from + 16), behind = v128.load(from + 32);
      const even = i32x4.shuffle(here, next, 0, 2, 4, 6);
      const odd = i32x4.shuffle(here, next, 1, 3, 5, 7);
      const evenBefore = i32x4.shuffle(before, even, 2, 4, 5, 6);
      const evenBehind = i32x4.shuffle(even, behind, 1, 2, 3, 4);
      const oddBefore = i32x4.shuffle(before, odd, 3, 4, 5, 6);
      const outer = f32x4.add(evenBefore, evenBehind), inner = f32x4.add(oddBefore, odd);
      v128.store(to, f32x4.mul(scale, madd(six, even, madd(four, inner, outer))));
      before = next;
      here = behind;
    }
  }
}

/**
 * Writes `base` plus the next finer level of `source`. The base may be the target where its rows have room
 * for whole vectors twice as long.
 *
 * @param source plane of at least 2 × 2 pixels; rows lie `sourcePitch` bytes apart
 * @param width of the base and the target: twice that of the source, or one less; so the height
 * @param work room for two rows of the source and 128 bytes
 */
export function up(
  source: usize,
  sourcePitch: usize,
  base: usize,
  basePitch: usize,
  target: usize,
  pitch: usize,
  width: i32,
  height: i32,
  work: usize,
): void {
  const columns = width + 1 >> 1, rows = height + 1 >> 1, length = <usize> columns << 2;
  const even = work + 16, odd = even + (length + 15 & ~15) + 32;
  const k1 = f32x4.splat(1.0 / 64), k4 = f32x4.splat(4.0 / 64), k6 = f32x4.splat(6.0 / 64);
  for (let y = 0; y < rows; y++) {
    const here = source + <usize> y * sourcePitch;
    const above = y > 0 ? here - sourcePitch : here + sourcePitch;
    // Beyond the last row: of an even height that row again, of an odd one the row before it.
    const below = y < rows - 1 ? here + sourcePitch : height & 1 ? here - sourcePitch : here;
    for (let x: usize = 0; x < length; x += 16) {
      const middle = v128.load(here + x), next = v128.load(below + x);
      const outer = f32x4.add(v128.load(above + x), next);
      v128.store(even + x, madd(k6, middle, f32x4.mul(k1, outer)));
      v128.store(odd + x, f32x4.mul(k4, f32x4.add(middle, next)));
    }
    spread(even, length, width & 1, base, target);
    base += basePitch;
    target += pitch;
    if (2 * y + 1 < height) spread(odd, length, width & 1, base, target);
    base += basePitch;
    target += pitch;
  }
}

/** Writes `base` plus a row with twice the pixels. */
// @ts-ignore: decorator
@inline
function spread(row: usize, length: usize, isOdd: i32, base: usize, target: usize): void {
  const end = row + length, four = f32x4.splat(4), six = f32x4.splat(6);
  store<f32>(row - 4, load<f32>(row + 4));
  store<f32>(end, load<f32>(end - (isOdd ? 8 : 4)));
  let before = v128.load(row - 16), here = v128.load(row);
  for (let from = row; from < end; from += 16, base += 32, target += 32) {
    const behind = v128.load(from + 16);
    const left = i32x4.shuffle(before, here, 3, 4, 5, 6);
    const right = i32x4.shuffle(here, behind, 1, 2, 3, 4);
    const even = madd(six, here, f32x4.add(left, right));
    const odd = f32x4.mul(four, f32x4.add(here, right));
    const low = i32x4.shuffle(even, odd, 0, 4, 1, 5), high = i32x4.shuffle(even, odd, 2, 6, 3, 7);
    v128.store(target, f32x4.add(v128.load(base), low));
    v128.store(target, f32x4.add(v128.load(base, 16), high), 16);
    before = here;
    here = behind;
  }
}
