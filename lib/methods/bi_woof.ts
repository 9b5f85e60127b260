/**
 * The Bi-WOOF row: bi-weighted oriented optical flow and a linear support vector machine.
 *
 * @module
 */
import type { Volume } from "lib/core/volume.ts";
import { biWoof, type BiWoofOptions, strainedFlow } from "lib/features/bi_woof.ts";
import { oncePerClip } from "lib/features/clip_memo.ts";
import { kernelMatrix } from "lib/features/kernels.ts";
import { chooseC, trainSvm } from "lib/features/svm.ts";
import { balancedWeights } from "lib/protocol/class_weights.ts";
import { innerSubjectFolds } from "lib/protocol/splits.ts";
import type { FoldTask, Method, Scores } from "lib/train/method.ts";

// DEVIATION: the paper does not state C. These are the values of LIBSVM's guide (Hsu, Chang and Lin,
// "A practical guide to support vector classification") up to 2^7. The descriptors have norm 1, and
// from there on no coefficient of real clips reaches C, so that larger values change nothing.
const costs = [-5, -3, -1, 1, 3, 5, 7].map((power) => 2 ** power);

const linear = { kind: "linear" } as const;
const precomputed = { kind: "precomputed" } as const;

/**
 * Describes the flow field `[height, width, 3]` of each clip (u, v and strain), from onset to apex, and trains a linear one-vs-one SVM. Nothing is fitted but the SVM
 * and its C, which is chosen by macro F1 on inner folds of the training subjects.
 */
export const method: Method = { id: "bi-woof", backend: "none", runFold };

const describe = oncePerClip((field: Volume, options: BiWoofOptions) =>
  biWoof(strainedFlow(field), options)
);

async function runFold({ train, test, classes, parameters, rng }: FoldTask): Promise<Scores> {
  const options = { blocks: Number(parameters.blocks), bins: Number(parameters.bins) };
  const rows = train.map(({ input }) => describe(input, options));
  const testRows = test.map(({ input }) => describe(input, options));
  const labels = train.map(({ label }) => label);
  const weights = parameters.classWeights === "balanced"
    ? { classWeights: balancedWeights(labels, classes.length) }
    : {};
  const folds = innerSubjectFolds(train, Number(parameters.innerFolds), rng.fork("inner folds"));
  const matrix = kernelMatrix(rows, rows, linear);
  const settings = { kernel: precomputed, ...weights };
  const { candidate: C } = await chooseC(matrix, train, { ...settings, grid: costs, folds });
  const model = await trainSvm(matrix, labels, { ...settings, C });
  return model.scores(kernelMatrix(testRows, rows, linear), classes.length);
}
