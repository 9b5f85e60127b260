/**
 * Arrow files of any origin as tables.
 *
 * @module
 */
import { type Table, tableFromIPC } from "apache-arrow";
import { UserError } from "lib/core/errors.ts";
import { fileProblem } from "lib/core/files.ts";
import { tableProblem } from "./arrow_bounds.ts";
import { structureProblem } from "./arrow_messages.ts";

/**
 * The bytes of a file, which may be a link to one.
 *
 * @throws UserError naming the file when it is missing, no file, larger than a table of predictions can be, or
 * cannot be read
 */
export async function readBytes(path: string): Promise<Uint8Array> {
  const problem = await fileProblem(path, mostBytes);
  if (problem !== undefined) throw new UserError(problem, { file: path });
  try {
    return await Deno.readFile(path);
  } catch (error) {
    const missing = error instanceof Deno.errors.NotFound;
    const what = missing ? "There is no such file" : `Cannot read it (${(error as Error).message})`;
    throw new UserError(what, { file: path });
  }
}

/** A million predictions take less. */
const mostBytes = 256 * 2 ** 20;

/**
 * Parses an Arrow IPC file or stream of any origin.
 *
 * @throws UserError naming the file when it is empty, not Arrow, cut off or damaged
 */
export function readTable(bytes: Uint8Array, file: string): Table {
  // A stream starts with the length of its first message, after four bytes of ones.
  const isStream = bytes.length > 8 && bytes.subarray(0, 4).every((byte) => byte === 0xff);
  if (!isStream) requireEnds(bytes, file);
  const wrong = structureProblem(bytes, isStream);
  if (wrong !== undefined) throw new UserError(`This Arrow file is damaged (${wrong})`, { file });
  try {
    const table = tableFromIPC(bytes);
    if (table.schema.fields.length === 0) throw new Error("it has no columns");
    const problem = tableProblem(table, bytes.length);
    if (problem !== undefined) throw new Error(problem);
    return table;
  } catch (error) {
    const [why] = (error as Error).message.split("\n");
    throw new UserError(`This Arrow file is damaged (${why})`, { file });
  }
}

const magic = new TextEncoder().encode("ARROW1");

/**
 * Checks that bytes start and end as an Arrow IPC file does: with the same six bytes.
 *
 * @throws UserError naming the file when it is empty, not Arrow or cut off
 */
export function requireEnds(bytes: Uint8Array, file: string): void {
  const isMagic = (part: Uint8Array) =>
    part.length === magic.length && magic.every((byte, i) => byte === part[i]);
  if (bytes.length === 0) throw new UserError("This file is empty", { file });
  if (!isMagic(bytes.subarray(0, magic.length))) {
    throw new UserError("This is not an Arrow file", { file });
  }
  if (bytes.length < 2 * magic.length || !isMagic(bytes.subarray(-magic.length))) {
    throw new UserError("This Arrow file is cut off: its end is missing", { file });
  }
}
