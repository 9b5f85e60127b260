/**
 * Grids of blocks, which may overlap, over a volume.
 *
 * @module
 */

/** A grid of blocks. */
export interface Grid {
  /** Blocks in each frame, horizontally and vertically. */
  readonly across: number;
  readonly down: number;
  /** Parts in time. */
  readonly along: number;
  /** The share of its side that a block has in common with the next one in the frame, 0 ≤ o < 1. */
  readonly overlap: number;
}

/** From one place to another, exclusive. */
export type Span = readonly [start: number, end: number];

/**
 * Divides a length into equal parts. With the overlap o, n parts have the size s = L / (1 + (n − 1)(1 − o))
 * and start at k (1 − o) s; ends are rounded, so that sizes differ by one at most.
 *
 * @throws RangeError when a part would be empty, and for an overlap outside 0 ≤ o < 1
 */
export function spansOf(length: number, count: number, overlap: number): Span[] {
  if (!Number.isInteger(count) || count < 1) {
    throw new RangeError(`The number of blocks must be a positive integer, got ${count}`);
  }
  if (!(overlap >= 0 && overlap < 1)) {
    throw new RangeError(`Blocks overlap by 0 or more and less than 1, got ${overlap}`);
  }
  const size = length / (1 + (count - 1) * (1 - overlap));
  const spans = Array.from({ length: count }, (_, k): Span => {
    const start = k * (1 - overlap) * size;
    return [Math.round(start), Math.round(start + size)];
  });
  if (spans.some(([start, end]) => end <= start)) {
    throw new RangeError(`A length of ${length} cannot be divided into ${count} blocks`);
  }
  return spans;
}

/**
 * One axis of a grid, cut at every start and end of a block: each block is a run of whole cells, so that
 * nothing has to be counted twice however much blocks overlap.
 */
export interface Axis {
  readonly cells: number;
  /** The cell of each place. */
  readonly cellOf: Int32Array;
  /** The cells of each block. */
  readonly blocks: readonly Span[];
}

/** Cuts an axis for {@linkcode spansOf}'s blocks; throws as that does. */
export function axisOf(length: number, count: number, overlap: number): Axis {
  const spans = spansOf(length, count, overlap);
  const edges = [...new Set(spans.flat())].sort((a, b) => a - b);
  const cellOf = new Int32Array(length);
  for (let cell = 0; cell + 1 < edges.length; cell++) {
    cellOf.fill(cell, edges[cell], edges[cell + 1]);
  }
  const blocks = spans.map(([start, end]): Span => [edges.indexOf(start), edges.indexOf(end)]);
  return { cells: edges.length - 1, cellOf, blocks };
}

/** The axes of a grid: x, y, t. */
export interface Axes {
  readonly x: Axis;
  readonly y: Axis;
  readonly t: Axis;
}

/**
 * Lays a grid over a volume.
 *
 * @param shape `[frames, height, width]`
 * @throws RangeError as {@linkcode spansOf}
 */
export function axesOf(
  [frames, height, width]: readonly [number, number, number],
  { across, down, along, overlap }: Grid,
): Axes {
  return {
    x: axisOf(width, across, overlap),
    y: axisOf(height, down, overlap),
    t: axisOf(frames, along, 0),
  };
}

/** The number of blocks of a grid. */
export function blockCount({ across, down, along }: Grid): number {
  return across * down * along;
}
