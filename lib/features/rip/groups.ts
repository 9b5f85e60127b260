/**
 * Comparing clips group by group, where a group of features is a block.
 *
 * @module
 */
import { chiSquareDistance, type FeatureRow } from "../kernels.ts";

/** How two clips compare in each group of features. */
export interface GroupTable {
  readonly groups: number;
  /** χ² distances: a row a sample, `[training sample][group]`. */
  readonly distances: readonly Float64Array[];
  /** Scalar products, likewise, where they are asked for. */
  readonly products?: readonly Float64Array[];
}

/** What {@linkcode compareGroups} needs. */
export interface GroupRows {
  readonly train: readonly FeatureRow[];
  readonly others: readonly FeatureRow[];
  /** Values of one group; rows are groups one after the other. */
  readonly length: number;
  /** Whether scalar products are wanted, too. */
  readonly products: boolean;
}

/**
 * Compares every sample with every training sample.
 *
 * @returns rows for the training samples, then for the others
 * @throws RangeError when rows differ in length or are not made of whole groups
 */
export function compareGroups({ train, others, length, products }: GroupRows): GroupTable {
  const all = [...train, ...others];
  const total = all[0]?.length ?? 0;
  if (all.some((row) => row.length !== total) || total % length !== 0) {
    throw new RangeError(`Feature vectors must have equal lengths, in groups of ${length}`);
  }
  const groups = total / length;
  const parts = all.map((row) =>
    Array.from({ length: groups }, (_, g) => row.subarray(g * length, (g + 1) * length))
  );
  const tableOf = (compare: (a: FeatureRow, b: FeatureRow) => number) => {
    const table = parts.map(() => new Float64Array(train.length * groups));
    parts.forEach((own, i) => {
      // Among the training samples, one half is enough.
      for (let j = 0; j <= Math.min(i, train.length - 1); j++) {
        for (let g = 0; g < groups; g++) {
          const value = compare(own[g]!, parts[j]![g]!);
          table[i]![j * groups + g] = value;
          if (i < train.length) table[j]![i * groups + g] = value;
        }
      }
    });
    return table;
  };
  const distances = tableOf(chiSquareDistance);
  return products ? { groups, distances, products: tableOf(product) } : { groups, distances };
}

function product(a: FeatureRow, b: FeatureRow): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
