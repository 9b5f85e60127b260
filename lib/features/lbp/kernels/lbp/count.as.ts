/**
 * Counts the bins of codes cell by cell.
 *
 * @param from the codes; `pitch` from one row to the next
 * @param bins the bin of each code, 16 bits each
 * @param columns, rows, times the place of the cell's histogram, as a sum of three
 * @param to the histograms, 32 bits a bin
 */
export function count(
  from: usize,
  pitch: usize,
  width: i32,
  height: i32,
  frames: i32,
  bins: usize,
  columns: usize,
  rows: usize,
  times: usize,
  to: usize,
): void {
  const length = <usize> width << 1;
  for (let t = 0; t < frames; t++) {
    const frame = to + load<i32>(times + (<usize> t << 2));
    for (let y = 0; y < height; y++, from += pitch) {
      const row = frame + load<i32>(rows + (<usize> y << 2));
      for (let x: usize = 0; x < length; x += 2) {
        const bin = <usize> load<u16>(bins + (<usize> load<u16>(from + x) << 1));
        const at = row + load<i32>(columns + (x << 1)) + (bin << 2);
        store<i32>(at, load<i32>(at) + 1);
      }
    }
  }
}
