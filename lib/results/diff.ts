/**
 * Result files before and after.
 *
 * @module
 */
import { relative, resolve } from "@std/path";
import { UserError } from "lib/core/errors.ts";
import { scorePredictions } from "lib/protocol/metrics.ts";
import { decodeResult, listResults } from "./arrow.ts";
import { readBytes } from "./arrow_table.ts";
import { compareText } from "./check.ts";
import { compareResults, type ResultDifference } from "./compare.ts";
import type { Snapshot } from "./git.ts";
import type { Result } from "./types.ts";

/** What must be said beside a file's numbers. */
export interface FileMarks {
  readonly synthetic: boolean;
  readonly optimistic: boolean;
}

/** What happened to a result file. */
export type FileDifference =
  & { readonly file: string }
  & (
    | { readonly status: "same" }
    | FileMarks & { readonly status: "changed"; readonly difference: ResultDifference }
    | FileMarks & { readonly status: "added" | "removed"; readonly uf1: number }
    | { readonly status: "unreadable"; readonly problem: string }
  );

/** The result files below a folder as they are now. */
export async function filesInFolder(folder: string, cwd: string = Deno.cwd()): Promise<Snapshot> {
  const paths = await listResults(resolve(cwd, folder));
  return new Map(paths.map((path) => [relative(cwd, path), () => readBytes(path)]));
}

/**
 * Compares two snapshots file by file, sorted by path. A file that cannot be read is reported and does
 * not stop the others.
 */
export async function diffSnapshots(before: Snapshot, after: Snapshot): Promise<FileDifference[]> {
  const files = [...new Set([...before.keys(), ...after.keys()])].sort(compareText);
  const differences: FileDifference[] = [];
  for (const file of files) {
    differences.push(await diffFile(file, before, after));
  }
  return differences;
}

/**
 * Whether a result is gone or got worse by more than chance: the interval of a score's change lies below
 * 0, or McNemar's test gives less than 0.05 to so many more clips right before.
 */
export function isRegression(entry: FileDifference): boolean {
  if (entry.status === "removed") return true;
  if (entry.status !== "changed") return false;
  const { scores, test } = entry.difference;
  return scores.some(({ interval }) => interval !== null && interval.high < 0) ||
    (test !== null && test.onlyBefore > test.onlyAfter && test.p < 0.05);
}

async function diffFile(
  file: string,
  before: Snapshot,
  after: Snapshot,
): Promise<FileDifference> {
  try {
    const earlier = await before.get(file)?.();
    const later = await after.get(file)?.();
    if (earlier && later && equalBytes(earlier, later)) return { file, status: "same" };
    const old = earlier && decodeResult(earlier, `${file} (before)`);
    const now = later && decodeResult(later, `${file} (after)`);
    if (old && now) {
      return { file, status: "changed", ...marksOf(now), difference: compareResults(old, now) };
    }
    const [status, lone] = now ? ["added", now] as const : ["removed", old!] as const;
    const { uf1 } = scorePredictions(lone.predictions, lone.metadata.classes).composite;
    return { file, status, ...marksOf(lone), uf1 };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { file, status: "unreadable", problem: error.message };
  }
}

function marksOf({ metadata }: Result): FileMarks {
  return { synthetic: metadata.data.synthetic, optimistic: metadata.optimistic };
}

function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
