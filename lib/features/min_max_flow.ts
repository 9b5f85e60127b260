/**
 * Flow maps that were stored as images, each channel scaled by its own minimum and maximum: what can
 * be had back of the flow.
 *
 * @module
 */
import type { Volume } from "lib/core/volume.ts";
import type { StrainedFlow } from "./bi_woof.ts";

/**
 * Reads a map of the channels u, v and strain, intensities 0..1, as a flow field.
 *
 * DEVIATION: such maps have lost three numbers a clip: where zero displacement lies, and the scales of
 * u and of v. Zero is taken to be the channel's median, since most of a face does not move with an
 * expression; that also takes out the drift of the whole head. The scales are taken to be equal. So
 * orientations are distorted where the larger displacements of a clip go one way, and magnitudes
 * cannot be compared between clips. Strain is not shifted, as its minimum is close to 0.
 *
 * @param map shape `[height, width, 3]`
 * @returns u and v in an arbitrary unit, −1..1
 * @throws RangeError for another shape
 */
export function flowOfMinMaxMap({ data, shape }: Volume): StrainedFlow {
  const [height = 0, width = 0, channels] = shape;
  if (shape.length !== 3 || channels !== 3) {
    throw new RangeError(`A flow map must be [height, width, 3], got [${shape.join(", ")}]`);
  }
  const plane = (channel: number) => {
    const values = new Float32Array(height * width);
    for (let i = 0; i < values.length; i++) values[i] = data[3 * i + channel]!;
    return values;
  };
  const centred = (values: Float32Array) => {
    const zero = median(values);
    return values.map((value) => value - zero);
  };
  return { width, height, u: centred(plane(0)), v: centred(plane(1)), strain: plane(2) };
}

/** The median; of an even number of values, the lower one of the middle two. */
function median(values: Float32Array): number {
  // The lower one is a value that occurs, so that a field at rest stays exactly at rest.
  return values.toSorted()[Math.floor((values.length - 1) / 2)]!;
}
