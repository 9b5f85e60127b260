/**
 * What `deno check` says of cells, and which promises they leave floating.
 *
 * @module
 */
import { fromFileUrl } from "@std/path";
import { type CellModule, deno, finding } from "./cell_module.ts";
import type { Diagnostics } from "./check_lint.ts";
import { type WrappedCode, wrapStatements } from "./floating.ts";
import type { Finding } from "./structure.ts";

/**
 * Type errors and floating promises in modules.
 *
 * @param statements what findStatements() found in them
 * @throws Error when the type checker itself fails
 */
export async function checkTypes(
  modules: readonly CellModule[],
  statements: Diagnostics,
): Promise<Finding[]> {
  const wrapped = new Map<CellModule, WrappedCode>();
  for (const module of modules) {
    const calls = statements.filter(([of, { message }]) => of === module && message === "call");
    const code = wrapStatements(module.cells.code, calls.map(([, { range }]) => range));
    wrapped.set(module, code);
    await Deno.writeTextFile(module.wrapped, code.code);
  }
  const files = modules.flatMap((module) => [module.plain, module.wrapped]);
  const { said, success } = await deno(["check", "--quiet", ...files], modules);
  const errors = [...said.matchAll(typeError)].map(({ groups }) =>
    groups as unknown as ReportedError
  );
  if (!success && errors.length === 0) throw new Error(`deno check failed: ${said}`);
  return errors.flatMap((error) => {
    const path = fromFileUrl(error.url);
    const module = modules.find(({ plain, wrapped }) => plain === path || wrapped === path);
    if (module?.wrapped === path) return floating(module, wrapped.get(module)!, error);
    return [typeFinding(error, path, module)];
  });
}

interface ReportedError {
  readonly rule: string;
  readonly message: string;
  readonly url: string;
  readonly line: string;
  readonly column: string;
}

const typeError =
  /^(?<rule>TS\d+) \[ERROR\]: (?<message>.*?)\n(?:(?!^TS\d).*\n)*?\s+at (?<url>file:\S+):(?<line>\d+):(?<column>\d+)/gm;

function typeFinding(error: ReportedError, path: string, module: CellModule | undefined): Finding {
  const { rule, message, line, column } = error;
  // An error in a file that the notebook imports.
  if (!module) return { notebook: path, rule, message: `line ${line}:${column}: ${message}` };
  return finding(module, { line: Number(line), column: Number(column) }, { rule, message });
}

/** An argument that does not fit where a statement was wrapped is a promise. */
function floating(module: CellModule, code: WrappedCode, error: ReportedError): Finding[] {
  const statement = code.statementAt(Number(error.line), Number(error.column))?.start;
  if (!statement || error.rule !== "TS2345") return [];
  return [finding(module, { line: statement.line, column: statement.col + 1 }, {
    rule: "floating-promise",
    message: "This promise is not awaited: its error and its outputs can be lost",
  })];
}
