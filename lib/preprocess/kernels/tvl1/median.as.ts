/**
 * Median filters of one component of the flow, by networks of minima and maxima: four pixels at
 * once, no branches, bit-equal to sorting.
 */
import { firstLanes, RECORD, recordsOf } from "./records.as";

// pmin and pmax are one machine instruction each; min and max, which pass NaN on, are several.
// @ts-ignore: decorator
@inline
function min4(a: v128, b: v128): v128 {
  return f32x4.pmin(a, b);
}
// @ts-ignore: decorator
@inline
function max4(a: v128, b: v128): v128 {
  return f32x4.pmax(a, b);
}

/** Bytes of a row in the work memory: four pixels before the image and four behind it. */
// @ts-ignore: decorator
@inline
function workPitch(width: i32): usize {
  return <usize> (recordsOf(width) + 3) << 4;
}

/** Copies a component out of the records into rows that repeat their first and last pixel. */
function copyRows(component: usize, stride: usize, width: i32, height: i32, target: usize): void {
  const count = recordsOf(width), pitch = workPitch(width), length = <usize> width << 2;
  for (let y = 0; y < height; y++, component += stride, target += pitch) {
    const row = target + 16;
    let at = component;
    for (let i = 0; i < count; i++, at += RECORD) {
      v128.store(row + (<usize> i << 4), v128.load(at));
    }
    v128.store(target, f32x4.splat(load<f32>(row)));
    v128.store(row + length, f32x4.splat(load<f32>(row + length - 4)));
  }
}

/** Sorts five rows column by column into rows that are `pitch` bytes apart. */
// @ts-ignore: decorator
@inline
function sortColumns5(
  row0: usize,
  row1: usize,
  row2: usize,
  row3: usize,
  row4: usize,
  target: usize,
  pitch: usize,
): void {
  for (let x: usize = 0; x < pitch; x += 16) {
    let a = v128.load(row0 + x), b = v128.load(row1 + x), c = v128.load(row2 + x);
    let d = v128.load(row3 + x), e = v128.load(row4 + x), t = a;
    t = min4(a, d), d = max4(a, d), a = t;
    t = min4(b, e), e = max4(b, e), b = t;
    t = min4(a, c), c = max4(a, c), a = t;
    t = min4(b, d), d = max4(b, d), b = t;
    t = min4(a, b), b = max4(a, b), a = t;
    t = min4(c, e), e = max4(c, e), c = t;
    t = min4(b, c), c = max4(b, c), b = t;
    t = min4(d, e), e = max4(d, e), d = t;
    t = min4(c, d), d = max4(c, d), c = t;
    let to = target + x;
    v128.store(to, a);
    to += pitch;
    v128.store(to, b);
    to += pitch;
    v128.store(to, c);
    to += pitch;
    v128.store(to, d);
    to += pitch;
    v128.store(to, e);
  }
}

/**
 * Merges each sorted column with the one to its right: ten rows of the pairs' sorted values
 * (Batcher's odd-even merge of five and five). Each pair serves two windows.
 */
// @ts-ignore: decorator
@inline
function mergePairs(columns: usize, target: usize, pitch: usize): void {
  const end = columns + pitch - 16;
  for (; columns < end; columns += 16, target += 16) {
    let at = columns;
    const a0 = v128.load(at), b0 = v128.load(at, 4);
    at += pitch;
    const a1 = v128.load(at), b1 = v128.load(at, 4);
    at += pitch;
    const a2 = v128.load(at), b2 = v128.load(at, 4);
    at += pitch;
    const a3 = v128.load(at), b3 = v128.load(at, 4);
    at += pitch;
    const a4 = v128.load(at), b4 = v128.load(at, 4);
    // Ranks 0, 2, 4 of both.
    const c0 = max4(a0, b0), c1 = min4(a4, b4);
    const d0 = min4(c0, c1), d1 = max4(c0, c1);
    const e0 = min4(a2, b2), e1 = max4(a2, b2);
    const f1 = min4(e0, d0), f2 = max4(e0, d0), f3 = min4(e1, d1), f4 = max4(e1, d1);
    // Ranks 1 and 3.
    const g0 = min4(a1, b1), g1 = max4(a1, b1), g2 = min4(a3, b3), g3 = max4(a3, b3);
    const h1 = min4(g1, g2), h2 = max4(g1, g2);
    let to = target;
    v128.store(to, min4(a0, b0));
    to += pitch;
    v128.store(to, min4(g0, f1));
    to += pitch;
    v128.store(to, max4(g0, f1));
    to += pitch;
    v128.store(to, min4(h1, f2));
    to += pitch;
    v128.store(to, max4(h1, f2));
    to += pitch;
    v128.store(to, min4(h2, f3));
    to += pitch;
    v128.store(to, max4(h2, f3));
    to += pitch;
    v128.store(to, min4(g3, f4));
    to += pitch;
    v128.store(to, max4(g3, f4));
    to += pitch;
    v128.store(to, max4(a4, b4));
  }
}

/**
 * The median of 25: of the two outer pairs of columns only the middle six of their twenty values
 * can be it (an odd-even merge of ten and ten without the rest); it is the sixth of these and the
 * five of the centre column.
 *
 * @param left the outer pair of columns to the left, ten rows; the right one lies 12 bytes on
 * @param centre the centre column, five rows
 */
