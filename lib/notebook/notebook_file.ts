/**
 * Notebook files (nbformat 4.5): types, reading, writing.
 *
 * In memory a cell's source and an output's texts are single strings; in the file they are lists of
 * lines, as every notebook program writes them.
 *
 * @module
 */
import { UserError } from "lib/core/errors.ts";
import { fileProblem, writeAtomic } from "lib/core/files.ts";

/** Any JSON object. */
export type JsonObject = { [key: string]: unknown };

/** Data of one output by media type. */
export type MimeBundle = { [mediaType: string]: unknown };

/** One output of a code cell. */
export type Output =
  | { output_type: "stream"; name: string; text: string }
  | { output_type: "display_data"; data: MimeBundle; metadata: JsonObject }
  | {
    output_type: "execute_result";
    data: MimeBundle;
    metadata: JsonObject;
    execution_count: number | null;
  }
  | { output_type: "error"; ename: string; evalue: string; traceback: string[] };

/** A cell that runs. */
export interface CodeCell {
  cell_type: "code";
  id: string;
  metadata: JsonObject;
  source: string;
  execution_count: number | null;
  outputs: Output[];
}

/** A cell of text. */
export interface TextCell {
  cell_type: "markdown" | "raw";
  id: string;
  metadata: JsonObject;
  source: string;
  attachments?: JsonObject;
}

/** A cell of a notebook. */
export type Cell = CodeCell | TextCell;

/** A whole notebook. */
export interface Notebook {
  cells: Cell[];
  metadata: JsonObject;
  nbformat: 4;
  nbformat_minor: number;
}

/** The code cells in order: cell 1 in messages is the first of them. */
export function codeCells(notebook: Notebook): CodeCell[] {
  return notebook.cells.filter((cell) => cell.cell_type === "code");
}

/** Whether a cell carries a tag. */
export function hasTag(cell: Cell, tag: string): boolean {
  const tags = cell.metadata.tags;
  return Array.isArray(tags) && tags.includes(tag);
}

/** A notebook with hundreds of pictures has less. */
const mostBytes = 256 * 2 ** 20;

/** Far more levels than any output has; beyond it, walking through them would fail. */
const mostLevels = 500;

/**
 * Reads a notebook.
 *
 * @throws UserError naming the file and the field when it is missing or not nbformat 4.5
 */
export async function readNotebook(path: string): Promise<Notebook> {
  const problem = await fileProblem(path, mostBytes);
  if (problem !== undefined) throw new UserError(problem, { file: path });
  let text: string;
  try {
    text = await Deno.readTextFile(path);
  } catch (error) {
    throw new UserError(`Cannot read the notebook (${(error as Error).message})`, { file: path });
  }
  return parseNotebook(text, path);
}

/**
 * The notebook in a JSON text; `file` is what messages call it.
 *
 * @throws UserError naming the file and the field when the text is not nbformat 4.5
 */
export function parseNotebook(text: string, file: string): Notebook {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new UserError(`Not a notebook: ${(error as Error).message}`, { file });
  }
  if (levelsOf(text) > mostLevels) {
    throw new UserError(`Not a notebook: it has more than ${mostLevels} levels`, { file });
  }
  const refuse = (field: string, what: string): never => {
    throw new UserError(what, { file, field, fix: "Save it again with JupyterLab 4 or newer" });
  };
  if (!isObject(json) || json.nbformat !== 4 || !(Number(json.nbformat_minor) >= 5)) {
    return refuse("nbformat", "The notebook is not of format 4.5");
  }
  const { cells, metadata } = json;
  if (!Array.isArray(cells)) return refuse("cells", "The notebook has no list of cells");
  if (!isObject(metadata)) return refuse("metadata", "The notebook has no metadata");
  return {
    cells: cells.map((cell, i) => parseCell(cell, (what) => refuse(`cells[${i}]`, what))),
    metadata,
    nbformat: 4,
    nbformat_minor: Number(json.nbformat_minor),
  };
}

