/**
 * Showing things in a notebook.
 *
 * Use these with `await`, never a cell's last expression: the kernel may send the latter after it
 * has said that the cell is done, and programs that stop listening then lose it.
 *
 * @module
 */

/** Data to show, by media type; `text/plain` is what programs without the richer type show. */
export type Bundle = Readonly<Record<string, string | object>>;

/** How a display is identified, so that it can be shown again in place. */
export interface DisplayOptions {
  /** Name of the display. */
  readonly id?: string;
  /** Whether to replace what the display of that name shows. */
  readonly update?: boolean;
}

/** Whether this code runs in a Jupyter kernel. */
export function inKernel(): boolean {
  try {
    return Deno.jupyter !== undefined;
  } catch {
    // Outside the kernel the property throws.
    return false;
  }
}

/**
 * Shows a bundle below the cell and lets the kernel send it before the cell ends. Outside a kernel
 * it prints the bundle's `text/plain`.
 */
export async function show(bundle: Bundle, { id, update }: DisplayOptions = {}): Promise<void> {
  if (!inKernel()) {
    if (bundle["text/plain"] !== undefined) console.log(bundle["text/plain"]);
    return;
  }
  await Deno.jupyter.display(bundle, {
    raw: true,
    ...(id === undefined ? {} : { display_id: id }),
    ...(update === undefined ? {} : { update }),
  });
  // The kernel sends from a loop of its own, one turn later; megabytes take it longer.
  const size = Object.values(bundle).reduce((sum, data) => sum + sizeOf(data), 0);
  await new Promise((resolve) => setTimeout(resolve, size > 200_000 ? 50 : 0));
}

function sizeOf(data: string | object): number {
  return typeof data === "string" ? data.length : JSON.stringify(data).length;
}

/** Shows HTML; `text` is the same content as plain text. */
export async function showHtml(html: string, text: string): Promise<void> {
  await show({ "text/html": html, "text/plain": text });
}

/** Shows Markdown. */
export async function showMarkdown(markdown: string): Promise<void> {
  await show({ "text/markdown": markdown, "text/plain": markdown });
}

/** Shows an SVG picture; `alt` describes it in words. */
export async function showSvg(svg: string, alt: string): Promise<void> {
  await show({ "image/svg+xml": svg, "text/plain": alt });
}

/** What a table cell can hold; `null` and `undefined` show as an empty cell. */
export type TableValue = string | number | boolean | null | undefined;

/**
 * Shows a table. Columns that hold only numbers are aligned to the right; text is escaped.
 *
 * @throws RangeError when a row has not one value a column
 */
export async function showTable(
  columns: readonly string[],
  rows: readonly (readonly TableValue[])[],
): Promise<void> {
  const wrong = rows.findIndex((row) => row.length !== columns.length);
  if (wrong >= 0) {
    throw new RangeError(
      `Cannot show the table: row ${wrong} has ${rows[wrong]!.length} values, ` +
        `expected ${columns.length}`,
    );
  }
  await showHtml(tableHtml(columns, rows), tableText(columns, rows));
}

type Rows = readonly (readonly TableValue[])[];

function tableHtml(columns: readonly string[], rows: Rows): string {
  const cells = (tag: string, values: readonly TableValue[]) =>
    values.map((value, i) => {
      const align = isNumeric(rows, i) ? "right" : "left";
      return `<${tag} style="text-align:${align}">${escapeHtml(asText(value))}</${tag}>`;
    }).join("");
  const head = `<thead><tr>${cells("th", columns)}</tr></thead>`;
  const body = rows.map((row) => `<tr>${cells("td", row)}</tr>`).join("\n");
  return `<table>\n${head}\n<tbody>\n${body}\n</tbody>\n</table>`;
}

function tableText(columns: readonly string[], rows: Rows): string {
  const texts = [columns, ...rows].map((row) => row.map(asText));
  const widths = columns.map((_, i) => Math.max(...texts.map((row) => row[i]!.length)));
  const pad = (text: string, i: number) =>
    isNumeric(rows, i) ? text.padStart(widths[i]!) : text.padEnd(widths[i]!);
  const [head, ...body] = texts.map((row) => row.map(pad).join("  ").trimEnd());
  return [head, widths.map((width) => "-".repeat(width)).join("  "), ...body].join("\n");
}

function isNumeric(rows: Rows, column: number): boolean {
  const values = rows.map((row) => row[column] ?? null).filter((value) => value !== null);
  return values.length > 0 && values.every((value) => typeof value === "number");
}

function asText(value: TableValue): string {
  return String(value ?? "");
}

const escapes: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text that HTML shows as it is. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => escapes[character]!);
}
