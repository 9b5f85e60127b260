/**
 * Kernel values of clips by the histograms of their most discriminative words.
 *
 * @module
 */
import {
  type Fitting,
  fitTogether,
  type Kernels,
  type KernelsOf,
  whitened,
  whitenedTogether,
} from "lib/features/classify.ts";
import { kernelMatrix } from "lib/features/kernels.ts";
import { components, patternSets } from "./patterns.ts";
import { selectWords } from "./word_selection.ts";

/** A clip's histograms, one array a set: `[block][word]`, as `wordHistograms()` gives them. */
export type SetHistograms = readonly Float32Array[];

/** What {@linkcode chooseWords} goes by. */
export interface WordChoice {
  /** Of the training clips. */
  readonly labels: readonly number[];
  /** The number of words of each set. */
  readonly words: readonly number[];
  /** How many of each set are kept. */
  readonly keep: number;
}

/** What {@linkcode wordKernels} needs. */
export interface WordKernelOptions extends WordChoice, Fitting {
  /** Whitened principal components of each component at most; 0: the histograms as they are. */
  readonly components: number;
}

/**
 * The words of each set that tell the classes of training clips apart best.
 *
 * @param histograms of the training clips, and of no others
 * @returns one array a set, ascending
 * @throws RangeError as `selectWords()`
 */
export function chooseWords(
  histograms: readonly SetHistograms[],
  { labels, words, keep }: WordChoice,
): number[][] {
  return words.map((count, set) => {
    const rows = histograms.map((clip) => clip[set]!);
    return selectWords({ rows, labels, words: count }, keep);
  });
}

/**
 * Kernel values of clips. On the training clips of each call words are chosen by their labels and, for
 * sign, magnitude and orientation each, principal components are fitted; the kernels of the three are
 * summed, which is joining their features.
 *
 * @param histograms of each clip; those of the training clips come first
 */
export function wordKernels(
  histograms: readonly SetHistograms[],
  options: WordKernelOptions,
): KernelsOf {
  const { labels, words } = options;
  return (train, others) => {
    const chosen = chooseWords(
      train.map((i) => histograms[i]!),
      { ...options, labels: train.map((i) => labels[i]!) },
    );
    const parts = components.map((component) => {
      const sets = [...patternSets.keys()].filter((i) => patternSets[i]!.component === component);
      const row = (i: number) => keptWords(histograms[i]!, { sets, words, chosen });
      return componentKernels(train.map(row), others.map(row), options);
    });
    return parts.reduce(sumOf);
  };
}

interface Kept {
  readonly sets: readonly number[];
  readonly words: readonly number[];
  /** The words to keep, by set. */
  readonly chosen: readonly (readonly number[])[];
}

/** The kept words of some sets, one after the other. */
function keptWords(histograms: SetHistograms, { sets, words, chosen }: Kept): Float32Array {
  const blocks = histograms[0]!.length / words[0]!;
  const row = new Float32Array(blocks * sets.reduce((sum, set) => sum + chosen[set]!.length, 0));
  let to = 0;
  for (const set of sets) {
    const [all, bins, kept] = [histograms[set]!, words[set]!, chosen[set]!];
    for (let start = 0; start < all.length; start += bins) {
      for (const word of kept) row[to++] = all[start + word]!;
    }
  }
  return row;
}

function componentKernels(
  train: readonly Float32Array[],
  others: readonly Float32Array[],
  options: Pick<WordKernelOptions, "components" | "onAll">,
): Kernels {
  const linear = { kind: "linear" } as const;
  const count = options.components;
  const all = [...train, ...others];
  if (fitTogether(options, all.length)) {
    return whitenedTogether(kernelMatrix(all, all, linear), train.length, count);
  }
  const kernels = {
    train: kernelMatrix(train, train, linear),
    others: kernelMatrix(others, train, linear),
  };
  return count > 0 ? whitened(kernels, count) : kernels;
}

function sumOf(a: Kernels, b: Kernels): Kernels {
  const add = (x: readonly Float64Array[], y: readonly Float64Array[]) =>
    x.map((row, i) => row.map((value, j) => value + y[i]![j]!));
  return { train: add(a.train, b.train), others: add(a.others, b.others) };
}
