/**
 * Optical flow between two images.
 *
 * @module
 */

/** A displacement a pixel, row-major: the point at (x, y) of the first image is at (x+u, y+v) of the second. */
export interface FlowField {
  /** Pixels to the right. */
  readonly u: Float32Array;
  /** Pixels down. */
  readonly v: Float32Array;
  readonly width: number;
  readonly height: number;
}
