/**
 * Tables for a terminal.
 *
 * @module
 */

/**
 * Aligns rows of cells in columns, two spaces apart; columns of numbers to the right. The first row is
 * the head.
 */
export function table(rows: readonly (readonly string[])[]): string {
  const columns = rows[0]?.map((_, column) => rows.map((row) => row[column] ?? "")) ?? [];
  const padded = columns.map((cells) => {
    const width = Math.max(...cells.map((cell) => cell.length));
    const numeric = cells.slice(1).every((cell) => /^[-\d.]*$/.test(cell));
    return cells.map((cell) => (numeric ? cell.padStart(width) : cell.padEnd(width)));
  });
  return rows.map((_, row) => padded.map((cells) => cells[row]).join("  ").trimEnd()).join("\n");
}
