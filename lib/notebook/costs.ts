/**
 * What the networks of a table take, beside each other.
 *
 * @module
 */
import { UserError } from "lib/core/errors.ts";
import { score } from "lib/results/format.ts";
import type { SummaryRow } from "lib/results/summary.ts";
import type { Result } from "lib/results/types.ts";
import { networkSize } from "lib/run/size.ts";
import { threeDigits, whole } from "./network_table.ts";

/** The columns of {@linkcode costLines}. */
export const costHead: readonly string[] = [
  "method",
  "learned numbers",
  "MFLOPs, one clip forth",
  "TFLOPs, whole training",
  "UF1",
];

/** What the numbers mean. */
export const costNote =
  "Two FLOPs for each multiply-add of convolutions and fully connected layers, " +
  "at the size at which the row was run; the whole training is all folds, inner folds, epochs and " +
  "seeds, forth and back. Calculated, not measured. Rows without a network have no such numbers.";

/**
 * A line for each strict row with a network, in the rows' order.
 *
 * @param results of the same table
 */
export async function costLines(
  rows: readonly SummaryRow[],
  results: readonly Result[],
): Promise<string[][]> {
  const lines: string[][] = [];
  for (const row of rows.filter(({ protocol }) => protocol === "strict")) {
    const result = results.find(({ metadata }) =>
      metadata.protocol === "strict" && metadata.experiment.id === row.row
    )!;
    // A result may be of a row that is gone.
    const size = await networkSize(result).catch((error) => {
      if (!(error instanceof UserError)) throw error;
    });
    if (!size) continue;
    lines.push([
      row.title,
      whole(size.parameters),
      threeDigits(size.forward / 1e6),
      threeDigits(size.training / 1e12),
      score(row.scores.composite.uf1),
    ]);
  }
  return lines;
}
