/**
 * What a report is made of, for HTML and for Markdown.
 *
 * @module
 */

/** A picture with the same in words. */
export interface Figure {
  readonly svg: string;
  readonly alt: string;
  /** Where the same picture lies, from the report's own folder; for Markdown. */
  readonly file: string;
}

/** A cell: text, lines of text, or lines below one that stands out. */
export type Cell =
  | string
  | readonly string[]
  | { readonly strong: string; readonly lines: readonly string[] };

/** The lines of a cell. */
export function linesOf(cell: Cell): readonly string[] {
  if (typeof cell === "string") return [cell];
  return "strong" in cell ? [cell.strong, ...cell.lines] : cell;
}

/** A piece of a report. */
export type Part =
  | { readonly kind: "text"; readonly text: string }
  /** What must not be overlooked. */
  | { readonly kind: "caution"; readonly text: string }
  | { readonly kind: "list"; readonly items: readonly string[] }
  | {
    readonly kind: "table";
    readonly caption: string;
    readonly head: readonly string[];
    readonly rows: readonly (readonly Cell[])[];
    /** Whether cells stand below each other where the screen is narrow: for text, not for numbers. */
    readonly stacks?: true;
  }
  | { readonly kind: "figure"; readonly figure: Figure }
  /** Shown on demand. */
  | { readonly kind: "details"; readonly title: string; readonly parts: readonly Part[] };

/** A chapter. */
export interface Section {
  /** For links: letters, digits and hyphens. */
  readonly id: string;
  readonly title: string;
  readonly parts: readonly Part[];
}

/** A whole report. */
export interface Report {
  readonly title: string;
  readonly lead: readonly Part[];
  readonly sections: readonly Section[];
}
