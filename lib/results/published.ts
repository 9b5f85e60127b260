/**
 * Numbers that others published, with where each is from. They are shown beside ours, never mixed
 * with them.
 *
 * @module
 */
import { compareText } from "./check.ts";

/** A score that papers print. `f1` is an F1 whose averaging the source does not state. */
export type PublishedScore = "accuracy" | "f1" | "uf1" | "uar";

/** Where numbers are from. */
export interface PublishedSource {
  readonly id: string;
  readonly citation: string;
  /** Table, page or file in it. */
  readonly place: string;
  /** What numbers of this source mean, as far as a reader has to know. */
  readonly note?: string;
}

/** What a source prints for a method on a data set or one part of it. */
export interface PublishedCell {
  readonly data: string;
  /** A database of a composite data set; left out for all of it. */
  readonly part?: string;
  /** As printed; accuracy in per cent, the others as shares. */
  readonly accuracy?: number;
  /** Printed decimals of the accuracy, where the last of them is 0. */
  readonly accuracyDigits?: number;
  readonly f1?: number;
  readonly uf1?: number;
  readonly uar?: number;
  /** The numbers of this cell that were never read in the source itself; `true` for all of them. */
  readonly unverified?: true | readonly PublishedScore[];
  readonly note?: string;
}

/** What a source prints for a method. */
export interface PublishedRow {
  /** The row's name here, such as `off-apex-net`; also for methods that have no notebook. */
  readonly row: string;
  /** The method's name as printed. */
  readonly method: string;
  /** The id of a {@linkcode PublishedSource}. */
  readonly source: string;
  /**
   * Whether a step of the published procedure (the epoch, the head) looks at the held-out labels; left
   * out when that is not known.
   */
  readonly selectsOnTestFold?: boolean;
  readonly cells: readonly PublishedCell[];
  readonly note?: string;
}

/** By how much a source says that a score rises with a step, where it does not print the score itself. */
export interface PublishedGain {
  /** The row with the step, such as `flow`. */
  readonly row: string;
  /** The row without it. */
  readonly over: string;
  readonly data: string;
  readonly score: PublishedScore;
  /** Percentage points, as printed. */
  readonly points: number;
  /** Whether the source says "about". */
  readonly approximate?: true;
  /** The id of a {@linkcode PublishedSource}. */
  readonly source: string;
  /** Where in it the gain stands. */
  readonly place: string;
  /** As in {@linkcode PublishedRow}. */
  readonly selectsOnTestFold?: boolean;
}

/** Published numbers and their sources. */
export interface Published {
  readonly sources: readonly PublishedSource[];
  readonly rows: readonly PublishedRow[];
  readonly gains?: readonly PublishedGain[];
}

/** One published number with its provenance. */
export interface PublishedNumber {
  readonly row: string;
  readonly method: string;
  readonly data: string;
  readonly part: string;
  readonly score: PublishedScore;
  /** A share, 0..1. */
  readonly value: number;
  readonly source: PublishedSource;
  readonly verified: boolean;
  /** Null when not known. */
  readonly selectsOnTestFold: boolean | null;
  /** What the row, the cell or the source says about it. */
  readonly notes: readonly string[];
}

const scores = ["accuracy", "f1", "uf1", "uar"] as const;

/**
 * All published numbers one by one.
 *
 * @throws Error when a row names a source that is not listed
 */
export function publishedNumbers({ sources, rows }: Published): PublishedNumber[] {
  return rows.flatMap((row) => {
    const source = sources.find(({ id }) => id === row.source);
    if (source === undefined) throw new Error(`${row.row} names the unknown source ${row.source}`);
    return row.cells.flatMap((cell) =>
      scores.filter((name) => cell[name] !== undefined).map((name) => ({
        row: row.row,
        method: row.method,
        data: cell.data,
        part: cell.part ?? "all",
        score: name,
        value: name === "accuracy" ? cell[name]! / 100 : cell[name]!,
        source,
        verified: cell.unverified !== true && !(cell.unverified ?? []).includes(name),
        selectsOnTestFold: row.selectsOnTestFold ?? null,
        notes: [row.note, cell.note, source.note].filter((note) => note !== undefined),
      }))
    );
  });
}

/** What to look for: fields left out match everything. */
export type PublishedQuery = Partial<
  Pick<PublishedNumber, "row" | "data" | "part" | "score" | "selectsOnTestFold">
>;

/**
 * The published numbers that match a query: those that select on the test fold last, then by source.
 */
export function findPublished(published: Published, query: PublishedQuery): PublishedNumber[] {
  const entries = Object.entries(query);
  return publishedNumbers(published)
    .filter((number) => entries.every(([key, value]) => number[key as "row"] === value))
    .sort((a, b) =>
      Number(a.selectsOnTestFold === true) - Number(b.selectsOnTestFold === true) ||
      compareText(a.source.id, b.source.id)
    );
}

/** The published gains of a row on a data set, in the order of the list. */
export function findGains(
  { gains = [] }: Published,
  query: Pick<PublishedGain, "row" | "data" | "score">,
): PublishedGain[] {
  return gains.filter(({ row, data, score }) =>
    row === query.row && data === query.data && score === query.score
  );
}
