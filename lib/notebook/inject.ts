/**
 * Parameters of a notebook: one cell tagged `parameters` holds the defaults, and a run puts its own
 * values into a cell after it.
 *
 * @module
 */
import { didYouMean, ParameterError, UserError } from "lib/core/errors.ts";
import {
  type CodeCell,
  codeCells,
  hasTag,
  type JsonObject,
  type Notebook,
} from "./notebook_file.ts";

/** Tag of the cell with the defaults. */
export const parametersTag = "parameters";
/** Tag of the cell with a run's own values. */
export const injectedTag = "injected-parameters";

/** Settings for {@linkcode injectParameters}. */
export interface InjectOptions {
  /** What messages call the notebook. */
  readonly file?: string;
  /**
   * Checks the merged parameters and returns those to use. Without it, names must be among the
   * defaults.
   */
  readonly validate?: (parameters: JsonObject) => JsonObject;
}

/** The parameters cell of a notebook. */
export interface ParametersCell {
  /** Position among all cells. */
  readonly index: number;
  /** The defaults. */
  readonly defaults: JsonObject;
  /** The type annotation of `params`, if there is one. */
  readonly type: string | undefined;
}

/**
 * A copy of a notebook with a cell `const params = {…}` after its parameters cell: the defaults
 * overridden by the given values, as one JSON literal. Cells injected earlier are replaced.
 *
 * @throws UserError naming notebook and cell when the parameters cell is missing, double or not JSON
 * @throws ParameterError for a name that is not among the defaults (when there is no `validate`)
 */
export function injectParameters(
  notebook: Notebook,
  parameters: Readonly<JsonObject>,
  options: InjectOptions = {},
): Notebook {
  const file = options.file ?? "notebook";
  const cells = notebook.cells.filter((cell) => !hasTag(cell, injectedTag));
  const { index, defaults, type } = findParameters({ ...notebook, cells }, file);
  const merged = { ...defaults, ...parameters };
  if (!options.validate) refuseUnknown(Object.keys(merged), Object.keys(defaults), file);
  const values = options.validate ? options.validate(merged) : merged;
  const annotation = type === undefined ? "" : `: ${type}`;
  const injected: CodeCell = {
    cell_type: "code",
    id: injectedTag,
    metadata: { tags: [injectedTag] },
    source: `const params${annotation} = ${JSON.stringify(values, null, 2)};`,
    execution_count: null,
    outputs: [],
  };
  return { ...notebook, cells: cells.toSpliced(index + 1, 0, injected) };
}

/**
 * Finds the one parameters cell of a notebook and reads its defaults.
 *
 * @throws UserError naming notebook and cell when it is missing, double or not JSON
 */
export function findParameters(notebook: Notebook, file: string): ParametersCell {
  const tagged = notebook.cells.filter((cell) => hasTag(cell, parametersTag));
  const [cell] = tagged;
  if (cell === undefined || cell.cell_type !== "code") {
    throw new UserError(`No code cell is tagged '${parametersTag}'`, {
      file,
      fix: "Tag the cell that holds `const params = {…}`",
    });
  }
  const number = codeCells(notebook).indexOf(cell) + 1;
  if (tagged.length > 1) {
    throw new UserError(`${tagged.length} cells are tagged '${parametersTag}', one is allowed`, {
      file,
    });
  }
  return { index: notebook.cells.indexOf(cell), ...parseCell(cell.source, file, number) };
}

/** Far above the parameters of any experiment. */
const longest = 20_000;

// `const params: Type = {…} as const satisfies Type;` with comments around it.
const declaration =
  /^const\s+params\s*(?::\s*(?<type>[^=]+?))?\s*=\s*(?<value>\{.*\})\s*(?:as\s+const\s*)?(?:satisfies\s[^{}]+?)?;?$/s;

function parseCell(source: string, file: string, number: number): Omit<ParametersCell, "index"> {
  const refuse = (why: string): never => {
    throw new UserError(why, {
      file,
      field: `cell ${number}`,
      fix: 'Write it as `const params = { "name": value };` with plain JSON values',
    });
  };
  // The patterns take time by the square of the length, and by the cube of a run of blanks.
  if (source.length > longest) return refuse("The parameters cell is longer than one declaration");
  const found = declaration.exec(withoutRuns(withoutComments(source)).trim())?.groups;
  if (!found) return refuse("The parameters cell is not one declaration of params");
  try {
    const defaults = JSON.parse(withoutTrailingCommas(found.value!)) as JsonObject;
    return { defaults, type: found.type };
  } catch (error) {
    return refuse(`The parameters are not JSON (${(error as Error).message})`);
  }
}

// Strings are matched first and kept, so that nothing inside them is taken for a comment or comma.
const string = String.raw`"(?:\\.|[^"\\])*"`;

function withoutComments(source: string): string {
  const pattern = new RegExp(String.raw`(${string})|//[^\n]*|/\*.*?\*/`, "gs");
  return source.replace(pattern, (_, kept) => kept ?? "");
}

function withoutRuns(source: string): string {
  const pattern = new RegExp(String.raw`(${string})|\s{100,}`, "gs");
  return source.replace(pattern, (_, kept) => kept ?? "\n");
}

/** The formatter puts a comma after the last entry of a literal that takes several lines. */
function withoutTrailingCommas(literal: string): string {
  const pattern = new RegExp(String.raw`(${string})|,(?=\s*[}\]])`, "gs");
  return literal.replace(pattern, (_, kept) => kept ?? "");
}

function refuseUnknown(names: readonly string[], known: readonly string[], file: string): void {
  const unknown = names.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new ParameterError(`The notebook has no parameter '${unknown}'`, {
    file,
    fix: didYouMean(unknown, known),
  });
}
