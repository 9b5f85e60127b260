/**
 * Kernel functions between feature vectors.
 *
 * @module
 */

/** A kernel by name, in LIBSVM's terms. */
export type Kernel =
  | { readonly kind: "linear" }
  /** (gamma·⟨a, b⟩ + coef0)^degree */
  | {
    readonly kind: "polynomial";
    readonly gamma: number;
    readonly degree: number;
    readonly coef0: number;
  }
  /** exp(−gamma·‖a − b‖²) */
  | { readonly kind: "rbf"; readonly gamma: number };

/**
 * The kernel between every row of `a` and every row of `b`.
 *
 * @returns `a.length` rows of `b.length` values
 * @throws RangeError when the rows differ in length
 */
export function kernelMatrix(
  a: readonly Float64Array[],
  b: readonly Float64Array[],
  kernel: Kernel,
): Float64Array[] {
  const length = a[0]?.length ?? 0;
  if ([...a, ...b].some((row) => row.length !== length)) {
    throw new RangeError("Feature vectors of different lengths have no kernel");
  }
  const value = valueOf(kernel);
  const matrix = a.map(() => new Float64Array(b.length));
  for (let i = 0; i < a.length; i++) {
    // Of a matrix of the training samples one half is enough.
    const end = a === b ? i + 1 : b.length;
    for (let j = 0; j < end; j++) {
      const entry = value(a[i]!, b[j]!);
      matrix[i]![j] = entry;
      if (a === b) matrix[j]![i] = entry;
    }
  }
  return matrix;
}

function valueOf(kernel: Kernel): (a: Float64Array, b: Float64Array) => number {
  switch (kernel.kind) {
    case "linear":
      return dot;
    case "polynomial":
      return (a, b) => (kernel.gamma * dot(a, b) + kernel.coef0) ** kernel.degree;
    case "rbf":
      return (a, b) => Math.exp(-kernel.gamma * squaredDistance(a, b));
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function squaredDistance(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i]! - b[i]!) ** 2;
  return sum;
}
