/**
 * A report as blocks, for a terminal or as Markdown.
 *
 * @module
 */
import { markdownTable } from "./format.ts";

/** A piece of a report. */
export type Block =
  | { readonly heading: string }
  | { readonly text: string }
  | { readonly items: readonly string[] }
  | { readonly head: readonly string[]; readonly rows: readonly (readonly string[])[] };

/** The report as Markdown; `level` is that of its headings. */
export function reportMarkdown(blocks: readonly Block[], level = 2): string {
  const parts = blocks.map((block) => {
    if ("heading" in block) return `${"#".repeat(level)} ${block.heading}`;
    if ("text" in block) return block.text;
    if ("items" in block) return block.items.map((item) => `- ${item}`).join("\n");
    return markdownTable(block.head, block.rows, { right: false });
  });
  return `${parts.join("\n\n")}\n`;
}

/** The report for a terminal: tables in aligned columns, numbers to the right. */
export function reportText(blocks: readonly Block[]): string {
  const parts = blocks.map((block, i) => {
    if ("heading" in block) return (i > 0 ? "\n" : "") + block.heading;
    if ("text" in block) return `  ${block.text}`;
    if ("items" in block) return block.items.map((item) => `  - ${item}`).join("\n");
    return alignColumns([block.head, ...block.rows]).map((line) => `  ${line}`).join("\n");
  });
  return parts.join("\n");
}

function alignColumns(lines: readonly (readonly string[])[]): string[] {
  const columns = lines[0]!.map((_, i) => lines.map((line) => line[i]!));
  const padded = columns.map((cells) => {
    const width = Math.max(...cells.map((cell) => cell.length));
    const numeric = cells.slice(1).every((cell) => /^([-+]?[\d.]+|–|)$/.test(cell));
    return cells.map((cell) => (numeric ? cell.padStart(width) : cell.padEnd(width)));
  });
  return lines.map((_, i) => padded.map((cells) => cells[i]!).join("  ").trimEnd());
}
