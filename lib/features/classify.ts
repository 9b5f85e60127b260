/**
 * Classifying the held-out clips of a fold by a support vector machine, with everything that is fitted,
 * and C, from its training clips.
 *
 * @module
 */
import { chooseByFolds } from "lib/protocol/selection.ts";
import type { Fold, SplitItem } from "lib/protocol/splits.ts";
import { type FeatureRow, kernelMatrix } from "./kernels.ts";
import { type KernelName, scaledKernel } from "./kernel_scale.ts";
import { trainSvm } from "./svm.ts";
import { fitWpca } from "./wpca.ts";

/** Kernel values between samples. */
export interface Kernels {
  /** Of the training samples, among themselves. */
  readonly train: readonly Float64Array[];
  /** Of the other samples, each against all training samples. */
  readonly others: readonly Float64Array[];
}

/**
 * Fits whatever there is to fit on the training samples, and gives the kernel values. Samples are known by
 * their number; nothing may be learned from the others, nor from one of them about another, but under
 * `paper` where that is asked for ({@linkcode Fitting}).
 */
export type KernelsOf = (train: readonly number[], others: readonly number[]) => Kernels;

/** What {@linkcode classify} needs. */
export interface Classification {
  readonly kernelsOf: KernelsOf;
  /** The training samples; their numbers are 0, 1, … */
  readonly train: readonly SplitItem[];
  /** How many samples are to be classified; their numbers follow. */
  readonly testCount: number;
  readonly classCount: number;
  /** Inner folds of the training samples. */
  readonly folds: readonly Fold[];
  /** Values of C to try. */
  readonly grid: readonly number[];
  /** A factor on C for each class. */
  readonly classWeights?: readonly number[];
}

const precomputed = { kind: "precomputed" } as const;

/**
 * Chooses C by macro F1 on the inner folds, where everything is fitted anew without the clips that are
 * predicted; then trains on all training samples, and scores the others.
 *
 * @returns one score a class for each sample to be classified, as `SvmModel.scores` has them
 * @throws RangeError as `trainSvm`
 */
export async function classify(
  { kernelsOf, train, testCount, classCount, folds, grid, classWeights }: Classification,
): Promise<number[][]> {
  const fit = (kernels: Kernels, members: readonly number[], C: number) => {
    const labels = members.map((i) => train[i]!.label);
    const weights = classWeights === undefined ? {} : { classWeights };
    return trainSvm(kernels.train, labels, { kernel: precomputed, C, ...weights });
  };
  const inner = new Map(folds.map((fold) => [fold, kernelsOf(fold.train, fold.test)]));
  const { candidate: C } = await chooseByFolds({
    candidates: grid.toSorted((a, b) => a - b),
    items: train,
    folds,
    predict: async (C, fold) => {
      const kernels = inner.get(fold)!;
      return (await fit(kernels, fold.train, C)).predict(kernels.others);
    },
  });
  const all = train.map((_, i) => i);
  const kernels = kernelsOf(all, Array.from({ length: testCount }, (_, i) => train.length + i));
  return (await fit(kernels, all, C)).scores(kernels.others, classCount);
}

/** On which samples that is fitted which needs no labels. */
export interface Fitting {
  /** Also on those to be classified, as is done where features are prepared before the split. */
  readonly onAll?: boolean;
}

/** How {@linkcode rowKernels} compares feature vectors. */
export interface RowKernelOptions extends Fitting {
  readonly kernel: KernelName;
  /** Of the polynomial kernel. */
  readonly degree?: number;
  /** Whitened principal components (of the kernel) instead, at most so many; 0: the kernel as it is. */
  readonly components: number;
}

/**
 * Kernel values of feature vectors. The kernel's γ comes from all training rows, and no label; principal
 * components are fitted on the training samples of each call.
 *
 * @param train rows of the training samples
 * @param others rows of the samples to be classified
 */
export function rowKernels(
  train: readonly FeatureRow[],
  others: readonly FeatureRow[],
  { kernel: name, degree, components, onAll = false }: RowKernelOptions,
): KernelsOf {
  const all = [...train, ...others];
  const kernel = scaledKernel(name, onAll ? all : train, degree);
  const columns = onAll ? all : train;
  const matrix = [
    ...kernelMatrix(train, columns, kernel),
    ...kernelMatrix(others, columns, kernel),
  ];
  return (members, held) => {
    const together = [...members, ...held];
    if (fitTogether({ components, onAll }, together.length)) {
      return whitenedTogether(slice(matrix, together, together), members.length, components);
    }
    const part = { train: slice(matrix, members, members), others: slice(matrix, held, members) };
    return components > 0 ? whitened(part, components) : part;
  };
}

/**
 * Whether principal components can be fitted on so many samples at once: they must be at most half as many.
 * With one less than samples, whitening makes every two of them equally far from each other, and with a few
 * less their distances tell of the components that are left out. Then training samples alone are fitted on.
 */
export function fitTogether({ components, onAll = false }: RowOptions, samples: number): boolean {
  return onAll && components > 0 && components <= samples / 2;
}

type RowOptions = Pick<RowKernelOptions, "components" | "onAll">;

/**
 * Kernel values of whitened principal components that were fitted on training samples and others alike.
 *
 * @param matrix of all samples among themselves, the training samples first
 * @param count of training samples
 * @param components how many at most
 */
export function whitenedTogether(
  matrix: readonly Float64Array[],
  count: number,
  components: number,
): Kernels {
  const { train: rows } = fitWpca(matrix, components);
  const kernels = kernelMatrix(rows, rows.slice(0, count), { kind: "linear" });
  return { train: kernels.slice(0, count), others: kernels.slice(count) };
}

/**
 * Kernel values of whitened principal components instead, fitted on the training samples.
 *
 * @param components how many at most
 */
export function whitened({ train, others }: Kernels, components: number): Kernels {
  const fitted = fitWpca(train, components);
  const linear = { kind: "linear" } as const;
  return {
    train: kernelMatrix(fitted.train, fitted.train, linear),
    others: kernelMatrix(fitted.project(others), fitted.train, linear),
  };
}

/** The rows and columns of a matrix with these numbers. */
function slice(
  matrix: readonly Float64Array[],
  rows: readonly number[],
  columns: readonly number[],
): Float64Array[] {
  return rows.map((row) => Float64Array.from(columns, (column) => matrix[row]![column]!));
}
