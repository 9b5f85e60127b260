/**
 * Kernel functions between feature vectors.
 *
 * @module
 */

/** A feature vector. */
export type FeatureRow = Float32Array | Float64Array;

/** A kernel by name, in LIBSVM's terms where it has it. */
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
  | { readonly kind: "rbf"; readonly gamma: number }
  /** exp(−gamma·Σ (a − b)² / (a + b)), for histograms; 0/0 counts as 0 */
  | { readonly kind: "chi-square"; readonly gamma: number };

/**
 * The kernel between every row of `a` and every row of `b`.
 *
 * @returns `a.length` rows of `b.length` values
 * @throws RangeError when the rows differ in length, or a value is negative under `chi-square`
 */
export function kernelMatrix(
  a: readonly FeatureRow[],
  b: readonly FeatureRow[],
  kernel: Kernel,
): Float64Array[] {
  const length = (a[0] ?? b[0])?.length ?? 0;
  if ([...a, ...b].some((row) => row.length !== length)) {
    throw new RangeError("Feature vectors of different lengths have no kernel");
  }
  if (kernel.kind === "chi-square" && [...a, ...b].some((row) => row.some((x) => x < 0))) {
    throw new RangeError("Histograms have no negative values");
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

function valueOf(kernel: Kernel): (a: FeatureRow, b: FeatureRow) => number {
  switch (kernel.kind) {
    case "linear":
      return dot;
    case "polynomial":
      return (a, b) => (kernel.gamma * dot(a, b) + kernel.coef0) ** kernel.degree;
    case "rbf":
      return (a, b) => Math.exp(-kernel.gamma * squaredDistance(a, b));
    case "chi-square":
      return (a, b) => Math.exp(-kernel.gamma * chiSquareDistance(a, b));
  }
}

/** ⟨a, b⟩ of two rows of the same length. */
function dot(a: FeatureRow, b: FeatureRow): number {
  // Four sums at a time, or each addition would wait for the one before it.
  let p = 0, q = 0, r = 0, s = 0;
  const whole = a.length - a.length % 4;
  for (let i = 0; i < whole; i += 4) {
    p += a[i]! * b[i]!;
    q += a[i + 1]! * b[i + 1]!;
    r += a[i + 2]! * b[i + 2]!;
    s += a[i + 3]! * b[i + 3]!;
  }
  for (let i = whole; i < a.length; i++) p += a[i]! * b[i]!;
  return p + q + (r + s);
}

function squaredDistance(a: FeatureRow, b: FeatureRow): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i]! - b[i]!) ** 2;
  return sum;
}

/** Σ (a − b)² / (a + b) of two histograms of the same length; 0/0 counts as 0. */
export function chiSquareDistance(a: FeatureRow, b: FeatureRow): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) {
    const total = a[i]! + b[i]!;
    if (total !== 0) sum += (a[i]! - b[i]!) ** 2 / total;
  }
  return sum;
}
