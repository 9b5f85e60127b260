/**
 * The one table of everything that benches compare: records, and how they are kept.
 *
 * @module
 */
import { Float64, Utf8 } from "apache-arrow";
import { UserError } from "lib/core/errors.ts";
import { canonicalJson } from "lib/core/json.ts";
import { readTable } from "lib/results/arrow_table.ts";
import { type Column, encodeRows } from "lib/results/arrow_write.ts";
import { compareText } from "lib/results/check.ts";
import { checkSeals } from "lib/results/seal.ts";

/** Ours beside something else. */
export interface BenchRecord {
  /** The bench that it comes from, such as `training`. */
  readonly part: string;
  /** What is computed, and on what. */
  readonly what: string;
  readonly unit: string;
  readonly ours: number;
  /** What one would use instead, with its version. */
  readonly peer: string;
  /** NaN where it was not measured. */
  readonly theirs: number;
  /** How many times as fast ours is, or how many times as little it takes; NaN where not known. */
  readonly ratio: number;
  /** The ratio that we want at least; NaN for none. */
  readonly goal: number;
  readonly met: "met" | "missed" | "no goal" | "not measured";
  /** How well both agree, or why theirs is missing. */
  readonly accuracy: string;
}

/** What a bench measured. */
export interface BenchPart {
  readonly records: readonly BenchRecord[];
  /** Versions of what was compared with, and the machine. */
  readonly facts: readonly string[];
}

/** The table: what each bench measured last, by its name. */
export type BenchTable = Readonly<Record<string, BenchPart>>;

/** A record without what follows from it. */
type Measured =
  & Pick<BenchRecord, "part" | "what" | "unit" | "ours" | "peer" | "accuracy">
  & { readonly theirs: number | undefined; readonly goal?: number | undefined };

/** Completes a record; of frames a second more is better, of all other units less. */
export function benchRecord({ theirs = NaN, goal = NaN, ...rest }: Measured): BenchRecord {
  const faster = /\/s$/.test(rest.unit) ? rest.ours / theirs : theirs / rest.ours;
  const verdict = Number.isNaN(faster)
    ? "not measured"
    : Number.isNaN(goal)
    ? "no goal"
    : faster >= goal
    ? "met"
    : "missed";
  return { ...rest, theirs, ratio: faster, goal, met: verdict };
}

const texts = ["part", "what", "unit", "peer", "met", "accuracy"] as const;
const numbers = ["ours", "theirs", "ratio", "goal"] as const;
const order: readonly (keyof BenchRecord)[] = [
  ...[
    "part",
    "what",
    "unit",
    "ours",
    "peer",
    "theirs",
    "ratio",
    "goal",
    "met",
    "accuracy",
  ] as const,
];

const columns = order.map((name): Column<BenchRecord> => ({
  name,
  type: (numbers as readonly string[]).includes(name) ? new Float64() : new Utf8(),
  value: (row) => row[name],
}));

const format = "fleeting-bench/1";

/** The bytes of the table: a row a record, in the order of the parts' names; facts are metadata. */
export function encodeBench(table: BenchTable): Uint8Array {
  const parts = Object.keys(table).sort(compareText);
  const facts = Object.fromEntries(parts.map((part) => [part, table[part]!.facts]));
  const metadata = new Map([["format", canonicalJson(format)], ["facts", canonicalJson(facts)]]);
  return encodeRows(parts.flatMap((part) => table[part]!.records), columns, metadata);
}

/**
 * Reads what {@linkcode encodeBench} wrote.
 *
 * @param file the name to put into errors
 * @throws UserError naming the file when it is damaged or something else
 */
export function decodeBench(bytes: Uint8Array, file: string): BenchTable {
  const fix = "Restore it from git, or remove it and run: deno task bench";
  if (checkSeals(bytes) !== "intact") {
    throw new UserError("This bench table is damaged", { file, fix });
  }
  const table = readTable(bytes, file);
  const { metadata, fields } = table.schema;
  const names = fields.map(({ name }) => name);
  if (metadata.get("format") !== canonicalJson(format) || names.join() !== order.join()) {
    throw new UserError(`This is no bench table of the format ${format}`, { file, fix });
  }
  const facts = JSON.parse(metadata.get("facts")!) as Record<string, string[]>;
  const text = texts.map((name) => [name, [...table.getChild(name)!]] as const);
  const number = numbers.map((name) => [name, [...table.getChild(name)!]] as const);
  const records = Array.from(
    { length: table.numRows },
    (_, i) =>
      Object.fromEntries(
        [...text, ...number].map(([name, values]) => [name, values[i]]),
      ) as unknown as BenchRecord,
  );
  return Object.fromEntries(
    Object.entries(facts).map(([part, facts]) => [
      part,
      { facts, records: records.filter((record) => record.part === part) },
    ]),
  );
}
