/**
 * Integral projections: images as sums over their rows and columns.
 *
 * @module
 */
import type { Volume } from "lib/core/volume.ts";
import { type Span, spansOf } from "../lbp/blocks.ts";

/** A series of lines, one a frame, stacked as an image. */
export interface Lines {
  /** `[frame][place]` */
  readonly values: Float64Array;
  readonly frames: number;
  readonly length: number;
}

/** The projections of one block of every frame. */
export interface Projections {
  /** On the vertical axis: the mean of each row of the block, top to bottom. */
  readonly rows: Lines;
  /** On the horizontal axis: the mean of each column of the block, left to right. */
  readonly columns: Lines;
}

/**
 * Projects each block of each frame on both axes. A projection is divided by what it sums over, so that
 * blocks of different sizes compare.
 *
 * @param clip `[frames, height, width]`
 * @param blocks a side
 * @returns one a block, row by row
 * @throws RangeError for another shape, or when a block would be empty
 */
export function projectBlocks(clip: Volume, blocks: number): Projections[] {
  const [, height = 0, width = 0] = clip.shape;
  if (clip.shape.length !== 3) {
    throw new RangeError(`Expected a clip [frames, height, width], got [${clip.shape.join(", ")}]`);
  }
  const across = spansOf(width, blocks, 0);
  return spansOf(height, blocks, 0).flatMap((down) =>
    across.map((along) => project(clip, down, along))
  );
}

function project(
  { data, shape }: Volume,
  [top, bottom]: Span,
  [left, right]: Span,
): Projections {
  const [frames = 0, height = 0, width = 0] = shape;
  const rows = { frames, length: bottom - top, values: new Float64Array(frames * (bottom - top)) };
  const columns = {
    frames,
    length: right - left,
    values: new Float64Array(frames * (right - left)),
  };
  for (let frame = 0; frame < frames; frame++) {
    for (let y = top; y < bottom; y++) {
      const start = (frame * height + y) * width;
      for (let x = left; x < right; x++) {
        rows.values[frame * rows.length + y - top]! += data[start + x]!;
        columns.values[frame * columns.length + x - left]! += data[start + x]!;
      }
    }
  }
  return {
    rows: { ...rows, values: rows.values.map((sum) => sum / columns.length) },
    columns: { ...columns, values: columns.values.map((sum) => sum / rows.length) },
  };
}
