/**
 * Warping: the second image and its gradient, taken where the flow points.
 */
import { firstLanes, GX, GY, RECORD, recordsOf, RHO, STEP, U1, U2 } from "./records.as";

/** Zero pixels around an interleaved image: the four taps of a position far outside fall there. */
const BORDER: i32 = 4;

// @ts-ignore: decorator
@inline
function madd(a: v128, b: v128, c: v128): v128 {
  return f32x4.add(f32x4.mul(a, b), c);
}

/**
 * Writes an image as one vector a pixel, (grey, x derivative, y derivative, 0), inside a border of
 * zeros. Derivatives are half the difference of the two neighbours, or of the pixel and its
 * neighbour on the border.
 *
 * @param image its rows have 4 bytes free before their first pixel and 16 behind their last
 * @param target (width + 8) × (height + 8) vectors
 */
export function interleave(
  image: usize,
  pitch: usize,
  width: i32,
  height: i32,
  target: usize,
): void {
  const targetPitch = <usize> (width + 2 * BORDER) << 4;
  memory.fill(target, 0, targetPitch * <usize> (height + 2 * BORDER));
  const half = f32x4.splat(0.5), zero = f32x4.splat(0);
  const length = <usize> width << 2;
  for (let y = 0; y < height; y++) {
    const row = image + <usize> y * pitch;
    store<f32>(row - 4, load<f32>(row));
    store<f32>(row + length, load<f32>(row + length - 4));
    const upper = row - (y > 0 ? pitch : 0), lower = row + (y < height - 1 ? pitch : 0);
    let to = target + <usize> (y + BORDER) * targetPitch + (<usize> BORDER << 4);
    for (let x: usize = 0; x < length; x += 16, to += 64) {
      const grey = v128.load(row + x);
      const dx = f32x4.mul(half, f32x4.sub(v128.load(row + x, 4), v128.load(row + x - 4)));
      const dy = f32x4.mul(half, f32x4.sub(v128.load(lower + x), v128.load(upper + x)));
      const low = i32x4.shuffle(grey, dx, 0, 4, 1, 5), high = i32x4.shuffle(grey, dx, 2, 6, 3, 7);
      const low2 = i32x4.shuffle(dy, zero, 0, 4, 1, 5), high2 = i32x4.shuffle(dy, zero, 2, 6, 3, 7);
      v128.store(to, i64x2.shuffle(low, low2, 0, 2));
      v128.store(to, i64x2.shuffle(low, low2, 1, 3), 16);
      v128.store(to, i64x2.shuffle(high, high2, 0, 2), 32);
      v128.store(to, i64x2.shuffle(high, high2, 1, 3), 48);
    }
    // The last four pixels may have run into the border.
    memory.fill(
      target + <usize> (y + BORDER) * targetPitch + (<usize> (BORDER + width) << 4),
      0,
      64,
    );
  }
}

// Cubic convolution with A = -¾ (Keys 1981) at t = 0..1 behind the second of four taps.
// @ts-ignore: decorator
@inline
function tap0(t: v128): v128 {
  const s = f32x4.sub(f32x4.splat(1), t);
  return f32x4.mul(f32x4.mul(f32x4.splat(-0.75), t), f32x4.mul(s, s));
}
// @ts-ignore: decorator
@inline
function tap1(t: v128): v128 {
  const slope = f32x4.sub(f32x4.mul(f32x4.splat(1.25), t), f32x4.splat(2.25));
  return madd(slope, f32x4.mul(t, t), f32x4.splat(1));
}
// @ts-ignore: decorator
@inline
function tap3(t: v128): v128 {
  const s = f32x4.sub(f32x4.splat(1), t);
  return f32x4.mul(f32x4.mul(f32x4.splat(-0.75), s), f32x4.mul(t, t));
}
// @ts-ignore: decorator
@inline
function tap2(w0: v128, w1: v128, w3: v128): v128 {
  return f32x4.sub(f32x4.sub(f32x4.sub(f32x4.splat(1), w0), w1), w3);
}

/** The same lane of a vector in all four. */
// @ts-ignore: decorator
@inline
function spread(v: v128, lane: u8): v128 {
  if (lane == 0) return i32x4.shuffle(v, v, 0, 0, 0, 0);
  if (lane == 1) return i32x4.shuffle(v, v, 1, 1, 1, 1);
  if (lane == 2) return i32x4.shuffle(v, v, 2, 2, 2, 2);
  return i32x4.shuffle(v, v, 3, 3, 3, 3);
}

/** The weighted sum of four vectors; pairs first, so that no addition waits for all before it. */
// @ts-ignore: decorator
@inline
function mix(
  a: v128,
  wa: v128,
  b: v128,
  wb: v128,
  c: v128,
  wc: v128,
  d: v128,
  wd: v128,
): v128 {
  return f32x4.add(
    f32x4.add(f32x4.mul(a, wa), f32x4.mul(b, wb)),
    f32x4.add(f32x4.mul(c, wc), f32x4.mul(d, wd)),
  );
}

/** Four pixels in a row, weighted. */
// @ts-ignore: decorator
@inline
function mixRow(at: usize, w0: v128, w1: v128, w2: v128, w3: v128): v128 {
  return mix(
    v128.load(at),
    w0,
    v128.load(at, 16),
    w1,
    v128.load(at, 32),
    w2,
    v128.load(at, 48),
    w3,
  );
}

