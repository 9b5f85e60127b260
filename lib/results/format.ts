/**
 * How numbers and tables look as text.
 *
 * @module
 */

/** A score with three digits; a dash where it is not defined. */
export function score(value: number): string {
  return Number.isFinite(value) ? value.toFixed(3) : "–";
}

/** A difference of scores, with its sign. */
export function signed(value: number): string {
  return value > 0 ? `+${score(value)}` : score(value);
}

/** An interval of scores, such as `0.612 to 0.701`. */
export function range({ low, high }: { readonly low: number; readonly high: number }): string {
  return `${score(low)} to ${score(high)}`;
}

/** Counts as text; with one digit after the point when they are means over seeds and not all whole. */
export function counts(values: readonly (readonly number[])[]): string[][] {
  const digits = values.flat().every(Number.isInteger) ? 0 : 1;
  return values.map((row) => row.map((value) => value.toFixed(digits)));
}

/** A probability; below a thousandth only that it is. */
export function probability(p: number): string {
  return p < 0.001 ? "< 0.001" : p.toFixed(3);
}

/** The first digits of a digest: enough to tell two apart by eye. */
export function shortDigest(digest: string): string {
  return digest.slice(0, 12);
}

/** `1 clip`, `2 clips`. */
export function plural(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? "" : "s"}`;
}

/** A Markdown table. The first column is aligned to the left, the others to the right on request. */
export function markdownTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  { right = true }: { readonly right?: boolean } = {},
): string {
  const line = (cells: readonly string[]) => `| ${cells.map(escapeCell).join(" | ")} |`;
  const rule = head.map((_, i) => (i > 0 && right ? "---:" : "---"));
  return [line(head), `| ${rule.join(" | ")} |`, ...rows.map(line)].join("\n");
}

function escapeCell(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("|", "\\|").replaceAll(/\s+/g, " ");
}
