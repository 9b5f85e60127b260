/**
 * Result files: one Arrow IPC file a result, the same bytes for the same result.
 *
 * @module
 */
import { Float64, Int32, type Table, Utf8 } from "apache-arrow";
import { join } from "@std/path";
import { UserError } from "lib/core/errors.ts";
import { writeAtomic } from "lib/core/files.ts";
import { canonicalJson } from "lib/core/json.ts";
import { readBytes, readTable, requireEnds } from "./arrow_table.ts";
import { type Column, encodeRows } from "./arrow_write.ts";
import { headCount } from "./heads.ts";
import { compareRows, compareText, rowProblem } from "./check.ts";
import { resultMarkdown } from "./markdown.ts";
import { mapToMetadata, metadataToMap } from "./metadata.ts";
import { checkSeals } from "./seal.ts";
import type { Prediction, Result } from "./types.ts";

const textColumns = ["fold", "clip", "subject", "database", "truth", "predicted"] as const;

/** The columns of a result file, in order; none may hold a null. */
function columnsOf(classes: readonly string[], heads: number): Column<Prediction>[] {
  const headNumbers = Array.from({ length: heads }, (_, h) => h);
  return [
    { name: "seed", type: new Int32(), value: (row) => row.seed },
    ...textColumns.map((name) => ({
      name,
      type: new Utf8(),
      value: (row: Prediction) => row[name],
    })),
    ...classes.map((name, c) => ({
      name: `score_${name}`,
      type: new Float64(),
      value: (row: Prediction) => row.scores[c] as number,
    })),
    ...heads === 0
      ? []
      : [{ name: "head", type: new Int32(), value: (row: Prediction) => row.heads!.chosen }],
    ...headNumbers.flatMap((h) =>
      classes.map((name, c) => ({
        name: `head${h + 1}_${name}`,
        type: new Float64(),
        value: (row: Prediction) => row.heads!.scores[h]![c]!,
      }))
    ),
  ];
}

/**
 * The bytes of a result: an Arrow IPC file with the columns seed, fold, clip, subject, database,
 * truth, predicted and `score_<class>`, rows sorted by seed, fold and clip, metadata keys sorted. A
 * network with several heads adds `head`, the one chosen on inner folds (from 1; 0 for none), and
 * `head<n>_<class>`. Equal results give equal bytes, whatever the order of their rows.
 *
 * @throws RangeError when the rows contradict each other or the classes: see `rowProblem`
 */
export function encodeResult(result: Result): Uint8Array {
  const problem = rowProblem(result);
  if (problem !== undefined) throw new RangeError(`Cannot write this result: ${problem}`);
  const { metadata } = result;
  const rows = [...result.predictions].sort(compareRows);
  return encodeRows(rows, columnsOf(metadata.classes, headCount(rows)), metadataToMap(metadata));
}

/**
 * Reads what {@linkcode encodeResult} wrote, and checks all of it: the seal over its bytes, metadata,
 * columns, types and rows.
 *
 * @param file the name to put into errors
 * @throws UserError naming the file and what is wrong with it
 */
export function decodeResult(bytes: Uint8Array, file: string): Result {
  requireEnds(bytes, file);
  const seals = checkSeals(bytes);
  if (seals === "damaged") {
    throw new UserError("Its bytes do not fit its seal: it was changed after it was written", {
      file,
      fix: "Restore it from git, or run its notebook again",
    });
  }
  if (seals === "none") {
    throw new UserError("This Arrow file is not a fleeting result", {
      file,
      fix: "For predictions from elsewhere use deno task score",
    });
  }
  const table = readTable(bytes, file);
  const metadata = mapToMetadata(table.schema.metadata, file);
  const heads =
    table.schema.fields.filter(({ name }) =>
      name.startsWith("head") && name.endsWith(`_${metadata.classes[0]}`)
    ).length;
  checkColumns(table, columnsOf(metadata.classes, heads), file);
  const seeds = table.getChild("seed")!.toArray() as Int32Array;
  const texts = textColumns.map((name) => [...table.getChild(name)!] as string[]);
  const scoresIn = (prefix: string) =>
    metadata.classes.map((name) => table.getChild(`${prefix}_${name}`)!.toArray() as Float64Array);
  const scores = scoresIn("score");
  const headScores = Array.from({ length: heads }, (_, h) => scoresIn(`head${h + 1}`));
  const chosen = table.getChild("head")?.toArray() as Int32Array | undefined;
  const predictions = Array.from(seeds, (seed, i): Prediction => {
    const [fold, clip, subject, database, truth, predicted] = texts.map((column) => column[i]!);
    return {
      seed,
      fold: fold!,
      clip: clip!,
      subject: subject!,
      database: database!,
      truth: truth!,
      predicted: predicted!,
      scores: scores.map((column) => column[i]!),
      ...(chosen === undefined ? {} : {
        heads: {
          chosen: chosen[i]!,
          scores: headScores.map((columns) => columns.map((column) => column[i]!)),
        },
      }),
    };
  });
  const result = { metadata, predictions };
  const problem = rowProblem(result);
  if (problem !== undefined) throw new UserError(problem, { file });
  return result;
}

function checkColumns(table: Table, columns: readonly Column<Prediction>[], file: string): void {
  const expected = columns.map(({ name, type }) => `${name} ${type}`);
  const found = table.schema.fields.map(({ name, type }) => `${name} ${type}`);
  if (canonicalJson(found) !== canonicalJson(expected)) {
    throw new UserError(`Its columns are [${found.join(", ")}], not [${expected.join(", ")}]`, {
      file,
    });
  }
  for (const { name } of table.schema.fields) {
    const column = table.getChild(name)!;
    if (column.nullCount > 0) {
      throw new UserError(`Has ${column.nullCount} empty cells`, { file, field: name });
    }
  }
}

/**
 * Reads a result file.
 *
 * @throws UserError naming the file when it is missing, unreadable or not a result
 */
export async function readResult(path: string): Promise<Result> {
  return decodeResult(await readBytes(path), path);
}

/**
 * Writes a result file and, beside it, its Markdown mirror with the ending `.md`. Each is either whole
 * or not there.
 *
 * @throws UserError naming the file that cannot be written
 */
export async function writeResult(path: string, result: Result): Promise<void> {
  await writeAtomic(path, encodeResult(result));
  await writeAtomic(markdownPath(path), resultMarkdown(result));
}

/** Where the Markdown mirror of a result file is. */
export function markdownPath(path: string): string {
  return path.replace(/(\.arrow)?$/, ".md");
}

/**
 * The result files below a folder, sorted; none when the folder does not exist. Links are passed over: a
 * folder of results that somebody sends shall not show what lies elsewhere.
 */
export async function listResults(folder: string): Promise<string[]> {
  const found: string[] = [];
  try {
    for await (const entry of Deno.readDir(folder)) {
      const path = join(folder, entry.name);
      // Measurements of speed are no results.
      if (entry.isDirectory && entry.name !== "bench") found.push(...await listResults(path));
      else if (entry.isFile && entry.name.endsWith(".arrow") && !entry.name.startsWith(".")) {
        found.push(path);
      }
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return found.sort(compareText);
}
