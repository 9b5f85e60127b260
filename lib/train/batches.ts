/**
 * Which clips each training step sees.
 *
 * @module
 */
import type { Rng, RngState } from "lib/core/rng.ts";

/** Batches one after the other. */
export interface Batches {
  /** How many there are in so many epochs; the last one may begin a further epoch. */
  count(epochs: number): number;
  /** The clips of the next batch, by index. */
  next(): number[];
  /** The stream of orders as it was before the order that the next batch begins in. */
  stand(): RngState;
}

/**
 * Clips in a new random order each epoch, one epoch after the other, cut into batches of equal size: the
 * one in which an epoch ends goes on with the next. All steps are then alike, and no clip is left out.
 *
 * @param clips how many there are
 * @param size of a batch; all clips where they are fewer
 * @param shuffle where orders come from, as {@linkcode Batches.stand} gave it at `step`
 * @param step how many batches were seen before
 */
export function openBatches(
  { clips, size }: { readonly clips: number; readonly size: number },
  shuffle: Rng,
  step = 0,
): Batches {
  const length = Math.min(size, clips);
  const all = Array.from({ length: clips }, (_, i) => i);
  let stand = shuffle.save();
  let order = shuffle.shuffle(all);
  let taken = (step * length) % clips;
  return {
    count: (epochs) => Math.ceil(epochs * clips / length),
    next() {
      const chosen: number[] = [];
      while (chosen.length < length) {
        chosen.push(order[taken++] as number);
        if (taken < clips) continue;
        stand = shuffle.save();
        order = shuffle.shuffle(all);
        taken = 0;
      }
      return chosen;
    },
    stand: () => stand,
  };
}
