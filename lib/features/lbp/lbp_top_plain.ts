/**
 * LBP-TOP in plain TypeScript, as it is written in the paper: the oracle of `lbp_top.ts`.
 *
 * @module
 */
import type { Volume } from "lib/core/volume.ts";
import { type Grid, spansOf } from "./blocks.ts";
import { mappingOf } from "./mappings.ts";
import type { Codes, LbpTopOptions } from "./lbp_top.ts";
import {
  borderOf,
  codedShape,
  type Neighbourhood,
  type Plane,
  planes,
  samplesOf,
} from "./planes.ts";

/** The codes of a plane; see `lbpCodes()`. */
export function lbpCodesPlain(clip: Volume, plane: Plane, around: Neighbourhood): Codes {
  const [frames, height, width] = codedShape(clip, around);
  const samples = samplesOf(plane, around);
  const border = borderOf(around);
  const [, rows = 0, columns = 0] = clip.shape;
  const at = (x: number, y: number, t: number): number =>
    clip.data[((t + border.t) * rows + y + border.y) * columns + x + border.x]!;
  const data = new Uint16Array(frames * height * width);
  let i = 0;
  for (let t = 0; t < frames; t++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const centre = at(x, y, t);
        let code = 0;
        samples.forEach((taps, p) => {
          const sum = taps.reduce(
            (sum, tap) => {
              const difference = Math.fround(at(x + tap.x, y + tap.y, t + tap.t) - centre);
              return Math.fround(sum + Math.fround(tap.weight * difference));
            },
            0,
          );
          if (sum >= 0) code += 2 ** p;
        });
        data[i++] = code;
      }
    }
  }
  return { data, shape: [frames, height, width] };
}

/** The descriptor; see `lbpTop()`. */
export function lbpTopPlain(clip: Volume, options: LbpTopOptions): Float32Array {
  const parts = planes.map((plane) => ({
    codes: lbpCodesPlain(clip, plane, options),
    mapping: mappingOf(options.codes, options.neighbours[plane]),
  }));
  const values = blocksOf(parts[0]!.codes.shape, options.grid).flatMap((block) =>
    parts.flatMap(({ codes, mapping: { bins, table } }) => {
      const [, height, width] = codes.shape;
      const counts = new Array<number>(bins).fill(0);
      let sum = 0;
      for (let t = block.t[0]; t < block.t[1]; t++) {
        for (let y = block.y[0]; y < block.y[1]; y++) {
          for (let x = block.x[0]; x < block.x[1]; x++, sum++) {
            counts[table[codes.data[(t * height + y) * width + x]!]!]!++;
          }
        }
      }
      return counts.map((count) => count / sum);
    })
  );
  return Float32Array.from(values);
}

function blocksOf([frames, height, width]: Codes["shape"], grid: Grid) {
  const { across, down, along, overlap } = grid;
  return spansOf(frames, along, 0).flatMap((t) =>
    spansOf(height, down, overlap).flatMap((y) =>
      spansOf(width, across, overlap).map((x) => ({ t, y, x }))
    )
  );
}
