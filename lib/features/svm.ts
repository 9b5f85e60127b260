/**
 * Support vector machines for a few hundred samples of several classes: one-vs-one, as LIBSVM and
 * scikit-learn's `SVC` have them.
 *
 * @module
 */
import { chooseByFolds, type Chosen } from "lib/protocol/selection.ts";
import type { Fold, SplitItem } from "lib/protocol/splits.ts";
import { type Kernel, kernelMatrix } from "./kernels.ts";
import { type Machine, solveDual } from "./libsvm.ts";

export type { Kernel } from "./kernels.ts";

/** Settings of {@linkcode trainSvm}. */
export interface SvmOptions {
  /** With `precomputed`, rows are kernel values against the training samples instead of features. */
  readonly kernel: Kernel | { readonly kind: "precomputed" };
  /** Cost of errors, positive. */
  readonly C: number;
  /** Stopping tolerance of the solver; default 0.001. */
  readonly tolerance?: number;
  /** A factor on C for each class, by label; default 1. */
  readonly classWeights?: readonly number[];
}

/** A trained machine: plain numbers, nothing to free. */
export interface SvmModel {
  /** The classes that were trained on, ascending. */
  readonly labels: readonly number[];
  /**
   * One-vs-one decision values a row, for the pairs of `labels` (0, 1), (0, 2), …, (1, 2), …: positive
   * where the first class of the pair is preferred.
   */
  decide(rows: readonly Float64Array[]): number[][];
  /**
   * One score a class of `0 … classCount − 1`: the votes of the one-vs-one machines plus
   * s / (3·(|s| + 1)), where s sums the decision values in favour of the class. The second part stays
   * within ±⅓, so it only orders classes with equal votes (where LIBSVM would take the first). A class
   * that was not trained on gets −1, which is below all others.
   */
  scores(rows: readonly Float64Array[], classCount: number): number[][];
  /** The class with the highest score; of equal ones, the first. */
  predict(rows: readonly Float64Array[]): number[];
}

/**
 * Trains a support vector machine. With one class only, the model always predicts it.
 *
 * @param rows feature vectors, or rows of the kernel matrix
 * @param labels the class of each row, integers from 0
 * @throws RangeError when there are no rows, rows and labels do not fit, a value is not finite, or C,
 * the tolerance or a weight is not positive
 */
export async function trainSvm(
  rows: readonly Float64Array[],
  labels: readonly number[],
  options: SvmOptions,
): Promise<SvmModel> {
  if (rows.length === 0 || rows.length !== labels.length) {
    throw new RangeError(`Cannot train an SVM on ${rows.length} rows and ${labels.length} labels`);
  }
  const { kernel, C, tolerance = 1e-3, classWeights } = options;
  const classes = [...new Set(labels)].sort((a, b) => a - b);
  const against = (some: readonly Float64Array[]) =>
    kernel.kind === "precomputed" ? some : kernelMatrix(some, rows, kernel);
  const machines = classes.length === 1 ? [] : await solveDual({
    kernel: against(rows),
    labels,
    C,
    tolerance,
    ...(classWeights && {
      classWeights: Object.fromEntries(classes.map((label) => [label, classWeights[label] ?? 1])),
    }),
  });
  const decide = (some: readonly Float64Array[]) => {
    if (kernel.kind === "precomputed" && some.some((row) => row.length !== rows.length)) {
      throw new RangeError(`A kernel row must have ${rows.length} values, one a training sample`);
    }
    return against(some).map((row) => machines.map((machine) => decision(machine, row)));
  };
  const scores = (some: readonly Float64Array[], classCount: number) =>
    decide(some).map((values) => toScores({ machines, values, classes, classCount }));
  const predict = (some: readonly Float64Array[]) =>
    scores(some, classes.at(-1)! + 1).map((row) => row.indexOf(Math.max(...row)));
  return { labels: classes, decide, scores, predict };
}

/** Settings of {@linkcode chooseC}. */
export interface ChooseOptions extends Omit<SvmOptions, "C"> {
  /** Values to try, in any order. */
  readonly grid: readonly number[];
  /** Inner folds of the training part, such as `innerSubjectFolds` gives. */
  readonly folds: readonly Fold[];
}

/**
 * Chooses C by inner folds of a training part, by macro F1 of their pooled predictions; of equals, the
 * smallest. The kernel matrix is computed once.
 *
 * @param rows feature vectors of the training part, or its kernel matrix
 * @param items who they are, in the same order
 * @returns the chosen C as `candidate`, with the macro F1 of each value in ascending order of C
 * @throws RangeError when the grid or the folds are empty, or as {@linkcode trainSvm}
 */
export function chooseC(
  rows: readonly Float64Array[],
  items: readonly SplitItem[],
  { grid, folds, kernel, ...rest }: ChooseOptions,
): Promise<Chosen<number>> {
  const matrix = kernel.kind === "precomputed" ? rows : kernelMatrix(rows, rows, kernel);
  const parts = new Map(folds.map((fold) => [fold, {
    train: slice(matrix, fold.train, fold.train),
    test: slice(matrix, fold.test, fold.train),
    labels: fold.train.map((i) => items[i]!.label),
  }]));
  return chooseByFolds({
    candidates: grid.toSorted((a, b) => a - b),
    items,
    folds,
    predict: async (C, fold) => {
      const { train, test, labels } = parts.get(fold)!;
      const model = await trainSvm(train, labels, { ...rest, C, kernel: { kind: "precomputed" } });
      return model.predict(test);
    },
  });
}

function slice(
  matrix: readonly Float64Array[],
  rows: readonly number[],
  columns: readonly number[],
): Float64Array[] {
  return rows.map((row) => {
    const values = new Float64Array(columns.length);
    for (let k = 0; k < values.length; k++) values[k] = matrix[row]![columns[k]!]!;
    return values;
  });
}

function decision({ support, coefficients, rho }: Machine, kernelRow: Float64Array): number {
  let value = -rho;
  for (let k = 0; k < support.length; k++) value += coefficients[k]! * kernelRow[support[k]!]!;
  return value;
}

interface Votes {
  readonly machines: readonly Machine[];
  /** Decision values of the machines, for one sample. */
  readonly values: readonly number[];
  readonly classes: readonly number[];
  readonly classCount: number;
}

function toScores({ machines, values, classes, classCount }: Votes): number[] {
  const votes = new Array<number>(classCount).fill(0);
  const confidence = new Array<number>(classCount).fill(0);
  machines.forEach(({ positive, negative }, k) => {
    votes[values[k]! > 0 ? positive : negative]!++;
    confidence[positive]! += values[k]!;
    confidence[negative]! -= values[k]!;
  });
  const trained = new Set(classes);
  return votes.map((count, c) =>
    trained.has(c) ? count + confidence[c]! / (3 * (Math.abs(confidence[c]!) + 1)) : -1
  );
}
