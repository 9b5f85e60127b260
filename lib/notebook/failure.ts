/**
 * Turns what the kernel tells of a failed cell into what a reader wants to know.
 *
 * @module
 */
import type { RunResult } from "./kernel.ts";
import { findSyntaxError, locateFrame } from "./locate.ts";
import type { NotebookFailure } from "./notebook_error.ts";
import type { CodeCell } from "./notebook_file.ts";
import type { LateError } from "./preamble.ts";

/** A failure that does not say in which cell. */
export type Failure = Omit<NotebookFailure, "notebook" | "cell">;

/**
 * How a cell failed, or undefined when it did not. An error that the kernel has not shown among the
 * cell's outputs is added to them.
 */
export async function failureOf(cell: CodeCell, result: RunResult): Promise<Failure | undefined> {
  const { thrown, late } = result;
  if (thrown) return await thrownFailure(cell, thrown);
  if (late[0]) return lateFailure(cell, late[0]);
}

async function thrownFailure(
  cell: CodeCell,
  thrown: NonNullable<RunResult["thrown"]>,
): Promise<Failure> {
  const output = cell.outputs.findLast((output) => output.output_type === "error");
  const traceback = (output?.traceback ?? []).flatMap((line) => line.split("\n"));
  if (!output) {
    const syntax = await findSyntaxError(cell.source);
    const name = syntax ? "SyntaxError" : thrown.name;
    const what = syntax?.message ?? thrown.message;
    // The kernel shows nothing for a cell that does not parse.
    cell.outputs.push({ output_type: "error", ename: name, evalue: what, traceback: [] });
    return { kind: "cell", name, what, traceback, ...(syntax ? { line: syntax.line } : {}) };
  }
  const place = await locateFrame(cell.source, traceback);
  return {
    kind: "cell",
    name: thrown.name,
    what: thrown.message,
    traceback,
    ...(place ? { line: place.line } : {}),
  };
}

function lateFailure(cell: CodeCell, late: LateError): Failure {
  const { name, message, stack } = late;
  const traceback = stack.split("\n");
  cell.outputs.push({ output_type: "error", ename: name, evalue: message, traceback });
  return { kind: "late", name, what: message, traceback };
}
