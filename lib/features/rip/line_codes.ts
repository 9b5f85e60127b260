/**
 * Binary patterns along lines, and across lines that are stacked in time.
 *
 * @module
 */
import { mappingOf } from "../lbp/mappings.ts";
import { samplesOf } from "../lbp/planes.ts";
import type { Lines } from "./projections.ts";

/** The number of patterns of a mask: two to the number of neighbours. */
export function maskPatterns(mask: number): number {
  return 2 ** (mask - 1);
}

/**
 * The one-dimensional binary patterns of a line: under a mask of an odd length, which is centred on a place,
 * the bit of each neighbour tells whether its value is not less than the centre's. The highest bit is the
 * leftmost neighbour's. Places without all neighbours have no pattern.
 *
 * @param mask odd, 3 to 17
 * @throws RangeError for another mask, or a line that is shorter
 */
export function lineCodes(line: Float64Array, mask: number): Uint16Array {
  if (!Number.isInteger(mask) || mask % 2 === 0 || mask < 3 || mask > 17) {
    throw new RangeError(`A mask is an odd number from 3 to 17, got ${mask}`);
  }
  if (line.length < mask) {
    throw new RangeError(`A line of ${line.length} values is shorter than a mask of ${mask}`);
  }
  const half = (mask - 1) / 2;
  return Uint16Array.from({ length: line.length - 2 * half }, (_, place) => {
    const centre = line[place + half]!;
    let code = 0;
    for (let k = 0; k < mask; k++) {
      if (k !== half) code = code << 1 | (line[place + k]! >= centre ? 1 : 0);
    }
    return code;
  });
}

/** How frequent each pattern is in the lines of all frames; the frequencies add up to 1. */
export function lineHistogram({ values, frames, length }: Lines, mask: number): Float32Array {
  const counts = new Float32Array(maskPatterns(mask));
  for (let frame = 0; frame < frames; frame++) {
    for (const code of lineCodes(values.subarray(frame * length, (frame + 1) * length), mask)) {
      counts[code]!++;
    }
  }
  return normalised(counts);
}

/** Half axes of the ellipse on which eight neighbours lie. */
export interface TimeRadii {
  /** Along the line, in places. */
  readonly space: number;
  /** In frames. */
  readonly time: number;
}

/** Bins of {@linkcode timeHistogram}. */
export const timePatterns = mappingOf("uniform", 8).bins;

/**
 * How frequent each uniform binary pattern of eight neighbours is in stacked lines, an image whose columns
 * are places and whose rows are frames; the frequencies add up to 1. Neighbours are those of LBP-TOP's plane
 * xt. Places without all neighbours have no pattern.
 *
 * @throws RangeError when no place has all neighbours, or a radius is not positive
 */
export function timeHistogram(
  { values, frames, length }: Lines,
  { space, time }: TimeRadii,
): Float32Array {
  const [border, edge] = [Math.ceil(space), Math.ceil(time)];
  if (length <= 2 * border || frames <= 2 * edge) {
    throw new RangeError(
      `${frames} lines of ${length} values have no place with neighbours at ${time} and ${space}`,
    );
  }
  const samples = samplesOf("xt", {
    radii: { x: space, y: 1, t: time },
    neighbours: { xy: 8, xt: 8, yt: 8 },
  }).map((taps) => taps.map(({ x, t, weight }) => ({ step: t * length + x, weight })));
  const { bins, table } = mappingOf("uniform", 8);
  const counts = new Float32Array(bins);
  for (let frame = edge; frame < frames - edge; frame++) {
    for (let i = frame * length + border; i < (frame + 1) * length - border; i++) {
      const centre = values[i]!;
      let code = 0;
      for (let p = 0; p < 8; p++) {
        let sum = 0;
        for (const { step, weight } of samples[p]!) sum += weight * (values[i + step]! - centre);
        if (sum >= 0) code |= 1 << p;
      }
      counts[table[code]!]!++;
    }
  }
  return normalised(counts);
}

function normalised(counts: Float32Array): Float32Array {
  const total = counts.reduce((a, b) => a + b, 0);
  return counts.map((count) => count / total);
}