/** One pixel of the warped image and its gradient: 4 × 4 pixels weighted by a lane of the taps. */
// @ts-ignore: decorator
@inline
function sample(
  at: usize,
  pitch: usize,
  lane: u8,
  x0: v128,
  x1: v128,
  x2: v128,
  x3: v128,
  y0: v128,
  y1: v128,
  y2: v128,
  y3: v128,
): v128 {
  const row1 = at + pitch, row2 = row1 + pitch, row3 = row2 + pitch;
  const w0 = spread(x0, lane), w1 = spread(x1, lane), w2 = spread(x2, lane), w3 = spread(x3, lane);
  return mix(
    mixRow(at, w0, w1, w2, w3),
    spread(y0, lane),
    mixRow(row1, w0, w1, w2, w3),
    spread(y1, lane),
    mixRow(row2, w0, w1, w2, w3),
    spread(y2, lane),
    mixRow(row3, w0, w1, w2, w3),
    spread(y3, lane),
  );
}

/**
 * Warps the second image and its gradient by the flow in the records, with zeros outside, and
 * writes what the iterations need: gradient, -1/|gradient|² and I1(x + u) - ∇I1(x + u) u - I0(x).
 */
export function warp(
  rows: usize,
  stride: usize,
  width: i32,
  height: i32,
  first: usize,
  firstPitch: usize,
  second: usize,
): void {
  const pixels = width + 2 * BORDER, pitch = <usize> pixels << 4;
  const lowest = f32x4.splat(-3);
  const highestX = f32x4.splat(<f32> (width + 1)), highestY = f32x4.splat(<f32> (height + 1));
  const count = recordsOf(width), spare = firstLanes(width - 4 * (count - 1));
  // The first of four taps is one pixel before the position.
  const origin = i32x4.splat((BORDER - 1) * pixels + BORDER - 1);
  for (let y = 0; y < height; y++, rows += stride, first += firstPitch) {
    let at = rows, image = first;
    const ownY = f32x4.splat(<f32> y);
    let ownX = f32x4(0, 1, 2, 3);
    for (let i = 0; i < count; i++, at += RECORD, image += 16) {
      const lanes = i < count - 1 ? i32x4.splat(-1) : spare;
      const u1 = v128.load(at, U1), u2 = v128.load(at, U2);
      const x = f32x4.pmin(highestX, f32x4.pmax(lowest, f32x4.add(ownX, u1)));
      const y = f32x4.pmin(highestY, f32x4.pmax(lowest, f32x4.add(ownY, u2)));
      const wholeX = f32x4.floor(x), wholeY = f32x4.floor(y);
      const tx = f32x4.sub(x, wholeX), ty = f32x4.sub(y, wholeY);
      const x0 = tap0(tx), x1 = tap1(tx), x3 = tap3(tx), x2 = tap2(x0, x1, x3);
      const y0 = tap0(ty), y1 = tap1(ty), y3 = tap3(ty), y2 = tap2(y0, y1, y3);
      const index = i32x4.add(
        origin,
        i32x4.add(
          i32x4.mul(i32x4.trunc_sat_f32x4_s(wholeY), i32x4.splat(pixels)),
          i32x4.trunc_sat_f32x4_s(wholeX),
        ),
      );
      const atA = second + (<usize> i32x4.extract_lane(index, 0) << 4);
      const a = sample(atA, pitch, 0, x0, x1, x2, x3, y0, y1, y2, y3);
      const atB = second + (<usize> i32x4.extract_lane(index, 1) << 4);
      const b = sample(atB, pitch, 1, x0, x1, x2, x3, y0, y1, y2, y3);
      const atC = second + (<usize> i32x4.extract_lane(index, 2) << 4);
      const c = sample(atC, pitch, 2, x0, x1, x2, x3, y0, y1, y2, y3);
      const atD = second + (<usize> i32x4.extract_lane(index, 3) << 4);
      const d = sample(atD, pitch, 3, x0, x1, x2, x3, y0, y1, y2, y3);
      const ab = i32x4.shuffle(a, b, 0, 4, 1, 5), cd = i32x4.shuffle(c, d, 0, 4, 1, 5);
      const grey = i64x2.shuffle(ab, cd, 0, 2);
      const gx = v128.and(lanes, i64x2.shuffle(ab, cd, 1, 3));
      const gy = v128.and(
        lanes,
        i64x2.shuffle(i32x4.shuffle(a, b, 2, 6, 3, 7), i32x4.shuffle(c, d, 2, 6, 3, 7), 0, 2),
      );
      const square = madd(gx, gx, f32x4.mul(gy, gy));
      v128.store(at, gx, GX);
      v128.store(at, gy, GY);
      // DEVIATION: OpenCV leaves pixels with |gradient|² below 2⁻²³ where they are; here the limit
      // only keeps the division finite, since what it is multiplied by vanishes too (at most 2e-5
      // pixels).
      v128.store(at, f32x4.div(f32x4.splat(-1), f32x4.pmax(f32x4.splat(1e-12), square)), STEP);
      const rho = f32x4.sub(
        f32x4.sub(f32x4.sub(grey, f32x4.mul(gx, u1)), f32x4.mul(gy, u2)),
        v128.load(image),
      );
      v128.store(at, v128.and(lanes, rho), RHO);
      ownX = f32x4.add(ownX, f32x4.splat(4));
    }
  }
}
