/**
 * What a failed notebook run says.
 *
 * @module
 */
import { relative } from "@std/path";
import type { ExecutedNotebook } from "./execute.ts";

/** How a run failed. */
export type FailureKind =
  /** A cell threw, or does not parse. */
  | "cell"
  /** A rejection that nobody handled, or a throw in a timer. */
  | "late"
  /** The kernel ended by itself or was killed from outside. */
  | "death"
  /** A cell ran longer than allowed. */
  | "timeout"
  /** The caller's signal. */
  | "aborted";

/** The facts of a failed run. */
export interface NotebookFailure {
  readonly kind: FailureKind;
  /** The notebook's path as the caller gave it. */
  readonly notebook: string;
  /** Which code cell, counted from 1; 0 when the kernel did not even start. */
  readonly cell: number;
  /** Line within the cell, counted from 1, where it can be told. */
  readonly line?: number;
  /** The error's name, such as `TypeError`; empty when it is not a cell's error. */
  readonly name: string;
  /** What happened, in one line if possible. */
  readonly what: string;
  /** Lines of the error's stack as the kernel reported them. */
  readonly traceback: readonly string[];
}

/**
 * A notebook run that failed. The message names notebook, cell and line and lists the stack frames
 * in files of the project; for an error that the user can act on, the message is just the error's.
 */
export class NotebookError extends Error {
  override readonly name = "NotebookError";
  readonly failure: NotebookFailure;
  /** Whether the user can act on it: the cell threw a `UserError`. */
  readonly user: boolean;
  /** The notebook with the outputs up to the failure. */
  readonly executed: ExecutedNotebook;

  constructor(failure: NotebookFailure, executed: ExecutedNotebook) {
    const user = userErrors.includes(failure.name);
    super(user ? failure.what : describe(failure));
    this.failure = failure;
    this.user = user;
    this.executed = executed;
  }
}

const userErrors: readonly string[] = ["UserError", "DataError", "ParameterError", "SetupError"];

function describe(failure: NotebookFailure): string {
  const { notebook, cell, line, name, what, traceback } = failure;
  const place = cell === 0 ? "" : ` cell ${cell}${line === undefined ? "" : ` line ${line}`}`;
  const late = failure.kind === "late"
    ? " (outside a cell's own course: not awaited, perhaps from an earlier cell)"
    : "";
  const head = `${fromHere(notebook)}${place}: ${name === "" ? "" : `${name}: `}${what}${late}`;
  return [head, ...traceback.filter(isOurs).map(shorten)].join("\n");
}

function isOurs(line: string): boolean {
  return line.includes("file://") && !line.includes("/node_modules/");
}

/** File URLs below the working folder become paths relative to it. */
function shorten(line: string): string {
  return line.replace(
    /file:\/\/([^\s)]+?)(?=:\d+:\d+)/,
    (_, path: string) => fromHere(decodeURIComponent(path)),
  );
}

function fromHere(path: string): string {
  const shorter = relative(Deno.cwd(), path);
  return shorter.startsWith("..") ? path : shorter;
}
