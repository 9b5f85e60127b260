/**
 * A notebook's code cells as one TypeScript module, and the way back from its lines to the cells.
 *
 * @module
 */
import { codeCells, type Notebook } from "./notebook_file.ts";

/** A line of a cell; both count from 1, cells among code cells. */
export interface CellLine {
  readonly cell: number;
  readonly line: number;
}

/** A notebook's code as a module. */
export interface ExtractedCells {
  readonly code: string;
  /** The cells' own sources. */
  readonly sources: readonly string[];
  /** The cell line behind each line of the module; lines between cells count to the cell above. */
  readonly lines: readonly CellLine[];
}

/**
 * Joins the code cells in order. A name can thus be declared once in a notebook, which the kernel
 * does not ask for, but readers do.
 */
export function extractCells(notebook: Notebook): ExtractedCells {
  const code: string[] = [];
  const lines: CellLine[] = [];
  const sources = codeCells(notebook).map(({ source }) => source);
  sources.forEach((source, i) => {
    // The empty statement ends a last expression that has no semicolon.
    const cell = [...source.split("\n"), "void 0;"];
    code.push(...cell);
    lines.push(...cell.map((_, j) => ({ cell: i + 1, line: Math.min(j + 1, cell.length - 1) })));
  });
  // Without an import the file would not be a module, and its names global.
  return { code: [...code, "export {};", ""].join("\n"), sources, lines };
}
