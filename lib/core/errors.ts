/**
 * Errors a user can act on.
 *
 * Anything a user can cause (a bad flag, a missing file, a damaged image) is thrown as a
 * {@linkcode UserError}: the command line prints its message without a stack and exits with 2.
 * Every other error is a defect of ours and keeps its stack.
 *
 * @module
 */
import { closest, distance } from "fastest-levenshtein";

/** Exit codes of every task. */
export const exitCode = { ok: 0, failed: 1, usage: 2, interrupted: 130 } as const;

/** What a {@linkcode UserError} points at. */
export interface ErrorPlace {
  /** The file that is wrong, as the user would type it. */
  readonly file?: string;
  /** The field, flag, row or column in it. */
  readonly field?: string;
  /** What to do about it: a full sentence or a command. */
  readonly fix?: string;
}

/**
 * An error caused by input, with the file, the field and the fix in its message.
 *
 * @example
 * ```ts
 * import { UserError } from "lib/core/errors.ts";
 * const error = new UserError("Unknown column 'Emotoin'", { file: "codes.csv", fix: "Rename it." });
 * if (error.message !== "codes.csv: Unknown column 'Emotoin'. Rename it.") throw error;
 * ```
 */
export class UserError extends Error {
  override readonly name: string = "UserError";
  /** What is wrong, without place and fix. */
  readonly what: string;
  readonly place: ErrorPlace;

  constructor(what: string, place: ErrorPlace = {}) {
    const where = [place.file, place.field].filter(Boolean)
      .map((part) => `${printable(part!).replaceAll("\n", "\\n")}: `).join("");
    const fix = place.fix ? `. ${printable(place.fix)}` : "";
    super(`${where}${printable(what)}${fix}`);
    this.what = what;
    this.place = place;
  }
}

const longest = 20_000;

/**
 * Text for a terminal: names and cells come from outside, so what could move the cursor, turn the reading
 * direction or fill the screen is spelled out or cut. Lines stay lines.
 */
function printable(text: string): string {
  const shown = text.length > longest ? `${text.slice(0, longest)}…` : text;
  // deno-lint-ignore no-control-regex
  const steering = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;
  return shown.replaceAll(
    steering,
    (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** A data set that is missing, damaged or not what the lock file describes. */
export class DataError extends UserError {
  override readonly name = "DataError";
}

/** A parameter, row, profile or data set name that does not exist or has the wrong type. */
export class ParameterError extends UserError {
  override readonly name = "ParameterError";
}

/** A piece of the environment (TensorFlow, a compiler, Python) that is not there. */
export class SetupError extends UserError {
  override readonly name = "SetupError";
}

/**
 * "Did you mean …?" for an unknown name, or a list of what exists when nothing is close.
 *
 * @param name what was typed
 * @param known what exists
 */
export function didYouMean(name: string, known: readonly string[]): string {
  if (known.length === 0) return "There is none";
  // Names come from outside too, and the comparison takes as long as the product of two lengths.
  const short = known.filter((one) => one.length <= longestName);
  if (short.length > 0 && name.length <= longestName) {
    const best = closest(name, short);
    const near = distance(name.toLowerCase(), best.toLowerCase()) <= Math.max(2, name.length / 3);
    if (near) return `Did you mean '${best}'?`;
  }
  const shown = [...known].sort().slice(0, mostNames)
    .map((one) => (one.length > longestName ? `${one.slice(0, longestName)}…` : one));
  return `Known: ${shown.join(", ")}${known.length > mostNames ? ", …" : ""}`;
}

const longestName = 200;
const mostNames = 100;
