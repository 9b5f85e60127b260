/**
 * Checks notebooks like any other code: structure, format, lint, types, promises left floating.
 *
 * Deno itself neither checks nor lints notebooks. So the code cells of each one go into a module
 * beside it for a moment, and what Deno says about the module is told of the cells.
 *
 * @module
 */
import { basename, dirname, fromFileUrl, join, resolve } from "@std/path";
import { UserError } from "lib/core/errors.ts";
import { extractCells, type ExtractedCells } from "./extract.ts";
import { type Span, type WrappedCode, wrapStatements } from "./floating.ts";
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
  const modules: Module[] = [];
  const findings: Finding[] = [];
  try {
    for (const path of paths) {
      try {
        const notebook = await readNotebook(path);
        findings.push(...checkStructure(notebook, path));
        modules.push(await writeModule(path, extractCells(notebook)));
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        findings.push({ notebook: path, rule: "structure", message: error.message });
      }
    }
    if (modules.length > 0) findings.push(...await checkModules(modules));
  } finally {
    for (const { plain, wrapped } of modules) {
      for (const file of [plain, wrapped]) await Deno.remove(file).catch(() => {});
    }
  }
  const order = ({ notebook, cell = 0, line = 0 }: Finding) =>
    (paths.indexOf(notebook) * 1e4 + cell) * 1e5 + line;
  return findings.sort((a, b) => order(a) - order(b));
}

/** The code of a notebook in files beside it: as it is, and with wrapped statements. */
interface Module {
  readonly notebook: string;
  readonly cells: ExtractedCells;
  readonly plain: string;
  readonly wrapped: string;
}

async function writeModule(notebook: string, cells: ExtractedCells): Promise<Module> {
  const beside = (kind: string) =>
    join(resolve(dirname(notebook)), `.${basename(notebook, ".ipynb")}.${Deno.pid}.${kind}.ts`);
  const module = { notebook, cells, plain: beside("cells"), wrapped: beside("settled") };
  await Deno.writeTextFile(module.plain, cells.code);
  return module;
}

async function checkModules(modules: readonly Module[]): Promise<Finding[]> {
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

function finding(module: Module, at: { line: number; column: number }, rest: {
  rule: string;
  message: string;
}): Finding {
  const place = module.cells.lines[at.line - 1] ?? {};
  return { notebook: module.notebook, ...place, column: at.column, ...rest };
}

async function checkFormat(modules: readonly Module[]): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const { notebook } of modules) {
    if (await isFormatted(notebook) !== false) continue;
    const message = "The cells are not formatted; run this check with --fix";
    findings.push({ notebook, rule: "format", message });
  }
  return findings;
}

interface Diagnostic {
  readonly filename: string;
  readonly range: Span;
  readonly message: string;
  readonly code: string;
  readonly hint: string | null;
}

interface LintReport {
  readonly diagnostics: readonly (readonly [Module, Diagnostic])[];
  /** Modules that do not parse. */
  readonly unparsable: readonly Module[];
}

async function lint(modules: readonly Module[], flags: readonly string[]): Promise<LintReport> {
  const files = modules.map(({ plain }) => plain);
  const { printed, said } = await deno(["lint", "--quiet", "--json", ...flags, ...files], modules);
  if (!printed.startsWith("{")) throw new Error(`deno lint failed: ${said}`);
  const { diagnostics, errors } = JSON.parse(printed) as {
    diagnostics: Diagnostic[];
    errors: { file_path: string }[];
  };
  return {
    diagnostics: diagnostics.flatMap((diagnostic) => {
      const module = modules.find(({ plain }) => plain === fromFileUrl(diagnostic.filename));
      return module ? [[module, diagnostic] as const] : [];
    }),
    unparsable: modules.filter(({ plain }) => errors.some((e) => e.file_path.includes(plain))),
  };
}

async function syntaxErrors({ notebook, cells }: Module): Promise<Finding[]> {
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

type Diagnostics = LintReport["diagnostics"];

function lintFindings(diagnostics: Diagnostics): Finding[] {
  return diagnostics.map(([module, { range, message, code, hint }]) =>
    finding(module, { line: range.start.line, column: range.start.col + 1 }, {
      rule: code,
      message: hint === null ? message : `${message}. ${hint}`,
    })
  );
}

async function findStatements(modules: readonly Module[]): Promise<LintReport> {
  const folder = await Deno.makeTempDir({ prefix: "fleeting-lint-" });
  try {
    const config = join(folder, "deno.json");
    const plugin = new URL("./lint_statements.ts", import.meta.url).href;
    const rules = { plugins: [plugin], rules: { tags: [] } };
    await Deno.writeTextFile(config, JSON.stringify({ lint: rules }));
    return await lint(modules, ["--config", config]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function lostValues(statements: Diagnostics): Finding[] {
  return statements.filter(([, { message }]) => message === "value").map(([module, { range }]) =>
    finding(module, { line: range.start.line, column: range.start.col + 1 }, {
      rule: "lost-value",
      message: "A value left as an expression can be lost; show it with `await show(…)`",
    })
  );
}

async function checkTypes(modules: readonly Module[], statements: Diagnostics): Promise<Finding[]> {
  const wrapped = new Map<Module, WrappedCode>();
  for (const module of modules) {
    const calls = statements.filter(([of, { message }]) => of === module && message === "call");
    const code = wrapStatements(module.cells.code, calls.map(([, { range }]) => range));
    wrapped.set(module, code);
    await Deno.writeTextFile(module.wrapped, code.code);
  }
  const files = modules.flatMap((module) => [module.plain, module.wrapped]);
  const { said, success } = await deno(["check", "--quiet", ...files], modules);
  const errors = [...said.matchAll(typeError)].map(({ groups }) => groups!);
  if (!success && errors.length === 0) throw new Error(`deno check failed: ${said}`);
  return errors.flatMap(({ rule, message, url, line, column }) => {
    const path = fromFileUrl(url!), at = { line: Number(line), column: Number(column) };
    const module = modules.find(({ plain, wrapped }) => plain === path || wrapped === path);
    if (!module) {
      return [{ notebook: path, rule: rule!, message: `line ${line}:${column}: ${message}` }];
    }
    if (path === module.plain) return [finding(module, at, { rule: rule!, message: message! })];
    const statement = wrapped.get(module)!.statementAt(at.line, at.column)?.start;
    if (!statement || !message!.includes("'never'")) return [];
    return [finding(module, { line: statement.line, column: statement.col + 1 }, {
      rule: "floating-promise",
      message: "This promise is not awaited: its error and its outputs can be lost",
    })];
  });
}

const typeError =
  /^(?<rule>TS\d+) \[ERROR\]: (?<message>.*?)\n(?:(?!^TS\d).*\n)*?\s+at (?<url>file:\S+):(?<line>\d+):(?<column>\d+)/gm;

async function deno(args: readonly string[], modules: readonly Module[]) {
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
