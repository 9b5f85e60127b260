/**
 * The metadata of a result as the text values of an Arrow schema, and back.
 *
 * @module
 */
import { UserError } from "lib/core/errors.ts";
import { canonicalJson } from "lib/core/json.ts";
import { compareText } from "./check.ts";
import type { ResultMetadata } from "./types.ts";

/** The only format that this version reads and writes. */
export const format = "fleeting-result/1";

type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === "string";
/** What becomes part of files' names: charts are called after the row of a result. */
const isName: Check = (value) =>
  typeof value === "string" && /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(value);
const isRecord: Check = (value) =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const has = (fields: Readonly<Record<string, Check>>): Check => (value) =>
  isRecord(value) &&
  Object.entries(fields).every(([name, check]) => check((value as Record<string, unknown>)[name]));
const recordOf = (check: Check): Check => (value) =>
  isRecord(value) && Object.values(value as object).every(check);
/** Fields that a file may lack. */
const optional: readonly string[] = ["dropped"];
const isScalar: Check = (value) => ["string", "number", "boolean"].includes(typeof value);

const checks: Readonly<Record<keyof Required<ResultMetadata>, Check>> = {
  classes: (value) =>
    Array.isArray(value) && value.length >= 2 && value.every(isText) &&
    new Set(value).size === value.length,
  code: has({ digest: isText, modules: recordOf(isText) }),
  data: has({ name: isName, digest: isText, synthetic: (value) => typeof value === "boolean" }),
  dropped: (value) => Array.isArray(value) && value.every(has({ clip: isText, reason: isText })),
  environment: recordOf(isText),
  experiment: has({
    id: isName,
    table: isName,
    title: isText,
    paper: isRecord,
    source: isText,
    method: isText,
    parameters: isRecord,
    profiles: isRecord,
  }),
  format: (value) => value === format,
  optimistic: (value) => typeof value === "boolean",
  parameters: recordOf(isScalar),
  protocol: (value) => value === "strict" || value === "paper",
};

/** The metadata as sorted key → canonical JSON, in the order in which an Arrow schema keeps it. */
export function metadataToMap(metadata: ResultMetadata): Map<string, string> {
  const entries = Object.keys(checks)
    .filter((key) => metadata[key as keyof ResultMetadata] !== undefined)
    .map((key) => [key, canonicalJson(metadata[key as keyof ResultMetadata])] as const);
  return new Map(entries.sort(([a], [b]) => compareText(a, b)));
}

/**
 * Reads metadata back and checks every field.
 *
 * @throws UserError naming the file and the field that is missing, not JSON or of the wrong shape
 */
export function mapToMetadata(map: ReadonlyMap<string, string>, file: string): ResultMetadata {
  const found = map.get("format");
  if (found !== JSON.stringify(format)) {
    throw new UserError(
      `Its format is ${found ?? "not given"}; this version reads only "${format}"`,
      { file },
    );
  }
  const present = Object.entries(checks)
    .filter(([key]) => map.has(key) || !optional.includes(key));
  const entries = present.map(([key, check]) => {
    const text = map.get(key);
    const fail = (what: string): UserError => new UserError(what, { file, field: key });
    if (text === undefined) throw fail("This metadata field is missing");
    const value = parse(text);
    if (value === undefined) throw fail("This metadata field is not JSON");
    if (!check(value)) throw fail("This metadata field has not the expected shape");
    return [key, value];
  });
  return Object.fromEntries(entries) as ResultMetadata;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
