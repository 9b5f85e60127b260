/**
 * Smooth random planes: the grain of skin, hair and walls.
 *
 * @module
 */
import type { Rng } from "lib/core/rng.ts";

/** The size of a plane and of the cells of its grain, in pixels. */
export interface GrainSize {
  readonly width: number;
  readonly height: number;
  readonly cellX: number;
  readonly cellY: number;
}

/**
 * Value noise: independent normal numbers on a lattice, joined by cubic B-splines. Mean 0; the
 * standard deviation is somewhat over .4, since splines average neighbours.
 */
export function grain(stream: Rng, { width, height, cellX, cellY }: GrainSize): Float32Array {
  const columns = Math.ceil(width / cellX) + 4;
  const rows = Math.ceil(height / cellY) + 4;
  const lattice = Float32Array.from({ length: rows * columns }, () => stream.normal());
  const across = bases(width, cellX);
  const down = bases(height, cellY);
  const plane = new Float32Array(width * height);
  const line = new Float32Array(columns);
  for (let y = 0; y < height; y++) {
    const first = Math.floor(y / cellY) * columns;
    for (let i = 0; i < columns; i++) {
      let sum = 0;
      for (let k = 0; k < 4; k++) sum += down[4 * y + k]! * lattice[first + k * columns + i]!;
      line[i] = sum;
    }
    for (let x = 0, k = 0; x < width; x++, k += 4) {
      const i = Math.floor(x / cellX);
      plane[y * width + x] = across[k]! * line[i]! + across[k + 1]! * line[i + 1]! +
        across[k + 2]! * line[i + 2]! + across[k + 3]! * line[i + 3]!;
    }
  }
  return plane;
}

/** For every pixel the weights of the four lattice lines around it: the cubic B-spline's basis. */
function bases(length: number, cell: number): Float64Array {
  const weights = new Float64Array(4 * length);
  for (let i = 0; i < length; i++) {
    const t = i / cell - Math.floor(i / cell);
    const s = 1 - t;
    weights[4 * i] = s * s * s / 6;
    weights[4 * i + 1] = (3 * t * t * t - 6 * t * t + 4) / 6;
    weights[4 * i + 2] = (3 * s * s * s - 6 * s * s + 4) / 6;
    weights[4 * i + 3] = t * t * t / 6;
  }
  return weights;
}
