/**
 * The STCLQP row: spatiotemporal completed local quantized patterns and a support vector machine.
 *
 * @module
 */
import { ParameterError } from "lib/core/errors.ts";
import type { Volume } from "lib/core/volume.ts";
import type { Parameters } from "lib/experiment/types.ts";
import { classify, type Kernels, type KernelsOf, whitened } from "lib/features/classify.ts";
import { type Codebook, learnCodebook } from "lib/features/clqp/codebook.ts";
import { countPatterns, wordHistograms } from "lib/features/clqp/histograms.ts";
import { components, patternSets, type Rings } from "lib/features/clqp/patterns.ts";
import { selectWords } from "lib/features/clqp/word_selection.ts";
import { kernelMatrix } from "lib/features/kernels.ts";
import type { Grid } from "lib/features/lbp/blocks.ts";
import { greyClip } from "lib/features/lbp/grey_clip.ts";
import { balancedWeights } from "lib/protocol/class_weights.ts";
import { innerSubjectFolds } from "lib/protocol/splits.ts";
import type { FoldTask, Method, Scores } from "lib/train/method.ts";

// DEVIATION: the article's C is not known. The features are whitened, with norms of about the square root
// of the number of clips, so small values are among those to choose from.
const costs = [-9, -7, -5, -3, -1, 1].map((power) => 2 ** power);

/**
 * Learns a codebook for each component in each plane, describes clips by block histograms of their most
 * discriminative words, and trains a one-vs-one SVM on whitened principal components. All of that is
 * learned from training clips. In the inner folds, on which C is chosen, everything that looks at labels,
 * and the principal components, are fitted anew; codebooks, which do not, are those of all training clips.
 */
export const method: Method = { id: "stclqp", backend: "none", runFold };

/** The descriptor's options among the parameters of the row. */
export interface StclqpOptions {
  readonly rings: Rings;
  readonly grid: Grid;
  readonly words: number;
  readonly keep: number;
}

/** Reads {@linkcode StclqpOptions}. */
export function stclqpOptions(parameters: Parameters): StclqpOptions {
  const number = (name: string) => Number(parameters[name]);
  const inner = number("innerRadius");
  const blocks = number("blocks");
  return {
    rings: {
      inner: { x: inner, y: inner, t: Math.min(inner, number("outerRadiusT")) },
      outer: { x: number("outerRadius"), y: number("outerRadius"), t: number("outerRadiusT") },
    },
    grid: { across: blocks, down: blocks, along: number("blockTimes"), overlap: 0 },
    words: number("words"),
    keep: number("keep"),
  };
}

/**
 * Learns the nine codebooks.
 *
 * @param clips `[frames, height, width]`, of training samples only
 */
export function learnCodebooks(
  clips: readonly Volume[],
  { rings, words }: StclqpOptions,
  rng: FoldTask["rng"],
): Codebook[] {
  return countPatterns(clips, rings).map((counts, i) => {
    const { component, plane } = patternSets[i]!;
    return learnCodebook(counts, { words, rounds: 20, rng: rng.fork(component, plane) });
  });
}

async function runFold({ train, test, classes, parameters, rng }: FoldTask): Promise<Scores> {
  const options = stclqpOptions(parameters);
  checkFits(train[0]?.input.shape ?? [], options);
  const clips = [...train, ...test].map(({ input }) => greyClip(input));
  const codebooks = learnCodebooks(clips.slice(0, train.length), options, rng.fork("codebooks"));
  const histograms = clips.map((clip) => wordHistograms(clip, { ...options, codebooks }));
  const labels = train.map(({ label }) => label);
  return await classify({
    kernelsOf: selectedKernels(histograms, { labels, codebooks, keep: options.keep, parameters }),
    train,
    testCount: test.length,
    classCount: classes.length,
    folds: innerSubjectFolds(train, Number(parameters.innerFolds), rng.fork("inner folds")),
    grid: costs,
    ...(parameters.classWeights === "balanced"
      ? { classWeights: balancedWeights(labels, classes.length) }
      : {}),
  });
}

interface Selection {
  /** Of the training clips, which come first. */
  readonly labels: readonly number[];
  readonly codebooks: readonly Codebook[];
  readonly keep: number;
  readonly parameters: Parameters;
}

/**
 * Selects words by the labels of the given training clips, and sums the kernels of the three components.
 *
 * @param histograms of each clip, one array a set
 */
function selectedKernels(
  histograms: readonly (readonly Float32Array[])[],
  { labels, codebooks, keep, parameters }: Selection,
): KernelsOf {
  return (train, others) => {
    const members = train.map((i) => labels[i]!);
    const chosen = codebooks.map(({ bins }, set) => {
      const rows = train.map((i) => histograms[i]![set]!);
      return selectWords({ rows, labels: members, words: bins }, keep);
    });
    const parts = components.map((component) => {
      const sets = [...patternSets.keys()].filter((i) => patternSets[i]!.component === component);
      const row = (i: number) => selected(histograms[i]!, { sets, codebooks, chosen });
      return componentKernels(train.map(row), others.map(row), Number(parameters.components));
    });
    return parts.reduce(sumOf);
  };
}

interface Chosen {
  readonly sets: readonly number[];
  readonly codebooks: readonly Codebook[];
  /** The words to keep, by set. */
  readonly chosen: readonly (readonly number[])[];
}

/** The kept words of some sets, one after the other. */
function selected(
  histograms: readonly Float32Array[],
  { sets, codebooks, chosen }: Chosen,
): Float32Array {
  const parts = sets.map((set) => {
    const [all, words, { bins }] = [histograms[set]!, chosen[set]!, codebooks[set]!];
    const blocks = all.length / bins;
    const kept = new Float32Array(blocks * words.length);
    for (let block = 0, to = 0; block < blocks; block++) {
      for (const word of words) kept[to++] = all[block * bins + word]!;
    }
    return kept;
  });
  const row = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  parts.reduce((start, part) => {
    row.set(part, start);
    return start + part.length;
  }, 0);
  return row;
}

function componentKernels(
  train: readonly Float32Array[],
  others: readonly Float32Array[],
  count: number,
): Kernels {
  const linear = { kind: "linear" } as const;
  const kernels = {
    train: kernelMatrix(train, train, linear),
    others: kernelMatrix(others, train, linear),
  };
  return count > 0 ? whitened(kernels, count) : kernels;
}

/** Summing kernels is joining features. */
function sumOf(a: Kernels, b: Kernels): Kernels {
  const add = (x: readonly Float64Array[], y: readonly Float64Array[]) =>
    x.map((row, i) => row.map((value, j) => value + y[i]![j]!));
  return { train: add(a.train, b.train), others: add(a.others, b.others) };
}

function checkFits(
  [frames = 0, side = 0]: readonly number[],
  { rings, grid }: StclqpOptions,
): void {
  const fail = (what: string, field: string, fix: string) => {
    throw new ParameterError(what, { file: method.id, field, fix });
  };
  const { inner, outer } = rings;
  if (inner.x > outer.x) {
    fail(`The inner ring is larger than the outer one (${outer.x})`, "innerRadius", "Swap them");
  }
  const times = frames - 2 * outer.t;
  if (times < 1) {
    const what = `${frames} key frames have no neighbours ${outer.t} frames before and after`;
    fail(what, "outerRadiusT", "Choose a smaller one, or more --key-frames");
  }
  if (times < grid.along) {
    fail(`There are ${times} frames to divide in time`, "blockTimes", "Choose fewer");
  }
  const least = side - 2 * outer.x;
  if (least < grid.across) fail(`There are ${least} pixels to divide`, "blocks", "Choose fewer");
}
