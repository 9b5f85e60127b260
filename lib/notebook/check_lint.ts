/**
 * What `deno lint` says of cells.
 *
 * @module
 */
import { fromFileUrl, join } from "@std/path";
import { scratchFolder } from "lib/core/scratch.ts";
import { type CellModule, deno, finding } from "./cell_module.ts";
import type { Span } from "./floating.ts";
import type { Finding } from "./structure.ts";

/** A diagnostic of `deno lint --json`. */
export interface Diagnostic {
  readonly filename: string;
  readonly range: Span;
  readonly message: string;
  readonly code: string;
  readonly hint: string | null;
}

/** What a run of the linter found. */
export interface LintReport {
  readonly diagnostics: readonly (readonly [CellModule, Diagnostic])[];
  /** Modules that do not parse. */
  readonly unparsable: readonly CellModule[];
}

/**
 * Runs the linter on modules with the rules of the project, or as the flags say.
 *
 * @throws Error when the linter itself fails
 */
export async function lint(
  modules: readonly CellModule[],
  flags: readonly string[],
): Promise<LintReport> {
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

/** Diagnostics, each with the module it stands in. */
export type Diagnostics = LintReport["diagnostics"];

/** The linter's diagnostics as findings. */
export function lintFindings(diagnostics: Diagnostics): Finding[] {
  return diagnostics.map(([module, { range, message, code, hint }]) =>
    finding(module, { line: range.start.line, column: range.start.col + 1 }, {
      rule: code,
      message: hint === null ? message : `${message}. ${hint}`,
    })
  );
}

/** The expression statements of modules; a diagnostic's message is its `StatementKind`. */
export async function findStatements(modules: readonly CellModule[]): Promise<LintReport> {
  const folder = await Deno.makeTempDir({ dir: scratchFolder(), prefix: "lint-" });
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

/** Expression statements that do nothing but leave a value, as findings. */
export function lostValues(statements: Diagnostics): Finding[] {
  return statements.filter(([, { message }]) => message === "value").map(([module, { range }]) =>
    finding(module, { line: range.start.line, column: range.start.col + 1 }, {
      rule: "lost-value",
      message: "A value left as an expression can be lost; show it with `await show(…)`",
    })
  );
}
