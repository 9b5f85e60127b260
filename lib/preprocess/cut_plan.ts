/**
 * Reading a plane at places between its pixels, with what is finer than the result averaged out.
 *
 * @module
 */

/** Where a plane is read. */
export interface Places {
  readonly count: number;
  /** The x and y of each, in pixels; pixel centres have whole coordinates. */
  place(i: number): readonly [x: number, y: number];
  /** The side, at least 1, of the square that the mean is taken over, in pixels. */
  readonly square: number;
}

interface Plan {
  /** The top left one of the pixels that a place is mixed of, in the part of the plane that is read. */
  readonly at: Int32Array;
  /** Weights of the columns and of the rows, `taps` a place. */
  readonly across: Float64Array;
  readonly down: Float64Array;
  readonly taps: number;
  readonly part: Part;
}

/** A part of the plane's grid that may reach over its border. */
interface Part {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Prepares reading planes of one size at some places. Each value is the bilinear mix of the four pixels
 * around its place in an image of means over squares; a square of 1 leaves the pixels as they are, and
 * of a larger one, pixels that it covers in part count in part. That is one small separable sum a place.
 *
 * @returns reads a row-major plane; outside of it its border pixels go on
 */
export function cutPlan(
  size: { readonly width: number; readonly height: number },
  places: Places,
): (plane: Float32Array) => Float32Array {
  const { at, across, down, taps, part } = planOf(size, places);
  const inside = part.left >= 0 && part.top >= 0 &&
    part.left + part.width <= size.width && part.top + part.height <= size.height;
  const pitch = inside ? size.width : part.width;
  const start = inside ? part.top * pitch + part.left : 0;
  const origin = at.map((i) => start + Math.floor(i / part.width) * pitch + i % part.width);
  return (plane) => {
    const data = inside ? plane : extended(plane, size, part);
    const result = new Float32Array(origin.length);
    for (let i = 0, first = 0; i < result.length; i++, first += taps) {
      let sum = 0;
      for (let row = 0, from = origin[i]!; row < taps; row++, from += pitch) {
        let line = 0;
        for (let k = 0; k < taps; k++) line += across[first + k]! * data[from + k]!;
        sum += down[first + row]! * line;
      }
      result[i] = sum;
    }
    return result;
  };
}

function planOf(
  size: { readonly width: number; readonly height: number },
  { count, place, square }: Places,
): Plan {
  const shares = sharesOf(square);
  const radius = shares.length >> 1;
  const taps = shares.length + 1;
  const columns = new Int32Array(count), rows = new Int32Array(count);
  const across = new Float64Array(count * taps), down = new Float64Array(count * taps);
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i < count; i++) {
    const [x, y] = place(i);
    // Further out than the mean reaches, there is only the border's repetition.
    const px = Math.min(size.width + radius, Math.max(-1 - radius, x));
    const py = Math.min(size.height + radius, Math.max(-1 - radius, y));
    const column = columns[i] = Math.floor(px) - radius;
    const row = rows[i] = Math.floor(py) - radius;
    addShares(across, i * taps, shares, px - Math.floor(px));
    addShares(down, i * taps, shares, py - Math.floor(py));
    left = Math.min(left, column);
    right = Math.max(right, column);
    top = Math.min(top, row);
    bottom = Math.max(bottom, row);
  }
  const part = { left, top, width: right - left + taps, height: bottom - top + taps };
  const at = columns.map((column, i) => (rows[i]! - top) * part.width + column - left);
  return { at, across, down, taps, part };
}

/** How much of each pixel around it a square covers, in shares of the square. */
function sharesOf(square: number): Float64Array {
  const radius = Math.ceil(square / 2 - 0.5);
  const shares = new Float64Array(2 * radius + 1).fill(1 / square);
  if (radius > 0) shares[0] = shares[2 * radius] = (square / 2 - radius + 0.5) / square;
  return shares;
}

/** Mixes the shares of two neighbouring squares, the second one by `second`. */
function addShares(to: Float64Array, start: number, shares: Float64Array, second: number): void {
  for (let k = 0; k < shares.length; k++) {
    to[start + k]! += (1 - second) * shares[k]!;
    to[start + k + 1]! += second * shares[k]!;
  }
}

/** A part of a plane, its border pixels going on where the part reaches over it. */
function extended(
  plane: Float32Array,
  size: { readonly width: number; readonly height: number },
  { left, top, width, height }: Part,
): Float32Array {
  const result = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    const row = Math.min(size.height - 1, Math.max(0, top + y)) * size.width;
    for (let x = 0; x < width; x++) {
      result[y * width + x] = plane[row + Math.min(size.width - 1, Math.max(0, left + x))]!;
    }
  }
  return result;
}
