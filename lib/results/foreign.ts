/**
 * Predictions that others made, from tables with columns of any name.
 *
 * @module
 */
import { didYouMean, UserError } from "lib/core/errors.ts";
import { decodeResult } from "./arrow.ts";
import { compareText } from "./check.ts";
import { readTextTable, type TextTable } from "./foreign_table.ts";
import { checkSeals } from "./seal.ts";
import type { Prediction } from "./types.ts";

/** The columns of a table of predictions. */
export type ColumnName = "clip" | "subject" | "truth" | "predicted" | "database" | "seed";

/** What {@linkcode readPredictions} can be told about a table. */
export interface ForeignOptions {
  /** How columns are called, where not as in {@linkcode ColumnName}. */
  readonly columns?: Partial<Readonly<Record<ColumnName, string>>>;
  /** All classes in the order wanted; default: those that occur as truth, sorted. */
  readonly classes?: readonly string[];
}

/** Predictions and their classes. */
export interface ForeignPredictions {
  readonly predictions: readonly Prediction[];
  readonly classes: readonly string[];
  /** Marks that a result file of ours carries. */
  readonly synthetic: boolean;
  readonly optimistic: boolean;
}

const required = ["clip", "subject", "truth", "predicted"] as const;
const optional = ["database", "seed"] as const;

/**
 * Reads predictions from a result file, another Arrow file, or CSV. Needed are the columns clip,
 * subject, truth and predicted; database and seed are used when they are there. With a database column,
 * equal names of clips and subjects in two databases are kept apart.
 *
 * @param file the name to put into errors
 * @throws UserError naming the file, the column and the row, and what to do
 */
export function readPredictions(
  bytes: Uint8Array,
  file: string,
  options: ForeignOptions = {},
): ForeignPredictions {
  const isOurs = checkSeals(bytes) !== "none" && bytes[0] === "A".charCodeAt(0);
  if (isOurs && Object.keys(options.columns ?? {}).length === 0) {
    const { metadata, predictions } = decodeResult(bytes, file);
    const classes = options.classes ?? metadata.classes;
    const { optimistic, data: { synthetic } } = metadata;
    checkClasses(predictions, classes, (row) => ({ file, field: predictions[row]!.clip }));
    return { predictions, classes, synthetic, optimistic };
  }
  const table = readTextTable(bytes, file);
  const columns = findColumns(table, options.columns ?? {}, file);
  const predictions = table.rows.map((_, row) => toPrediction(table, columns, { row, file }));
  const place = (row: number) => ({ file, field: table.placeOf(row) });
  const truths = [...new Set(predictions.map(({ truth }) => truth))].sort(compareText);
  const classes = options.classes ?? truths;
  if (classes.length > mostClasses) {
    throw new UserError(`There are ${classes.length} true classes`, {
      file,
      field: table.columns[columns.get("truth")!]!,
      fix: `Name the column of classes by --truth; at most ${mostClasses} can be scored`,
    });
  }
  checkClasses(predictions, classes, place);
  checkUnique(predictions, table, file);
  return { predictions, classes, synthetic: false, optimistic: false };
}

/** Far above what any data set has; a column of numbers or names is not one of classes. */
const mostClasses = 100;

type Columns = ReadonlyMap<ColumnName, number>;

function findColumns(
  { columns }: TextTable,
  names: Partial<Record<ColumnName, string>>,
  file: string,
): Columns {
  const found = new Map<ColumnName, number>();
  for (const name of [...required, ...optional]) {
    const called = names[name] ?? name;
    const at = columns.indexOf(called);
    const isNeeded = names[name] !== undefined || (required as readonly string[]).includes(name);
    if (at < 0 && isNeeded) {
      throw new UserError(`There is no column '${called}'`, {
        file,
        fix: `${didYouMean(called, columns)} (--${name} NAME says how it is called)`,
      });
    }
    if (at >= 0) found.set(name, at);
  }
  return found;
}

function toPrediction(
  table: TextTable,
  columns: Columns,
  { row, file }: { row: number; file: string },
): Prediction {
  const cell = (name: ColumnName, missing?: string): string => {
    const at = columns.get(name);
    const text = at === undefined ? missing : table.rows[row]![at];
    if (text !== undefined && text !== "") return text;
    throw new UserError(`The column '${table.columns[at!]}' is empty`, {
      file,
      field: table.placeOf(row),
    });
  };
  const seed = Number(cell("seed", "1"));
  if (!Number.isSafeInteger(seed)) {
    throw new UserError(`The seed '${cell("seed")}' is not an integer`, {
      file,
      field: table.placeOf(row),
    });
  }
  const database = cell("database", "all");
  const inDatabase = (name: string) => columns.has("database") ? `${database}/${name}` : name;
  const subject = inDatabase(cell("subject"));
  return {
    seed,
    fold: subject,
    clip: inDatabase(cell("clip")),
    subject,
    database,
    truth: cell("truth"),
    predicted: cell("predicted"),
    scores: [],
  };
}

function checkClasses(
  predictions: readonly Prediction[],
  classes: readonly string[],
  placeOf: (row: number) => { file: string; field: string },
): void {
  for (const [row, one] of predictions.entries()) {
    for (const label of [one.truth, one.predicted]) {
      if (classes.includes(label)) continue;
      const what = label === one.truth ? "true" : "predicted";
      throw new UserError(`The ${what} class '${label}' is not one of ${classes.join(", ")}`, {
        ...placeOf(row),
        fix: `${didYouMean(label, classes)} If it is a class, name all: --classes a,b,c`,
      });
    }
  }
}

function checkUnique(predictions: readonly Prediction[], table: TextTable, file: string): void {
  const seen = new Map<string, number>();
  for (const [row, { seed, clip }] of predictions.entries()) {
    const key = JSON.stringify([seed, clip]);
    const first = seen.get(key);
    if (first !== undefined) {
      throw new UserError(`Clip '${clip}' stands twice, also in ${table.placeOf(first)}`, {
        file,
        field: table.placeOf(row),
        fix: "Keep one prediction a clip and seed; several runs need a seed column",
      });
    }
    seen.set(key, row);
  }
}
