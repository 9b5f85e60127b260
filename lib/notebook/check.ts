/**
 * Checks notebooks like any other code: structure, format, lint, types, promises left floating.
 *
 * Deno itself neither checks nor lints notebooks. So the code cells of each one go into a module
 * beside it for a moment, and what Deno says about the module is told of the cells.
 *
 * @module
 */
import { join } from "@std/path";
import { UserError } from "lib/core/errors.ts";
import { type CellModule, removeModule, writeModule } from "./cell_module.ts";
import { findStatements, lint, lintFindings, lostValues } from "./check_lint.ts";
import { checkTypes } from "./check_types.ts";
import { isFormatted } from "./format.ts";
import { findSyntaxError } from "./locate.ts";
import { readNotebook } from "./notebook_file.ts";
import { checkStructure, type Finding } from "./structure.ts";

export type { Finding };

/** The notebooks below a folder, sorted; hidden folders (such as Jupyter's checkpoints) are not. */
export function findNotebooks(folder: string): string[] {
  return [...Deno.readDirSync(folder)]
    .filter(({ name }) => !name.startsWith("."))
    .flatMap(({ name, isDirectory }) =>
      isDirectory ? findNotebooks(join(folder, name)) : [join(folder, name)]
    )
    .filter((path) => path.endsWith(".ipynb"))
    .sort();
}

/** A finding as one line: `a.ipynb cell 3 line 2:5: message [rule]`. */
export function formatFinding({ notebook, cell, line, column, message, rule }: Finding): string {
  const place = cell === undefined
    ? ""
    : ` cell ${cell}${line === undefined ? "" : ` line ${line}:${column ?? 1}`}`;
  return `${notebook}${place}: ${message} [${rule}]`;
}

/**
 * Everything wrong with some notebooks, in their order; empty when all is well.
 *
 * @param paths notebooks below the folder of the `deno.json` that holds for them
 */
export async function checkNotebooks(paths: readonly string[]): Promise<Finding[]> {
  const modules: CellModule[] = [];
  const findings: Finding[] = [];
  try {
    for (const path of paths) {
      try {
        const notebook = await readNotebook(path);
        findings.push(...checkStructure(notebook, path));
        modules.push(await writeModule(path, notebook));
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        const message = error.message.replace(`${path}: `, "");
        findings.push({ notebook: path, rule: "structure", message });
      }
    }
    if (modules.length > 0) findings.push(...await checkModules(modules));
  } finally {
    await Promise.all(modules.map(removeModule));
  }
  const order = ({ notebook, cell = 0, line = 0 }: Finding) =>
    (paths.indexOf(notebook) * 1e4 + cell) * 1e5 + line;
  return findings.sort((a, b) => order(a) - order(b));
}

async function checkModules(modules: readonly CellModule[]): Promise<Finding[]> {
  const [format, linted, found] = await Promise.all([
    checkFormat(modules),
    lint(modules, []),
    findStatements(modules),
  ]);
  const syntax = await Promise.all(linted.unparsable.map(syntaxErrors));
  // One module that does not parse would hide the type errors of all others.
  const parsable = modules.filter((module) => !linted.unparsable.includes(module));
  const types = parsable.length === 0 ? [] : await checkTypes(parsable, found.diagnostics);
  return [
    ...format,
    ...syntax.flat(),
    ...lintFindings(linted.diagnostics),
    ...lostValues(found.diagnostics),
    ...types,
  ];
}

async function checkFormat(modules: readonly CellModule[]): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const { notebook } of modules) {
    if (await isFormatted(notebook) !== false) continue;
    const message = "The cells are not formatted; run this check with --fix";
    findings.push({ notebook, rule: "format", message });
  }
  return findings;
}

async function syntaxErrors({ notebook, cells }: CellModule): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const [i, source] of cells.sources.entries()) {
    const { message, ...place } = await findSyntaxError(source) ?? {};
    if (message !== undefined) {
      findings.push({ notebook, cell: i + 1, ...place, rule: "syntax", message });
    }
  }
  if (findings.length > 0) return findings;
  return [{ notebook, rule: "syntax", message: "The cells parse one by one, but not together" }];
}
