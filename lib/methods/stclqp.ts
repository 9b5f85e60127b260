/**
 * The STCLQP row: spatiotemporal completed local quantized patterns and a support vector machine.
 *
 * @module
 */
import { ParameterError } from "lib/core/errors.ts";
import type { Volume } from "lib/core/volume.ts";
import type { Parameters } from "lib/experiment/types.ts";
import { classify } from "lib/features/classify.ts";
import { oncePerClip } from "lib/features/clip_memo.ts";
import { type Codebook, learnCodebook } from "lib/features/clqp/codebook.ts";
import { countPatterns, totalCounts, wordHistograms } from "lib/features/clqp/histograms.ts";
import { patternSets, type Rings } from "lib/features/clqp/patterns.ts";
import { wordKernels } from "lib/features/clqp/word_kernels.ts";
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
 * learned from training clips; under `fitOn` all-clips, what looks at no label from held-out ones too. In the inner folds, on which C is chosen, everything that looks at labels,
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
  const [inner, outer] = [number("innerRadius"), number("outerRadius")];
  const blocks = number("blocks");
  return {
    rings: {
      inner: { x: inner, y: inner, t: number("innerRadiusT") },
      outer: { x: outer, y: outer, t: number("outerRadiusT") },
    },
    grid: { across: blocks, down: blocks, along: number("blockTimes"), overlap: 0 },
    words: number("words"),
    keep: number("keep"),
  };
}

const count = oncePerClip((input: Volume, rings: Rings) => countPatterns(greyClip(input), rings));

/**
 * Learns the nine codebooks.
 *
 * @param inputs `[frames, height, width, 1]`, of training samples only under `strict`
 */
export function learnCodebooks(
  inputs: readonly Volume[],
  { rings, words }: StclqpOptions,
  rng: FoldTask["rng"],
): Codebook[] {
  const found = inputs.map((input) => count(input, rings));
  return patternSets.map(({ component, plane }, set) => {
    const stream = rng.fork(component, plane);
    return learnCodebook(totalCounts(found, set), { words, rounds: 20, rng: stream });
  });
}

async function runFold({ train, test, classes, parameters, rng }: FoldTask): Promise<Scores> {
  const options = stclqpOptions(parameters);
  checkFits(train[0]?.input.shape ?? [], options);
  const onAll = parameters.fitOn === "all-clips";
  const codebooks = learnCodebooks(
    [...train, ...(onAll ? test : [])].map(({ input }) => input),
    options,
    rng.fork("codebooks"),
  );
  const histograms = [...train, ...test].map(({ input }) =>
    wordHistograms(greyClip(input), { ...options, codebooks })
  );
  const labels = train.map(({ label }) => label);
  return await classify({
    kernelsOf: wordKernels(histograms, {
      labels,
      words: codebooks.map(({ bins }) => bins),
      keep: options.keep,
      components: Number(parameters.components),
      onAll,
    }),
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

function checkFits(
  [frames = 0, side = 0]: readonly number[],
  { rings, grid }: StclqpOptions,
): void {
  const fail = (what: string, field: string, fix: string) => {
    throw new ParameterError(what, { file: method.id, field, fix });
  };
  const { inner, outer } = rings;
  for (const [axis, name] of [["x", "innerRadius"], ["t", "innerRadiusT"]] as const) {
    if (inner[axis] <= outer[axis]) continue;
    const what = `The inner ring is larger than the outer one: ${inner[axis]} > ${outer[axis]}`;
    fail(what, name, "Swap them");
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
