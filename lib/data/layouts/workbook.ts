/**
 * Excel files.
 *
 * @module
 */

/** What a cell can hold. */
export type Cell = string | number;

/**
 * Makes an Excel file (.xlsx) with one page. Equal cells give equal bytes.
 *
 * @param rows empty texts become empty cells
 */
export async function workbook(
  page: string,
  rows: readonly (readonly Cell[])[],
): Promise<Uint8Array> {
  const { utils, write } = await import("@e965/xlsx");
  const book = utils.book_new();
  const cells = rows.map((row) => row.map((cell) => (cell === "" ? null : cell)));
  utils.book_append_sheet(book, utils.aoa_to_sheet(cells), page);
  return new Uint8Array(write(book, { type: "array", bookType: "xlsx", compression: true }));
}
