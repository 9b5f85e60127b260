/**
 * The DiSTLBP-RIP row: binary patterns of integral projections of a clip's subtle motion, and an SVM for
 * each two classes on the blocks that tell them apart.
 *
 * @module
 */
import { ParameterError } from "lib/core/errors.ts";
import type { Volume } from "lib/core/volume.ts";
import type { UnlabelledSample } from "lib/data/types.ts";
import type { Parameters } from "lib/experiment/types.ts";
import { oncePerClip } from "lib/features/clip_memo.ts";
import { greyClip } from "lib/features/lbp/grey_clip.ts";
import { blockLength, ripDescriptor, type RipOptions } from "lib/features/rip/descriptor.ts";
import { compareGroups } from "lib/features/rip/groups.ts";
import { type GroupKernel, voteByPairs } from "lib/features/rip/voting.ts";
import { balancedWeights } from "lib/protocol/class_weights.ts";
import { innerSubjectFolds } from "lib/protocol/splits.ts";
import type { FoldTask, Method, Scores } from "lib/train/method.ts";

// DEVIATION: the article's C is not known. A block has four histograms, so that scalar products of blocks
// are near 1 and those of clips as large as there are blocks: small values suit the linear kernel.
const costs: Readonly<Record<GroupKernel, readonly number[]>> = {
  "chi-square": [-1, 1, 3, 5, 7].map((power) => 2 ** power),
  linear: [-11, -9, -7, -5, -3, -1, 1].map((power) => 2 ** power),
};

// DEVIATION: how many blocks the article keeps is not known. Of equally good shares the largest is taken.
const shares = [1, 0.75, 0.5, 0.25];

/**
 * Describes each clip by itself. For each two classes, blocks are chosen by their Laplacian score and an SVM
 * is trained; the SVMs vote. Scores and SVMs, C and the share of blocks come from the training clips; the
 * last two by macro F1 on inner folds of their subjects.
 */
export const method: Method = { id: "distlbp-rip", backend: "none", runFold };

const describe = oncePerClip((input: Volume, options: RipOptions) =>
  ripDescriptor(greyClip(input), options)
);

/** The descriptor's options among the parameters of the row. */
export function ripOptions(parameters: Parameters): RipOptions {
  const number = (name: string) => Number(parameters[name]);
  return {
    motion: parameters.motion as RipOptions["motion"],
    sparseness: number("sparseness"),
    blocks: number("blocks"),
    mask: number("mask"),
    radius: number("radius"),
    radiusT: number("radiusT"),
  };
}

/**
 * Whether clips are large enough for the blocks, the mask and the radii.
 *
 * @param shape of the input, `[frames, height, width, 1]`
 * @throws ParameterError naming the parameter
 */
export function checkFits(
  [frames = 0, side = 0]: readonly number[],
  { blocks, mask, radius, radiusT }: RipOptions,
): void {
  const fail = (what: string, field: string, fix: string) => {
    throw new ParameterError(what, { file: method.id, field, fix });
  };
  if (mask % 2 === 0) fail(`A mask of ${mask} has no middle`, "mask", "Choose an odd length");
  const least = Math.floor(side / blocks);
  if (least < mask) {
    const what = `Blocks of ${least} pixels are narrower than a mask of ${mask}`;
    fail(what, "blocks", "Choose fewer, or a smaller --mask");
  }
  if (least <= 2 * radius) {
    const what = `Blocks of ${least} pixels have no neighbours ${radius} pixels on each side`;
    fail(what, "radius", "Choose a smaller one, or fewer --blocks");
  }
  if (frames <= 2 * radiusT) {
    const what = `${frames} key frames have no neighbours ${radiusT} frames before and after`;
    fail(what, "radiusT", "Choose a smaller one, or more --key-frames");
  }
}

async function runFold({ train, test, classes, parameters, rng }: FoldTask): Promise<Scores> {
  const options = ripOptions(parameters);
  checkFits(train[0]?.input.shape ?? [], options);
  const rows = (samples: readonly UnlabelledSample[]) =>
    samples.map(({ input }) => describe(input, options));
  const kernel = parameters.kernel as GroupKernel;
  const share = Number(parameters.groups);
  const labels = train.map(({ label }) => label);
  return await voteByPairs({
    table: compareGroups({
      train: rows(train),
      others: rows(test),
      length: blockLength(options),
      products: kernel === "linear",
    }),
    kernel,
    train,
    testCount: test.length,
    classCount: classes.length,
    folds: innerSubjectFolds(train, Number(parameters.innerFolds), rng.fork("inner folds")),
    costs: costs[kernel],
    shares: share === 0 ? shares : [share],
    ...(parameters.classWeights === "balanced"
      ? { classWeights: balancedWeights(labels, classes.length) }
      : {}),
  });
}
