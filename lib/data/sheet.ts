/**
 * Annotation sheets: Excel files with some lines of text, a row of titles, and one row a clip.
 *
 * @module
 */
import { join } from "@std/path";
import { DataError } from "lib/core/errors.ts";
import { readBounded } from "./read_bounded.ts";
import { zipProblem } from "./zip_bounds.ts";

/** A column of a sheet. */
export interface SheetColumn {
  /** As the official sheet spells it. */
  readonly title: string;
  /** Other spellings in use. Case, spaces and punctuation never matter. */
  readonly aliases?: readonly string[];
  /** A sheet without it is still one of this kind. */
  readonly optional?: boolean;
}

/** The columns of a kind of sheet. */
export type SheetColumns = Readonly<Record<string, SheetColumn>>;

/** One row below the titles: its number as the spreadsheet program shows it, and its texts. */
export interface SheetRow {
  readonly row: number;
  /** By the key of the column; trimmed; empty where the sheet has no value or no such column. */
  readonly cells: Readonly<Record<string, string>>;
}

const maxFile = 16 * 2 ** 20;
const bounds = { entries: 500, bytes: 64 * 2 ** 20 };
const maxRows = 20_000;
// Spreadsheet programs save formatted emptiness, up to 16384 columns of it.
const maxColumns = 100;
const maxCells = 5_000_000;
const titleRows = 60;
const takeOfficial = "Use the sheet that came with the data set";

/**
 * Finds the one sheet of a data set among its files.
 *
 * @param paths below the folder
 * @throws DataError when there is none or more than one
 */
export function findSheet(
  folder: string,
  paths: readonly string[],
  { pattern, example }: { readonly pattern: RegExp; readonly example: string },
): string | undefined {
  const found = paths.filter((path) => {
    const name = path.slice(path.lastIndexOf("/") + 1);
    return /\.xlsx?$/i.test(name) && !name.startsWith("~$") && pattern.test(name);
  });
  if (found.length > 1) {
    throw new DataError(`There are ${found.length} sheets: ${found.join(", ")}`, {
      file: folder,
      fix:
        `Keep the one that the results shall rest on, such as ${example}, and move the rest away`,
    });
  }
  return found[0];
}

/**
 * Reads an annotation sheet. The titles are looked for in the first 60 rows of each page; the first page
 * that has them all is taken. Rows without any value are passed over.
 *
 * @throws DataError naming the file when it is no Excel file, damaged, too large, or when a column is
 * missing
 */
export async function readSheet(
  folder: string,
  path: string,
  columns: SheetColumns,
): Promise<SheetRow[]> {
  const file = join(folder, path);
  const pages = await readPages(await readBounded(file, maxFile), file);
  const titles = pages.map((page) => findTitles(page, columns));
  const best = titles.findIndex(({ missing }) => missing.length === 0);
  if (best === -1) {
    const fewest = titles.toSorted((a, b) => a.missing.length - b.missing.length)[0];
    const missing = fewest?.missing.map((title) => `'${title}'`).join(", ");
    throw new DataError(`The sheet lacks the column ${missing ?? "titles"}`, {
      file,
      fix: `${takeOfficial}; its titles are ${requiredTitles(columns).join(", ")}`,
    });
  }
  return rowsBelow(pages[best]!, titles[best]!);
}

type Page = readonly (readonly unknown[])[];

async function readPages(bytes: Uint8Array, file: string): Promise<Page[]> {
  const zip = bytes[0] === 0x50 && bytes[1] === 0x4b;
  const old = bytes[0] === 0xd0 && bytes[1] === 0xcf;
  const problem = zip
    ? zipProblem(bytes, bounds)
    : old
    ? undefined
    : "its content is something else";
  if (problem !== undefined) {
    throw new DataError(`This is no usable Excel file: ${problem}`, { file, fix: takeOfficial });
  }
  // Loaded when needed: it takes long, and most commands read no sheet.
  const { read, utils } = await import("@e965/xlsx");
  try {
    const book = read(bytes, {
      type: "array",
      dense: true,
      cellFormula: false,
      sheetRows: maxRows,
    });
    let left = maxCells;
    return book.SheetNames.map((name) => {
      const sheet = book.Sheets[name]!;
      const { s, e } = utils.decode_range(sheet["!ref"] ?? "A1");
      const range = { s, e: { r: Math.min(e.r, maxRows), c: Math.min(e.c, maxColumns) } };
      left -= (range.e.r + 1) * (range.e.c + 1);
      if (left < 0) throw new Error(`it has more than ${maxCells} cells`);
      const options = { header: 1, raw: true, defval: "", blankrows: true, range } as const;
      return utils.sheet_to_json<unknown[]>(sheet, options);
    });
  } catch (error) {
    throw new DataError(`Cannot read the sheet (${(error as Error).message})`, {
      file,
      fix: takeOfficial,
    });
  }
}

interface Titles {
  readonly row: number;
  /** Column key → index. */
  readonly places: ReadonlyMap<string, number>;
  /** Titles of the columns that are not there. */
  readonly missing: readonly string[];
}

/** The row with the most of the columns. */
function findTitles(page: Page, columns: SheetColumns): Titles {
  const candidates = page.slice(0, titleRows).map((cells, row): Titles => {
    const spelled = cells.map((cell) => squeeze(String(cell)));
    const places = new Map<string, number>();
    const missing: string[] = [];
    for (const [key, { title, aliases = [], optional }] of Object.entries(columns)) {
      const place = [title, ...aliases].map((name) => spelled.indexOf(squeeze(name)))
        .find((index) => index !== -1);
      if (place !== undefined) places.set(key, place);
      else if (!optional) missing.push(title);
    }
    return { row, places, missing };
  });
  const none: Titles = { row: 0, places: new Map(), missing: requiredTitles(columns) };
  return candidates.reduce(
    (best, next) => (next.missing.length < best.missing.length ? next : best),
    none,
  );
}

function requiredTitles(columns: SheetColumns): string[] {
  return Object.values(columns).filter(({ optional }) => !optional).map(({ title }) => title);
}

function squeeze(title: string): string {
  return title.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
}

function rowsBelow(page: Page, { row, places }: Titles): SheetRow[] {
  return page.slice(row + 1).map((cells, i): SheetRow => ({
    row: row + i + 2,
    cells: Object.fromEntries(
      [...places].map(([key, index]) => [key, String(cells[index] ?? "").trim()]),
    ),
  })).filter(({ cells }) => Object.values(cells).some((text) => text !== ""));
}
