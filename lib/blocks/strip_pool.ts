/**
 * Pooling of parts of an image to one size.
 *
 * @module
 */
import { tf } from "lib/train/backend.ts";
import { type Block, type Shape, stateless } from "./block.ts";
import { maximumOver } from "./maximum.ts";

/** A part of an image over its whole height: where it begins and ends, as shares of the width. */
export type Strip = readonly [from: number, to: number];

/** A pooling of strips. */
export interface StripPoolOptions {
  readonly strips: readonly Strip[];
  /** Cells a side that each strip becomes. */
  readonly size: number;
}

/** Columns of an image; `to` is the first that does not belong to it any more. */
interface Span {
  readonly from: number;
  readonly to: number;
}

/**
 * Region pooling (Girshick, Fast R-CNN, ICCV 2015, section 2.1) of regions of full height:
 * `[height, width, channels]` to `[strips, size, size, channels]`. A strip is rounded to whole pixels, at
 * least one, and divided into size × size cells; cell p covers the pixels from ⌊p·n/size⌋ up to
 * ⌈(p + 1)·n/size⌉ of n, so cells overlap where n is no multiple of `size`. Each takes its largest value.
 *
 * @throws RangeError when there is no strip, one does not lie within 0..1, or `size` is no positive
 * whole number; on init when the input is no image
 */
export function stripPool({ strips, size }: StripPoolOptions): Block {
  if (strips.length === 0 || !strips.every(([from, to]) => from >= 0 && from < to && to <= 1)) {
    throw new RangeError(`Strips must lie within 0..1, got ${JSON.stringify(strips)}`);
  }
  if (!Number.isInteger(size) || size < 1) throw new RangeError(`Cannot pool to a side of ${size}`);
  const outputShape = (shape: Shape): Shape => {
    if (shape.length !== 3) {
      throw new RangeError(`stripPool takes [height, width, channels], not [${shape.join(", ")}]`);
    }
    return [strips.length, size, size, shape[2]!];
  };
  return stateless(outputShape, (x) => {
    const [batch = 0, height = 0, width = 0, channels = 0] = x.shape;
    const rows = cellsOf({ from: 0, to: height }, size);
    const columns = strips.flatMap((strip) => cellsOf(spanOf(strip, width), size));
    const pooled = maxOfCells(maxOfCells(x, rows, 1), columns, 2);
    const parts = tf.reshape(pooled, [batch, size, strips.length, size, channels]);
    return tf.transpose(parts, [0, 2, 1, 3, 4]);
  });
}

/** The whole pixels of a strip. */
export function spanOf([from, to]: Strip, width: number): Span {
  const first = Math.min(width - 1, Math.round(from * width));
  return { from: first, to: Math.max(first + 1, Math.round(to * width)) };
}

function cellsOf({ from, to }: Span, size: number): Span[] {
  const length = to - from;
  return Array.from({ length: size }, (_, p) => ({
    from: from + Math.floor(p * length / size),
    to: from + Math.ceil((p + 1) * length / size),
  }));
}

/** The largest value of each cell along an axis, which becomes as long as there are cells. */
function maxOfCells(x: tf.Tensor, cells: readonly Span[], axis: 1 | 2): tf.Tensor {
  const longest = Math.max(...cells.map(({ from, to }) => to - from));
  // Shorter cells count their last pixel several times, which changes no maximum.
  const places = cells.flatMap(({ from, to }) =>
    Array.from({ length: longest }, (_, i) => Math.min(from + i, to - 1))
  );
  const gathered = tf.gather(x, tf.tensor1d(places, "int32"), axis);
  const [before, after] = [x.shape.slice(0, axis), x.shape.slice(axis + 1)];
  const apart = tf.reshape(gathered, [...before, cells.length, longest, ...after]);
  return tf.squeeze(maximumOver(apart, [axis + 1]), [axis + 1]);
}
