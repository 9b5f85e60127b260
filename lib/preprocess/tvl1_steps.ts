/**
 * The steps of TV-L1 flow, each as a formula on whole planes; see `tvl1_plain.ts`. Planes are
 * stored as Float32, what happens between two stores is in double precision.
 *
 * @module
 */

/** A row-major image of any quantity. */
export interface Plane {
  readonly data: Float32Array;
  readonly width: number;
  readonly height: number;
}

const clamp = (value: number, least: number, most: number): number =>
  Math.max(least, Math.min(most, value));

/**
 * Bilinear resizing: target pixel x takes `gain` times the value at (x + ½) · scaleX - ½, clamped
 * to the source.
 */
export function resizePlane(
  source: Plane,
  { width, height }: { readonly width: number; readonly height: number },
  { scaleX, scaleY, gain }: {
    readonly scaleX: number;
    readonly scaleY: number;
    readonly gain: number;
  },
): Plane {
  const data = new Float32Array(width * height);
  const columns = Array.from({ length: width }, (_, x) => position(x, scaleX, source.width));
  for (let y = 0; y < height; y++) {
    const row = position(y, scaleY, source.height);
    const upper = row.index * source.width, lower = upper + source.width;
    for (let x = 0; x < width; x++) {
      const { index, share } = columns[x]!;
      const top = mix(source.data[upper + index]!, source.data[upper + index + 1]!, share);
      const bottom = mix(source.data[lower + index]!, source.data[lower + index + 1]!, share);
      data[y * width + x] = gain * mix(top, bottom, row.share);
    }
  }
  return { data, width, height };
}

const mix = (a: number, b: number, share: number): number => a + (b - a) * share;

/** The first of two source pixels for a target pixel, and how much the second one counts. */
function position(target: number, scale: number, size: number): { index: number; share: number } {
  const exact = Math.fround((target + 0.5) * scale - 0.5);
  const index = clamp(Math.floor(exact), 0, size - 2);
  return { index, share: clamp(exact - index, 0, 1) };
}

/** Half the difference of both neighbours; on the border, of the pixel and its one neighbour. */
export function centredGradient({ data, width, height }: Plane): { dx: Plane; dy: Plane } {
  const dx = new Float32Array(data.length), dy = new Float32Array(data.length);
  for (let y = 0; y < height; y++) {
    const row = y * width;
    const up = Math.max(y - 1, 0) * width, down = Math.min(y + 1, height - 1) * width;
    for (let x = 0; x < width; x++) {
      const left = Math.max(x - 1, 0), right = Math.min(x + 1, width - 1);
      dx[row + x] = 0.5 * (data[row + right]! - data[row + left]!);
      dy[row + x] = 0.5 * (data[down + x]! - data[up + x]!);
    }
  }
  return { dx: { data: dx, width, height }, dy: { data: dy, width, height } };
}

/**
 * Samples a plane at x + u(x) by cubic convolution (R. Keys 1981, A = -¾); outside it is 0.
 * Positions are not rounded to 1/32 pixel, as OpenCV's `remap` did before version 5.
 */
export function sampleCubic(plane: Plane, u: Plane, v: Plane): Float32Array {
  const { data, width, height } = plane;
  const result = new Float32Array(data.length);
  for (let i = 0; i < data.length; i++) {
    const x = Math.fround(i % width + u.data[i]!);
    const y = Math.fround(Math.floor(i / width) + v.data[i]!);
    const firstX = Math.floor(x) - 1, firstY = Math.floor(y) - 1;
    const tapsX = cubicTaps(x - firstX - 1), tapsY = cubicTaps(y - firstY - 1);
    let sum = 0;
    for (let row = 0; row < 4; row++) {
      const atY = firstY + row;
      if (atY < 0 || atY >= height) continue;
      for (let column = 0; column < 4; column++) {
        const atX = firstX + column;
        if (atX < 0 || atX >= width) continue;
        sum += tapsY[row]! * tapsX[column]! * data[atY * width + atX]!;
      }
    }
    result[i] = sum;
  }
  return result;
}

/** The weights of four pixels for a position `t` of 0..1 behind the second. */
function cubicTaps(t: number): [number, number, number, number] {
  const a = -0.75, s = 1 - t;
  const first = a * t * s * s, last = a * s * t * t;
  const second = ((a + 2) * t - (a + 3)) * t * t + 1;
  return [first, second, 1 - first - second - last, last];
}

/** The median of a square window; pixels outside repeat the border. */
export function medianFilter({ data, width, height }: Plane, side: 1 | 3 | 5): Float32Array {
  const reach = (side - 1) / 2;
  const window = new Float32Array(side * side);
  return data.map((_, i) => {
    const x = i % width, y = Math.floor(i / width);
    let n = 0;
    for (let dy = -reach; dy <= reach; dy++) {
      const row = clamp(y + dy, 0, height - 1) * width;
      for (let dx = -reach; dx <= reach; dx++) {
        window[n++] = data[row + clamp(x + dx, 0, width - 1)]!;
      }
    }
    return window.sort()[(n - 1) / 2]!;
  });
}

/** A dual variable: a vector a pixel. */
export interface Dual {
  readonly x: Float32Array;
  readonly y: Float32Array;
}

/** The divergence of a dual variable by backward differences; before the first pixel it is 0. */
export function divergence(
  { x: px, y: py }: Dual,
  { width }: { readonly width: number },
): Float32Array {
  return px.map((_, i) => {
    const left = i % width > 0 ? px[i - 1]! : 0;
    const above = i >= width ? py[i - width]! : 0;
    return px[i]! - left + (py[i]! - above);
  });
}

/**
 * The dual step: p ← (p + τ/θ ∇u) / (1 + τ/θ |∇u|), with forward differences that are 0 behind the
 * last pixel.
 */
export function dualStep({ data, width }: Plane, { x: px, y: py }: Dual, rate: number): void {
  for (let i = 0; i < data.length; i++) {
    const ux = i % width < width - 1 ? data[i + 1]! - data[i]! : 0;
    const uy = i + width < data.length ? data[i + width]! - data[i]! : 0;
    const shrink = 1 + rate * Math.sqrt(ux * ux + uy * uy);
    px[i] = (px[i]! + rate * ux) / shrink;
    py[i] = (py[i]! + rate * uy) / shrink;
  }
}
