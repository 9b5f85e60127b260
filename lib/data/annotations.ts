/**
 * From the rows of a sheet to annotations, with what every sheet has in common.
 *
 * @module
 */
import { DataError } from "lib/core/errors.ts";
import type { Annotated, Annotation, Sources } from "./clip_layout.ts";
import { type FrameFolder, nameKey } from "./frame_folders.ts";
import type { SheetRow } from "./sheet.ts";

/** Where clip folders are looked up: by subject and name, however they are spelled. */
export function folderIndex(
  folders: readonly FrameFolder[],
): ReadonlyMap<string, FrameFolder> {
  return new Map(folders.map((folder) => [clipKey(folder.subject, folder.name), folder]));
}

/** The key of a clip in {@linkcode folderIndex}. */
export function clipKey(subject: string, name: string): string {
  return `${nameKey(subject)}/${nameKey(name)}`;
}

/**
 * Reads the number of a frame from a cell.
 *
 * @returns undefined for an empty cell and for the signs that sheets use for "none": `/` and `-`
 * @throws DataError naming row and column for anything else
 */
export function frameCell(row: SheetRow, column: string, sheet: string): number | undefined {
  const text = row.cells[column] ?? "";
  if (text === "" || text === "/" || text === "-" || /^n\/?a$/i.test(text)) return undefined;
  if (/^-?\d+(\.0+)?$/.test(text)) return Number(text);
  throw new DataError(`'${text.slice(0, 100)}' is not the number of a frame`, {
    file: sheet,
    field: `row ${row.row}, ${column}`,
    fix: "Write the number that the frame's file has in its name, or / where there is none",
  });
}

/**
 * Checks a name that a sheet gives to a folder.
 *
 * @throws DataError naming the row when it is empty, longer than names are, has control characters, or
 * could lead out of the data set's folder
 */
export function nameCell(row: SheetRow, column: string, sheet: string): string {
  const name = row.cells[column] ?? "";
  // deno-lint-ignore no-control-regex
  const leadsOut = /[/\\\x00-\x1f\x7f-\x9f]/.test(name) || name === "." || name === "..";
  if (name !== "" && name.length <= longestName && !leadsOut) return name;
  const shown = name.length > longestName ? `${name.slice(0, 40)}…` : name;
  throw new DataError(name === "" ? "The cell is empty" : `'${shown}' cannot be a folder's name`, {
    file: sheet,
    field: `row ${row.row}, ${column}`,
    fix: "Use the sheet that came with the data set",
  });
}

/** What file systems allow. */
const longestName = 255;

/** How rows of a sheet with one expression each are read. */
export interface PlainSheet {
  /** The subject as clips name it, or undefined when the cell holds something else. */
  readonly subjectOf: (cell: string) => string | undefined;
  readonly subjectExample: string;
}

/**
 * Annotations of a sheet with one row an expression and the columns subject, name, onset, apex, offset
 * and emotion.
 */
export function annotateRows(
  { rows, folders, sheet }: Sources,
  { subjectOf, subjectExample }: PlainSheet,
): Annotated {
  const index = folderIndex(folders);
  const [annotations, problems]: [Annotation[], DataError[]] = [[], []];
  for (const row of rows) {
    try {
      const cell = nameCell(row, "subject", sheet);
      const subject = subjectOf(cell);
      if (subject === undefined) {
        throw new DataError(`'${cell}' is not a subject such as ${subjectExample}`, {
          file: sheet,
          field: `row ${row.row}, subject`,
          fix: "Use the sheet that came with the data set",
        });
      }
      const name = nameCell(row, "name", sheet);
      const folder = index.get(clipKey(subject, name));
      annotations.push({
        subject,
        name,
        emotion: row.cells.emotion ?? "",
        onset: frameCell(row, "onset", sheet),
        apex: frameCell(row, "apex", sheet),
        offset: frameCell(row, "offset", sheet),
        row: row.row,
        ...(folder === undefined ? {} : { folder }),
      });
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
      problems.push(error);
    }
  }
  return { annotations, notes: [], problems };
}