// @ts-ignore: decorator
@inline
function median25(left: usize, centre: usize, pitch: usize): v128 {
  let at = left;
  const a0 = v128.load(at), b0 = v128.load(at, 12);
  at += pitch;
  const a1 = v128.load(at), b1 = v128.load(at, 12);
  at += pitch;
  const a2 = v128.load(at), b2 = v128.load(at, 12);
  at += pitch;
  const a3 = v128.load(at), b3 = v128.load(at, 12);
  at += pitch;
  const a4 = v128.load(at), b4 = v128.load(at, 12);
  at += pitch;
  const a5 = v128.load(at), b5 = v128.load(at, 12);
  at += pitch;
  const a6 = v128.load(at), b6 = v128.load(at, 12);
  at += pitch;
  const a7 = v128.load(at), b7 = v128.load(at, 12);
  at += pitch;
  const a8 = v128.load(at), b8 = v128.load(at, 12);
  at += pitch;
  const a9 = v128.load(at), b9 = v128.load(at, 12);
  // Ranks 0, 4, 8, then 2, 6, of both; together the middle of the even ranks.
  const c0 = max4(a0, b0), c1 = min4(a8, b8);
  const d0 = max4(min4(a4, b4), min4(c0, c1)), d1 = min4(max4(a4, b4), max4(c0, c1));
  const e0 = max4(a2, b2), e1 = min4(a6, b6);
  const f0 = min4(e0, e1), f1 = max4(e0, e1);
  const g0 = max4(f0, d0), g1 = min4(f1, d1), g2 = max4(f1, d1);
  // Ranks 1, 5, 9, then 3, 7; together the middle of the odd ranks.
  const h0 = max4(a1, b1), h1 = min4(a9, b9);
  const i0 = max4(min4(a5, b5), min4(h0, h1)), i1 = min4(max4(a5, b5), max4(h0, h1));
  const j0 = max4(a3, b3), j1 = min4(a7, b7);
  const k0 = min4(j0, j1), k1 = max4(j0, j1);
  const l0 = min4(k0, i0), l1 = max4(k0, i0), l2 = min4(k1, i1);
  // The middle six, ascending: min(l0, g0), max(l0, g0), …; paired with the centre from its end.
  at = centre;
  const s0 = v128.load(at);
  at += pitch;
  const s1 = v128.load(at);
  at += pitch;
  const s2 = v128.load(at);
  at += pitch;
  const s3 = v128.load(at);
  at += pitch;
  const s4 = v128.load(at);
  return min4(
    min4(
      min4(max4(min4(l0, g0), s4), max4(max4(l0, g0), s3)),
      min4(max4(min4(l1, g1), s2), max4(max4(l1, g1), s1)),
    ),
    min4(max4(min4(l2, g2), s0), max4(l2, g2)),
  );
}

/**
 * Replaces a component of the flow by its 5×5 median; pixels outside repeat the border.
 *
 * @param component the first record's vector of that component
 * @param work (height + 15) rows of ⌈width / 4⌉ + 3 vectors, and one more vector
 */
export function median5(
  component: usize,
  stride: usize,
  width: i32,
  height: i32,
  work: usize,
): void {
  const pitch = workPitch(width), count = recordsOf(width);
  const columns = work + pitch * <usize> height, pairs = columns + pitch * 5;
  const spare = firstLanes(width - 4 * (count - 1));
  copyRows(component, stride, width, height, work);
  for (let y = 0; y < height; y++, component += stride) {
    sortColumns5(
      work + pitch * <usize> max(y - 2, 0),
      work + pitch * <usize> max(y - 1, 0),
      work + pitch * <usize> y,
      work + pitch * <usize> min(y + 1, height - 1),
      work + pitch * <usize> min(y + 2, height - 1),
      columns,
      pitch,
    );
    mergePairs(columns, pairs, pitch);
    let at = component, pair = pairs + 8, column = columns + 16;
    for (let i = 0; i < count; i++, at += RECORD, pair += 16, column += 16) {
      const lanes = i < count - 1 ? i32x4.splat(-1) : spare;
      v128.store(at, v128.and(lanes, median25(pair, column, pitch)));
    }
  }
}

/** The same for 3×3: {@linkcode median5}'s parameters, `work` of (height + 3) rows. */
export function median3(
  component: usize,
  stride: usize,
  width: i32,
  height: i32,
  work: usize,
): void {
  const pitch = workPitch(width), count = recordsOf(width);
  const lows = work + pitch * <usize> height, mids = lows + pitch, highs = mids + pitch;
  const spare = firstLanes(width - 4 * (count - 1));
  copyRows(component, stride, width, height, work);
  for (let y = 0; y < height; y++, component += stride) {
    const row0 = work + pitch * <usize> max(y - 1, 0), row1 = work + pitch * <usize> y;
    const row2 = work + pitch * <usize> min(y + 1, height - 1);
    for (let x: usize = 0; x < pitch; x += 16) {
      const a = v128.load(row0 + x), b = v128.load(row1 + x), c = v128.load(row2 + x);
      const low = min4(a, b), high = max4(a, b), rest = max4(low, c);
      v128.store(lows + x, min4(low, c));
      v128.store(mids + x, min4(high, rest));
      v128.store(highs + x, max4(high, rest));
    }
    let at = component;
    for (let i = 0; i < count; i++, at += RECORD) {
      const lanes = i < count - 1 ? i32x4.splat(-1) : spare, x = (<usize> i << 4) + 12;
      const low = max4(
        max4(v128.load(lows + x), v128.load(lows + x, 4)),
        v128.load(lows + x, 8),
      );
      const high = min4(
        min4(v128.load(highs + x), v128.load(highs + x, 4)),
        v128.load(highs + x, 8),
      );
      const mid = middle(v128.load(mids + x), v128.load(mids + x, 4), v128.load(mids + x, 8));
      v128.store(at, v128.and(lanes, middle(low, mid, high)));
    }
  }
}

/** The middle one of three, by lane. */
// @ts-ignore: decorator
@inline
function middle(a: v128, b: v128, c: v128): v128 {
  return max4(min4(a, b), min4(max4(a, b), c));
}
