/**
 * Bilinear resizing of a plane.
 */

const ONE: f32 = 1;

/** The first of the two source positions for a target position, clamped to 0..size - 2. */
// @ts-ignore: decorator
@inline
function first(position: f32, size: i32): i32 {
  return max(0, min(size - 2, <i32> floor(position)));
}

/** How much of the second one is taken: 0..1. */
// @ts-ignore: decorator
@inline
function share(position: f32, index: i32): f32 {
  return max<f32>(0, min<f32>(ONE, position - <f32> index));
}

/**
 * Writes `gain` times a resized plane. Target pixel x takes its value at source position
 * (x + ½) · scale - ½, clamped to the plane.
 *
 * @param work room for 8 bytes a target column and one row of the source
 */
export function resize(
  source: usize,
  sourceWidth: i32,
  sourceHeight: i32,
  sourcePitch: usize,
  target: usize,
  width: i32,
  height: i32,
  pitch: usize,
  scaleX: f64,
  scaleY: f64,
  gain: f32,
  work: usize,
): void {
  const row = work + (<usize> width << 3) + 15 & ~15;
  for (let x = 0; x < width; x++) {
    const position = <f32> ((<f64> x + 0.5) * scaleX - 0.5), index = first(position, sourceWidth);
    const column = work + (<usize> x << 3);
    store<u32>(column, index << 2);
    store<f32>(column, share(position, index), 4);
  }
  const rowEnd = row + (<usize> sourceWidth << 2), columnsEnd = work + (<usize> width << 3);
  const gains = f32x4.splat(gain);
  for (let y = 0; y < height; y++, target += pitch) {
    const position = <f32> ((<f64> y + 0.5) * scaleY - 0.5), index = first(position, sourceHeight);
    const part = f32x4.splat(share(position, index));
    let from = source + <usize> index * sourcePitch;
    for (let to = row; to < rowEnd; to += 16, from += 16) {
      const upper = v128.load(from), lower = v128.load(from + sourcePitch);
      const mixed = f32x4.add(upper, f32x4.mul(f32x4.sub(lower, upper), part));
      v128.store(to, f32x4.mul(mixed, gains));
    }
    let to = target;
    for (let column = work; column < columnsEnd; column += 8, to += 4) {
      const at = row + <usize> load<u32>(column);
      const left = load<f32>(at), right = load<f32>(at, 4);
      store<f32>(to, left + (right - left) * load<f32>(column, 4));
    }
  }
}
