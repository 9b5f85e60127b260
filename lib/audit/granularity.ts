/**
 * Whether a printed accuracy is possible: the share of right answers among n clips is k/n for a whole k,
 * and most numbers with two decimals are not. (Known for means as the GRIM test: N. J. L. Brown, J. A. J.
 * Heathers, Social Psychological and Personality Science 8(4), 2017.)
 *
 * @module
 */

/** A share as it is printed. */
export interface PrintedShare {
  readonly percent: number;
  /** Decimals of the per cent. */
  readonly digits: number;
}

/** A whole number of right answers that gives a printed share. */
export interface Hits {
  readonly hits: number;
  /** `rounding` to the nearest, either way where both are as near, or `truncation` of further decimals. */
  readonly by: "rounding" | "truncation";
}

/**
 * Every number of right answers among n clips that is printed as this share.
 *
 * @throws RangeError when n is not a whole number of at least 1
 */
export function possibleHits({ percent, digits }: PrintedShare, n: number): Hits[] {
  if (!Number.isInteger(n) || n < 1) throw new RangeError(`Expected a number of clips, got ${n}`);
  // In whole units of the last decimal, so that nothing is lost to binary fractions.
  const unit = 10 ** digits;
  const printed = Math.round(percent * unit);
  const least = Math.max(0, Math.floor((percent - 1 / unit) / 100 * n));
  const most = Math.min(n, Math.ceil((percent + 1 / unit) / 100 * n));
  const found: Hits[] = [];
  for (let hits = least; hits <= most; hits++) {
    // 2 (100 unit hits) / n against 2 printed ± 1: rounding reaches half a unit to either side.
    const twice = 200 * unit * hits;
    if (twice >= (2 * printed - 1) * n && twice <= (2 * printed + 1) * n) {
      found.push({ hits, by: "rounding" });
    } else if (twice > 2 * printed * n && twice < 2 * (printed + 1) * n) {
      found.push({ hits, by: "truncation" });
    }
  }
  return found;
}

/** How probable it is that a number with so many decimals, drawn evenly from 0 to 100, is possible for n. */
export function chanceOfMatch(digits: number, n: number): number {
  const printable = new Set(
    Array.from({ length: n + 1 }, (_, hits) => Math.round(100 * 10 ** digits * hits / n)),
  );
  return printable.size / (100 * 10 ** digits + 1);
}

/** What a database's clips come to under one choice of classes. */
export interface KnownSet {
  /** Of whom or what this choice is, such as `the paper`. */
  readonly name: string;
  /** Clips of each class. */
  readonly classes: Readonly<Record<string, number>>;
}

/** The number of clips of a set. */
export function sizeOfSet({ classes }: KnownSet): number {
  return Object.values(classes).reduce((sum, count) => sum + count, 0);
}

/** The accuracy of always answering the largest class. */
export function majorityRate(set: KnownSet): number {
  return Math.max(...Object.values(set.classes)) / sizeOfSet(set);
}
