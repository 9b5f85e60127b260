/**
 * Which words of a codebook tell classes apart.
 *
 * @module
 */

/** Histograms of training clips. */
export interface WordHistograms {
  /** One row a clip: `[block][word]`. */
  readonly rows: readonly Float32Array[];
  /** The class of each clip. */
  readonly labels: readonly number[];
  readonly words: number;
}

/**
 * Fisher's criterion of each word: how its frequencies scatter between the means of the classes, divided
 * by how they scatter within the classes, both summed over blocks and clips. Where nothing scatters, 0;
 * where only the classes differ, Infinity.
 *
 * @throws RangeError when rows and labels do not fit, or a row is not made of whole blocks
 */
export function fisherCriterion({ rows, labels, words }: WordHistograms): Float64Array {
  const length = rows[0]?.length ?? 0;
  if (rows.length !== labels.length || rows.some((row) => row.length !== length)) {
    throw new RangeError(`Cannot compare ${rows.length} histograms and ${labels.length} labels`);
  }
  if (length % words !== 0) {
    throw new RangeError(`Histograms of ${length} values are not of ${words} words`);
  }
  const mean = meanOf(rows, length);
  const between = new Float64Array(words);
  const within = new Float64Array(words);
  for (const label of [...new Set(labels)].sort((a, b) => a - b)) {
    const members = rows.filter((_, i) => labels[i] === label);
    const own = meanOf(members, length);
    for (let j = 0; j < length; j++) {
      between[j % words]! += members.length * (own[j]! - mean[j]!) ** 2;
    }
    for (const row of members) {
      for (let j = 0; j < length; j++) within[j % words]! += (row[j]! - own[j]!) ** 2;
    }
  }
  // What is left of equal numbers is rounding.
  return between.map((b, k) => b <= 1e-20 ? 0 : within[k]! <= 1e-20 ? Infinity : b / within[k]!);
}

/**
 * The words with the highest criterion, ascending; of equal ones the first.
 *
 * @param keep how many; all, where there are fewer
 */
export function selectWords(histograms: WordHistograms, keep: number): number[] {
  const criterion = fisherCriterion(histograms);
  const order = [...criterion.keys()].sort((a, b) => {
    const [x, y] = [criterion[a]!, criterion[b]!];
    return x === y ? a - b : y - x;
  });
  return order.slice(0, keep).sort((a, b) => a - b);
}

function meanOf(rows: readonly Float32Array[], length: number): Float64Array {
  const sums = new Float64Array(length);
  for (const row of rows) {
    for (let j = 0; j < length; j++) sums[j]! += row[j]!;
  }
  return sums.map((sum) => sum / rows.length);
}
