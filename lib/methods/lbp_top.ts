/**
 * The LBP-TOP row: local binary patterns on three orthogonal planes and a support vector machine.
 *
 * @module
 */
import { ParameterError } from "lib/core/errors.ts";
import type { Volume } from "lib/core/volume.ts";
import type { UnlabelledSample } from "lib/data/types.ts";
import type { Parameters } from "lib/experiment/types.ts";
import { classify, type RowKernelOptions, rowKernels } from "lib/features/classify.ts";
import { oncePerClip } from "lib/features/clip_memo.ts";
import type { FeatureRow } from "lib/features/kernels.ts";
import { greyClip } from "lib/features/lbp/grey_clip.ts";
import { lbpTop, type LbpTopOptions } from "lib/features/lbp/lbp_top.ts";
import { fitStandardiser } from "lib/features/standardise.ts";
import { balancedWeights } from "lib/protocol/class_weights.ts";
import { innerSubjectFolds } from "lib/protocol/splits.ts";
import type { FoldTask, Method, Scores } from "lib/train/method.ts";

// DEVIATION: neither the MEGC 2019 organisers nor the method's authors state C. These are the values that
// a later baseline chose from on inner folds, every second power of two.
const costs = [-5, -3, -1, 1, 3, 5].map((power) => 2 ** power);

/**
 * Describes each clip by itself and trains a one-vs-one SVM. What is fitted (scaling, the kernel's γ,
 * principal components, C) comes from the training clips; C by macro F1 on inner folds of their subjects.
 * Under `fitOn` all-clips, all but C comes from the held-out clips too, of which no label is known here.
 */
export const method: Method = { id: "lbp-top", backend: "none", runFold };

const describe = oncePerClip((input: Volume, options: LbpTopOptions) =>
  lbpTop(greyClip(input), options)
);

/** The descriptor's options among the parameters of the row. */
export function lbpTopOptions(parameters: Parameters): LbpTopOptions {
  const number = (name: string) => Number(parameters[name]);
  return {
    radii: { x: number("radiusX"), y: number("radiusY"), t: number("radiusT") },
    neighbours: {
      xy: number("neighboursXY"),
      xt: number("neighboursXT"),
      yt: number("neighboursYT"),
    },
    codes: parameters.codes as LbpTopOptions["codes"],
    grid: {
      across: number("blocks"),
      down: number("blocks"),
      along: number("blockTimes"),
      overlap: number("overlap"),
    },
  };
}

/**
 * Whether clips are large enough for the neighbours and the blocks.
 *
 * @param shape of the input, `[frames, height, width, 1]`
 * @throws ParameterError naming the parameter
 */
export function checkFits([frames = 0, side = 0]: readonly number[], options: LbpTopOptions): void {
  const { radii, grid } = options;
  const fail = (what: string, field: string, fix: string) => {
    throw new ParameterError(what, { file: method.id, field, fix });
  };
  const times = frames - 2 * radii.t;
  if (times < 1) {
    const what = `${frames} key frames have no neighbours ${radii.t} frames before and after`;
    fail(what, "radiusT", "Choose a smaller one, or more --key-frames");
  }
  if (times < grid.along) {
    fail(`There are ${times} frames to divide in time`, "blockTimes", "Choose fewer");
  }
  const least = side - 2 * Math.max(radii.x, radii.y);
  if (least < grid.across) fail(`There are ${least} pixels to divide`, "blocks", "Choose fewer");
}

async function runFold({ train, test, classes, parameters, rng }: FoldTask): Promise<Scores> {
  const options = lbpTopOptions(parameters);
  checkFits(train[0]?.input.shape ?? [], options);
  const rows = (samples: readonly UnlabelledSample[]) =>
    samples.map(({ input }) => describe(input, options));
  const [trainRows, testRows] = scaled(rows(train), rows(test), parameters);
  const labels = train.map(({ label }) => label);
  return await classify({
    kernelsOf: rowKernels(trainRows, testRows, kernelOptions(parameters)),
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

function kernelOptions(parameters: Parameters): RowKernelOptions {
  return {
    kernel: parameters.kernel as RowKernelOptions["kernel"],
    degree: Number(parameters.degree),
    components: Number(parameters.components),
    onAll: parameters.fitOn === "all-clips",
  };
}

function scaled(
  train: readonly FeatureRow[],
  test: readonly FeatureRow[],
  { scaling, kernel, fitOn }: Parameters,
): [readonly FeatureRow[], readonly FeatureRow[]] {
  if (scaling === "none") return [train, test];
  if (kernel === "chi-square") {
    throw new ParameterError("The chi-square kernel compares histograms as they are", {
      field: "scaling",
      fix: "Use --scaling none, or another kernel",
    });
  }
  const standardise = fitStandardiser(fitOn === "all-clips" ? [...train, ...test] : train);
  return [standardise(train), standardise(test)];
}
