/**
 * Discrete Fourier transforms of small blocks of any size.
 *
 * @module
 */

/** Complex numbers, as two arrays of the same length. */
export interface Spectrum {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

/** Cosines and sines of 2πk/n for k = 0 … n − 1. */
export interface Turns {
  readonly cos: Float64Array;
  readonly sin: Float64Array;
}

const known = new Map<number, Turns>();

/** The n equal parts of a turn, calculated once. */
export function turns(n: number): Turns {
  const found = known.get(n);
  if (found) return found;
  const part = (f: (angle: number) => number) =>
    Float64Array.from({ length: n }, (_, k) => f(2 * Math.PI * k / n));
  const made = { cos: part(Math.cos), sin: part(Math.sin) };
  known.set(n, made);
  return made;
}

/** How many frequencies across a real image of that width has: the others are their conjugates. */
export function halfWidth(width: number): number {
  return Math.floor(width / 2) + 1;
}

/**
 * The two-dimensional transform of a real image, as `numpy.fft.rfft2` defines it:
 * F(p, q) = Σ f(y, x) exp(−2πi(py/height + qx/width)). By its definition along one axis and then along the
 * other, which for blocks of some tens of pixels costs as little as a fast algorithm, at any size.
 *
 * @param image row-major `[height, width]`
 * @returns `[height, halfWidth(width)]`
 * @throws RangeError when the image does not have width × height values
 */
export function dft2(image: ArrayLike<number>, width: number, height: number): Spectrum {
  if (image.length !== width * height) {
    throw new RangeError(`Cannot read ${image.length} values as ${width}×${height}`);
  }
  const half = halfWidth(width);
  const [re, im] = [new Float64Array(height * half), new Float64Array(height * half)];
  const across = turns(width);
  for (let y = 0; y < height; y++) {
    for (let q = 0; q < half; q++) {
      const at = y * half + q;
      for (let x = 0, turn = 0; x < width; x++, turn = (turn + q) % width) {
        const value = image[y * width + x]!;
        re[at]! += value * across.cos[turn]!;
        im[at]! -= value * across.sin[turn]!;
      }
    }
  }
  return alongColumns({ re, im }, half, height);
}

function alongColumns({ re, im }: Spectrum, width: number, height: number): Spectrum {
  const { cos, sin } = turns(height);
  const result = { re: new Float64Array(re.length), im: new Float64Array(re.length) };
  for (let p = 0; p < height; p++) {
    for (let y = 0, turn = 0; y < height; y++, turn = (turn + p) % height) {
      const [c, s] = [cos[turn]!, sin[turn]!];
      for (let q = 0; q < width; q++) {
        const [a, b] = [re[y * width + q]!, im[y * width + q]!];
        result.re[p * width + q]! += a * c + b * s;
        result.im[p * width + q]! += b * c - a * s;
      }
    }
  }
  return result;
}
