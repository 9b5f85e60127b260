/**
 * Dividing a rising sequence into equal shares by whole places.
 *
 * @module
 */

/**
 * Places at which rising sums have grown by equal shares. Where two are equally near to a share, it is the
 * earlier; where the sums do not grow, equal steps count.
 *
 * @param sums as many as there are places, none below the one before
 * @param count how many places, 2 to all
 * @param keep places that are among them whatever the sums; the first and the last always are. Between
 * two kept places the shares are equal.
 * @returns `count` different places in ascending order
 * @throws RangeError when a kept place does not exist or there are more than `count`
 */
export function equalShares(
  sums: readonly number[],
  count: number,
  keep: readonly number[],
): number[] {
  const end = sums.length - 1;
  for (const place of keep) {
    if (!Number.isInteger(place) || place < 0 || place > end) {
      throw new RangeError(`Cannot keep frame ${place} of ${sums.length}`);
    }
  }
  const fixed = [...new Set([0, ...keep, end])].sort((a, b) => a - b);
  if (fixed.length > count) throw new RangeError(`Cannot keep ${fixed.length} of ${count} frames`);
  const chosen = [0];
  for (let i = 1; i < fixed.length; i++) {
    const slot = slotOf(fixed[i]!, sums, {
      least: Math.max(chosen.length, count - 1 - (end - fixed[i]!)),
      most: Math.min(count - fixed.length + i, chosen.length - 1 + fixed[i]! - fixed[i - 1]!),
      count,
    });
    chosen.push(...between(sums, [fixed[i - 1]!, fixed[i]!], slot - chosen.length), fixed[i]!);
  }
  return chosen;
}

/** The number, from 0, that a kept frame gets: by its share of the whole sum, if there is room. */
function slotOf(
  place: number,
  sums: readonly number[],
  { least, most, count }: { readonly least: number; readonly most: number; readonly count: number },
): number {
  const total = sums.at(-1)! - sums[0]!;
  const [part, whole] = total > 0 ? [sums[place]! - sums[0]!, total] : [place, sums.length - 1];
  return Math.min(most, Math.max(least, Math.round(part * (count - 1) / whole)));
}

/** As many different places strictly between two, at equal shares of what the sums grow by. */
function between(
  sums: readonly number[],
  [from, to]: readonly [number, number],
  count: number,
): number[] {
  const grown = sums[to]! - sums[from]!;
  const [whole, partOf] = grown > 0
    ? [grown, (place: number) => sums[place]! - sums[from]!]
    : [to - from, (place: number) => place - from];
  const chosen: number[] = [];
  for (let i = 1; i <= count; i++) {
    // Room is left for those after it, so that no frame is chosen twice.
    const last = to - 1 - (count - i);
    let best = (chosen.at(-1) ?? from) + 1;
    for (let place = best + 1; place <= last; place++) {
      // Not divided, so that whole numbers that are equally near stay so.
      const off = (at: number) => Math.abs((count + 1) * partOf(at) - i * whole);
      if (off(place) < off(best)) best = place;
    }
    chosen.push(best);
  }
  return chosen;
}
