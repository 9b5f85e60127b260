/**
 * The code of a notebook as files, for a moment, and Deno's tools run on them.
 *
 * @module
 */
import { basename, dirname, join, resolve } from "@std/path";
import { extractCells, type ExtractedCells } from "./extract.ts";
import type { Notebook } from "./notebook_file.ts";
import type { Finding } from "./structure.ts";

/** The code of a notebook in files beside it: as it is, and with wrapped statements. */
export interface CellModule {
  readonly notebook: string;
  readonly cells: ExtractedCells;
  readonly plain: string;
  readonly wrapped: string;
}

/** Writes the code of a notebook beside it, so that what it imports is found. */
export async function writeModule(notebook: string, content: Notebook): Promise<CellModule> {
  const beside = (kind: string) =>
    join(resolve(dirname(notebook)), `.${basename(notebook, ".ipynb")}.${Deno.pid}.${kind}.ts`);
  const cells = extractCells(content);
  const module = { notebook, cells, plain: beside("cells"), wrapped: beside("settled") };
  await Deno.writeTextFile(module.plain, cells.code);
  return module;
}

/** Removes the files of a module. */
export async function removeModule({ plain, wrapped }: CellModule): Promise<void> {
  for (const file of [plain, wrapped]) await Deno.remove(file).catch(() => {});
}

/** A finding at a place of a module (counted from 1), told of the cell it stands in. */
export function finding(
  module: CellModule,
  at: { readonly line: number; readonly column: number },
  what: Pick<Finding, "rule" | "message">,
): Finding {
  const place = module.cells.lines[at.line - 1] ?? {};
  return { notebook: module.notebook, ...place, column: at.column, ...what };
}

/** Runs a command of this very Deno where the modules lie. */
export async function deno(
  args: readonly string[],
  modules: readonly CellModule[],
): Promise<{ printed: string; said: string; success: boolean }> {
  const output = await new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd: dirname(modules[0]!.plain),
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).output();
  const [printed, said] = [output.stdout, output.stderr].map((b) => new TextDecoder().decode(b));
  return { printed: printed!, said: said!, success: output.success };
}
