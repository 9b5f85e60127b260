/**
 * Eigenvectors of symmetric matrices of a few hundred rows.
 *
 * @module
 */

/** The eigenvalues of a symmetric matrix, largest first, and a unit eigenvector for each. */
export interface Eigen {
  readonly values: Float64Array;
  /** One row an eigenvector; its first entry that is not 0 to rounding is positive. */
  readonly vectors: readonly Float64Array[];
}

/**
 * Decomposes a symmetric matrix: Householder reflections make it tridiagonal, implicit QR steps with
 * Wilkinson's shift make that diagonal (Golub and Van Loan, "Matrix computations", section 8.3).
 *
 * @param matrix square; only its lower triangle is trusted to be exact
 * @throws RangeError when it is not square or has values that are not finite
 */
export function symmetricEigen(matrix: readonly Float64Array[]): Eigen {
  const n = matrix.length;
  if (matrix.some((row) => row.length !== n || !row.every(Number.isFinite))) {
    throw new RangeError("Eigenvectors need a square matrix of finite values");
  }
  const basis = matrix.map((_, i) => {
    const row = new Float64Array(n);
    row[i] = 1;
    return row;
  });
  const { diagonal, off } = tridiagonalise(matrix.map((row) => row.slice()), basis);
  diagonalise(diagonal, off, basis);
  const order = basis.map((_, i) => i).sort((a, b) => diagonal[b]! - diagonal[a]! || a - b);
  return {
    values: Float64Array.from(order, (i) => diagonal[i]!),
    vectors: order.map((i) => upright(basis[i]!)),
  };
}

/** Changes the sign where that makes it unique. */
function upright(vector: Float64Array): Float64Array {
  const first = vector.find((value) => Math.abs(value) > 1e-9) ?? 0;
  return first < 0 ? vector.map((value) => -value) : vector;
}

interface Tridiagonal {
  readonly diagonal: Float64Array;
  /** Entry i stands between diagonal entries i and i + 1. */
  readonly off: Float64Array;
}

/** Overwrites `a`, and applies the reflections to the rows of `basis`. */
function tridiagonalise(a: Float64Array[], basis: Float64Array[]): Tridiagonal {
  const n = a.length;
  const off = new Float64Array(n);
  const v = new Float64Array(n);
  for (let k = 0; k + 1 < n; k++) {
    let square = 0;
    for (let i = k + 1; i < n; i++) {
      v[i] = a[i]![k]!;
      square += v[i]! ** 2;
    }
    const first = v[k + 1]!;
    const rest = square - first ** 2;
    const length = Math.sqrt(square);
    off[k] = first > 0 ? -length : length;
    // Nothing below the subdiagonal is left to clear.
    if (k + 2 === n || rest <= 0) {
      off[k] = first;
      continue;
    }
    v[k + 1] = first - off[k]!;
    const norm = Math.sqrt(rest + v[k + 1]! ** 2);
    for (let i = k + 1; i < n; i++) v[i]! /= norm;
    reflectBoth(a, v, k + 1);
    reflectRows(basis, v, k + 1);
  }
  return { diagonal: Float64Array.from(a, (row, i) => row[i]!), off };
}

/** a ← H a H of the trailing part, H = I − 2 v vᵀ. */
function reflectBoth(a: Float64Array[], v: Float64Array, from: number): void {
  const n = a.length;
  const w = new Float64Array(n);
  let share = 0;
  for (let i = from; i < n; i++) {
    const row = a[i]!;
    let sum = 0;
    for (let j = from; j < n; j++) sum += row[j]! * v[j]!;
    w[i] = sum;
    share += v[i]! * sum;
  }
  for (let i = from; i < n; i++) w[i]! -= share * v[i]!;
  for (let i = from; i < n; i++) {
    const row = a[i]!, p = 2 * v[i]!, q = 2 * w[i]!;
    for (let j = from; j < n; j++) row[j]! -= p * w[j]! + q * v[j]!;
  }
}

/** basis ← H basis. */
function reflectRows(basis: Float64Array[], v: Float64Array, from: number): void {
  const n = basis.length;
  const sums = new Float64Array(n);
  for (let i = from; i < n; i++) {
    const row = basis[i]!, factor = v[i]!;
    for (let j = 0; j < n; j++) sums[j]! += factor * row[j]!;
  }
  for (let i = from; i < n; i++) {
    const row = basis[i]!, factor = 2 * v[i]!;
    for (let j = 0; j < n; j++) row[j]! -= factor * sums[j]!;
  }
}

/** QR steps until nothing is left beside the diagonal; each takes two or three for an eigenvalue. */
function diagonalise(d: Float64Array, e: Float64Array, basis: Float64Array[]): void {
  const isZero = (i: number) => Math.abs(e[i]!) <= 1e-16 * (Math.abs(d[i]!) + Math.abs(d[i + 1]!));
  let steps = 60 * d.length;
  for (let high = d.length - 1; high > 0;) {
    if (isZero(high - 1)) {
      e[--high] = 0;
      continue;
    }
    let low = high - 1;
    while (low > 0 && !isZero(low - 1)) low--;
    if (steps-- === 0) throw new Error("The eigenvalues of a matrix were not found");
    step(d, e, { basis, low, high });
  }
}

interface Part {
  readonly basis: Float64Array[];
  readonly low: number;
  readonly high: number;
}

/** One implicit QR step on the rows `low` to `high`, rotating the rows of the basis along. */
function step(d: Float64Array, e: Float64Array, { basis, low, high }: Part): void {
  const half = (d[high - 1]! - d[high]!) / 2;
  const last = e[high - 1]!;
  const root = Math.hypot(half, last);
  let x = d[low]! - (d[high]! - last ** 2 / (half + (half < 0 ? -root : root)));
  let z = e[low]!;
  for (let k = low; k < high; k++) {
    const r = Math.hypot(x, z);
    const c = r === 0 ? 1 : x / r, s = r === 0 ? 0 : z / r;
    if (k > low) e[k - 1] = r;
    const p = d[k]!, q = d[k + 1]!, m = e[k]!;
    d[k] = c * c * p + 2 * c * s * m + s * s * q;
    d[k + 1] = s * s * p - 2 * c * s * m + c * c * q;
    e[k] = c * s * (q - p) + (c * c - s * s) * m;
    if (k + 1 < high) {
      x = e[k]!;
      z = s * e[k + 1]!;
      e[k + 1]! *= c;
    }
    rotate(basis[k]!, basis[k + 1]!, [c, s]);
  }
}

function rotate(a: Float64Array, b: Float64Array, [c, s]: readonly [number, number]): void {
  for (let j = 0; j < a.length; j++) {
    const p = a[j]!, q = b[j]!;
    a[j] = c * p + s * q;
    b[j] = c * q - s * p;
  }
}