/** How deep the brackets of a JSON text go. */
function levelsOf(text: string): number {
  let [level, most] = [0, 0];
  for (const [mark] of text.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}]/gs)) {
    if (mark === "[" || mark === "{") most = Math.max(most, ++level);
    else if (mark === "]" || mark === "}") level--;
  }
  return most;
}

function parseCell(cell: unknown, refuse: (what: string) => never): Cell {
  if (!isObject(cell)) return refuse("The cell is not an object");
  const { cell_type, id, metadata } = cell;
  const source = joined(cell.source);
  if (typeof id !== "string") return refuse("The cell has no id");
  if (source === undefined) return refuse("The cell has no source");
  if (!isObject(metadata)) return refuse("The cell has no metadata");
  if (cell_type === "markdown" || cell_type === "raw") {
    const attachments = isObject(cell.attachments) ? { attachments: cell.attachments } : {};
    return { cell_type, id, metadata, source, ...attachments };
  }
  if (cell_type !== "code") {
    const kind = typeof cell_type === "string" ? ` '${cell_type.slice(0, 100)}'` : "";
    return refuse(`Unknown kind of cell${kind}`);
  }
  const { execution_count = null, outputs } = cell;
  if (execution_count !== null && typeof execution_count !== "number") {
    return refuse("The count of the cell's execution is no number");
  }
  if (!Array.isArray(outputs)) return refuse("The code cell has no list of outputs");
  return {
    cell_type,
    id,
    metadata,
    source,
    execution_count,
    outputs: outputs.map((output) => parseOutput(output, refuse)),
  };
}

function parseOutput(output: unknown, refuse: (what: string) => never): Output {
  if (!isObject(output)) return refuse("An output is not an object");
  if (output.output_type === "stream") {
    const text = joined(output.text);
    if (text === undefined) return refuse("A stream of output has no text");
    return { ...output, text } as Output;
  }
  if (output.output_type === "error") return output as Output;
  if (!isObject(output.data)) return refuse("An output has no data");
  const data = Object.entries(output.data).map(([type, value]) => [type, joined(value) ?? value]);
  return { ...output, data: Object.fromEntries(data) } as Output;
}

/**
 * The file text of a notebook: sorted keys, one space of indentation and texts as lists of lines, as
 * Jupyter writes them, so that saving it there changes nothing.
 */
export function formatNotebook(notebook: Notebook): string {
  const cells = notebook.cells.map((cell) =>
    cell.cell_type === "code"
      ? { ...cell, source: lines(cell.source), outputs: cell.outputs.map(formatOutput) }
      : { ...cell, source: lines(cell.source) }
  );
  return JSON.stringify(sorted({ ...notebook, cells }), null, 1) + "\n";
}

/** Writes a notebook whole or not at all; see {@linkcode formatNotebook}. */
export async function writeNotebook(path: string, notebook: Notebook): Promise<void> {
  await writeAtomic(path, formatNotebook(notebook));
}

function formatOutput(output: Output): JsonObject {
  if (output.output_type === "stream") return { ...output, text: lines(output.text) };
  if (output.output_type === "error") return { ...output };
  const data = Object.entries(output.data).map(([type, value]) => [
    type,
    typeof value === "string" && isText(type) ? lines(value) : value,
  ]);
  return { ...output, data: Object.fromEntries(data) };
}

function isText(mediaType: string): boolean {
  return mediaType.startsWith("text/") || mediaType === "image/svg+xml" ||
    mediaType === "application/javascript";
}

function lines(text: string): string[] {
  return text === "" ? [] : text.split(/(?<=\n)/);
}

function joined(text: unknown): string | undefined {
  if (typeof text === "string") return text;
  const isLines = Array.isArray(text) && text.every((line) => typeof line === "string");
  return isLines ? text.join("") : undefined;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.keys(value).sort().map((key) => [key, sorted(value[key])]));
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
