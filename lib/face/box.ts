/**
 * Rectangles around faces.
 *
 * @module
 */

/** A rectangle in pixels of a frame; it may have fractions and reach over the frame's border. */
export interface Box {
  /** Left edge. */
  readonly x: number;
  /** Top edge. */
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The square of half side `half` around a point. */
export function squareAround(x: number, y: number, half: number): Box {
  return { x: x - half, y: y - half, width: 2 * half, height: 2 * half };
}
