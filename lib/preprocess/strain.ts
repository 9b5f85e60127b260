/**
 * Optical strain: how much a flow field stretches and shears the face, blind to its translation.
 *
 * @module
 */

/**
 * The magnitude of the infinitesimal strain tensor of a flow field,
 * √(u_x² + v_y² + ½(u_y + v_x)²) (Liong et al., "Less is more", 2018, section 3.2), by central
 * differences inside and one-sided differences on the border. A field that is one pixel wide or high
 * has no derivative in that direction; it counts as 0.
 *
 * @param u horizontal displacement in pixels, right is positive, row-major `[height, width]`
 * @param v vertical displacement in pixels, down is positive, of the same shape
 * @returns one value a pixel, without unit, in the same order
 * @throws RangeError when the fields do not have width × height values
 */
export function strainMagnitude(
  u: Float32Array,
  v: Float32Array,
  width: number,
  height: number,
): Float32Array {
  const size = width * height;
  if (u.length !== size || v.length !== size) {
    throw new RangeError(
      `Cannot read flow fields of ${u.length} and ${v.length} values as ${width}×${height}`,
    );
  }
  const strain = new Float32Array(size);
  for (let y = 0; y < height; y++) {
    // The neighbours' offsets; at a border the pixel itself stands in for the one that is not there.
    const up = y > 0 ? -width : 0;
    const down = y < height - 1 ? width : 0;
    const stepY = Math.max(1, (down - up) / width);
    for (let x = 0; x < width; x++) {
      const left = x > 0 ? -1 : 0;
      const right = x < width - 1 ? 1 : 0;
      const stepX = Math.max(1, right - left);
      const i = y * width + x;
      const ux = (u[i + right]! - u[i + left]!) / stepX;
      const vy = (v[i + down]! - v[i + up]!) / stepY;
      const shear = (u[i + down]! - u[i + up]!) / stepY + (v[i + right]! - v[i + left]!) / stepX;
      strain[i] = Math.sqrt(ux * ux + vy * vy + shear * shear / 2);
    }
  }
  return strain;
}
