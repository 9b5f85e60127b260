/**
 * The measured descriptors as Markdown.
 *
 * @module
 */
import { type Comparison, comparisonTable, howMeasured } from "./preprocessing_table.ts";

/**
 * The whole report.
 *
 * @param facts what was compared with, and the machine
 */
export function descriptorsReport(
  comparisons: readonly Comparison[],
  facts: readonly string[],
): string {
  return ["# Descriptors", howMeasured, facts.join("; "), comparisonTable(comparisons)].join(
    "\n\n",
  );
}
