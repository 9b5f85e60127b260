/**
 * Where the ten numbers of a pixel lie while the flow is being solved.
 *
 * Four neighbouring pixels form a record of ten vectors. The records of an image row follow each
 * other, then comes the next row; `stride` is the distance of rows in bytes. So one pointer and
 * constant offsets reach everything that belongs to four pixels, whatever the width, and all of it
 * lies in three cache lines.
 *
 * The last record of a row may hold fewer than four pixels. Its spare lanes are 0 in every vector
 * and stay 0, so no sum has to leave them out.
 */

/** Flow in pixels: right and down. */
export const U1: usize = 0;
export const U2: usize = 16;
/** The flow of the record to the right. */
export const NEXT_U1: usize = 160;
export const NEXT_U2: usize = 176;
/** Dual variables, as p · θ/τ: p11 and p12 belong to U1, p21 and p22 to U2. */
export const P11: usize = 32;
export const P12: usize = 48;
export const P21: usize = 64;
export const P22: usize = 80;
/** The warped gradient of the second image. */
export const GX: usize = 96;
export const GY: usize = 112;
/** -1 / |gradient|². */
export const STEP: usize = 128;
/** The part of the residual that the inner iterations do not change. */
export const RHO: usize = 144;
/** Bytes of a record. */
export const RECORD: usize = 160;

/** The number of records of a row. */
// @ts-ignore: decorator
@inline
export function recordsOf(width: i32): i32 {
  return (width + 3) >> 2;
}

/** Ones in the first `count` lanes, 1..4. */
export function firstLanes(count: i32): v128 {
  return i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(count));
}

/** Copies the flow out of the records into two planes; `pitch` is the bytes of a plane's row. */
export function readFlow(
  rows: usize,
  stride: usize,
  width: i32,
  height: i32,
  plane1: usize,
  plane2: usize,
  pitch: usize,
): void {
  const length = <usize> recordsOf(width) << 4;
  for (let y = 0; y < height; y++, rows += stride, plane1 += pitch, plane2 += pitch) {
    let at = rows;
    for (let x: usize = 0; x < length; x += 16, at += RECORD) {
      v128.store(plane1 + x, v128.load(at, U1));
      v128.store(plane2 + x, v128.load(at, U2));
    }
  }
}

/** Clears all records of an image, and one before them and behind, and puts a flow into them. */
export function writeFlow(
  rows: usize,
  stride: usize,
  width: i32,
  height: i32,
  plane1: usize,
  plane2: usize,
  pitch: usize,
): void {
  const count = recordsOf(width);
  memory.fill(rows - RECORD, 0, stride * <usize> height + 2 * RECORD);
  const spare = firstLanes(width - 4 * (count - 1));
  for (let y = 0; y < height; y++, rows += stride, plane1 += pitch, plane2 += pitch) {
    let at = rows;
    for (let i = 0; i < count; i++, at += RECORD) {
      const lanes = i < count - 1 ? i32x4.splat(-1) : spare;
      const x = <usize> i << 4;
      v128.store(at, v128.and(v128.load(plane1 + x), lanes), U1);
      v128.store(at, v128.and(v128.load(plane2 + x), lanes), U2);
    }
  }
}
