/**
 * The arithmetic of a published table, cell by cell.
 *
 * @module
 */
import type { Published } from "lib/results/published.ts";
import {
  type Hits,
  type KnownSet,
  majorityRate,
  possibleHits,
  type PrintedShare,
  sizeOfSet,
} from "./granularity.ts";

/** What can be said of one printed accuracy without any data. */
export interface AuditedCell {
  readonly row: string;
  readonly method: string;
  readonly data: string;
  readonly printed: PrintedShare;
  /** By known set: its size, and the numbers of right answers that would be printed so. */
  readonly sets: readonly {
    readonly name: string;
    readonly clips: number;
    readonly hits: readonly Hits[];
  }[];
  /** Of the first set, in per cent. */
  readonly majority: number;
}

/**
 * Looks at every accuracy that one source prints for data sets with known classes.
 *
 * @param known by data set, in the order wanted; the source's own choice of classes first
 */
export function auditTable(
  published: Published,
  source: string,
  known: Readonly<Record<string, readonly KnownSet[]>>,
): AuditedCell[] {
  const order = Object.keys(known);
  return published.rows.filter((row) => row.source === source).flatMap((row) =>
    row.cells.flatMap((cell): AuditedCell[] => {
      const sets = known[cell.data];
      if (cell.accuracy === undefined || cell.part !== undefined || sets === undefined) return [];
      const digits = cell.accuracyDigits ?? decimals(cell.accuracy);
      const printed = { percent: cell.accuracy, digits };
      return [{
        row: row.row,
        method: row.method,
        data: cell.data,
        printed,
        sets: sets.map((set) => ({
          name: set.name,
          clips: sizeOfSet(set),
          hits: possibleHits(printed, sizeOfSet(set)),
        })),
        majority: 100 * majorityRate(sets[0]!),
      }];
    })
  ).sort((a, b) => order.indexOf(a.data) - order.indexOf(b.data));
}

function decimals(value: number): number {
  return String(value).split(".")[1]?.length ?? 0;
}
