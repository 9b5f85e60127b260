/**
 * From a network's input to a clip that descriptors take.
 *
 * @module
 */
import { type Volume, volume } from "lib/core/volume.ts";

/**
 * A clip of grey frames without its channel axis; the values are shared.
 *
 * @param input `[frames, height, width, 1]`
 * @throws RangeError for another shape
 */
export function greyClip({ data, shape }: Volume): Volume {
  if (shape.length !== 4 || shape[3] !== 1) {
    throw new RangeError(`Expected grey frames [n, height, width, 1], got [${shape.join(", ")}]`);
  }
  return volume(data, shape.slice(0, 3));
}
