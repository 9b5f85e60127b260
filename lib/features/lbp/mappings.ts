/**
 * From patterns to histogram bins.
 *
 * @module
 */

/** `full`: a bin a pattern. `uniform`: one for each pattern with at most two changes, one for the rest. */
export type CodeSet = "full" | "uniform";

/** A table from patterns to bins. */
export interface Mapping {
  readonly bins: number;
  /** The bin of each of the 2^P patterns. */
  readonly table: Uint16Array;
}

/**
 * The bins of patterns of so many bits: 2^P of `full`, P (P − 1) + 3 of `uniform` (Ojala, Pietikäinen and
 * Mäenpää, "Multiresolution gray-scale and rotation invariant texture classification with local binary
 * patterns", IEEE TPAMI 24(7), 2002, without rotation invariance).
 *
 * Uniform patterns are numbered as by scikit-image's `nri_uniform`: first none set; then by how many are
 * set, 1 to P − 1, and for each number by how far they are turned; then all set; last, everything else.
 *
 * @param bits P, 1 to 16
 * @throws RangeError for another number
 */
export function mappingOf(codes: CodeSet, bits: number): Mapping {
  if (!Number.isInteger(bits) || bits < 1 || bits > 16) {
    throw new RangeError(`Patterns have 1 to 16 bits, got ${bits}`);
  }
  const name = `${codes} ${bits}`;
  const mapping = made.get(name) ?? makeMapping(codes, bits);
  made.set(name, mapping);
  return mapping;
}

/** Every clip needs the same ones. */
const made = new Map<string, Mapping>();

function makeMapping(codes: CodeSet, bits: number): Mapping {
  const patterns = [...Array(2 ** bits).keys()];
  if (codes === "full") return { bins: patterns.length, table: Uint16Array.from(patterns) };
  const table = Uint16Array.from(patterns, (code) => uniformBin(code, bits));
  return { bins: bits * (bits - 1) + 3, table };
}

function uniformBin(code: number, bits: number): number {
  const places = [...Array(bits).keys()];
  const set = (p: number): boolean => (code >> p & 1) === 1;
  const ones = places.filter(set).length;
  if (ones === 0) return 0;
  if (ones === bits) return bits * (bits - 1) + 1;
  const changes = places.filter((p) => set(p) !== set((p + 1) % bits)).length;
  if (changes > 2) return bits * (bits - 1) + 2;
  // Where the run of ones starts; one across the end starts below 0.
  const start = set(0) ? places.findIndex((p) => !set(p)) - ones : places.findIndex(set);
  return 1 + (ones - 1) * bits + (start > 0 ? bits - start : -start);
}
