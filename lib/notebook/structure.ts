/**
 * What a notebook in the repository must be like, apart from its code: no results in it, and the
 * metadata that the tools need.
 *
 * @module
 */
import { UserError } from "lib/core/errors.ts";
import { findParameters, injectedTag, parametersTag } from "./inject.ts";
import { codeCells, hasTag, type JsonObject, type Notebook } from "./notebook_file.ts";

/** Something wrong in a notebook. */
export interface Finding {
  /** The notebook's path as it was given. */
  readonly notebook: string;
  /** Code cell, counted from 1. */
  readonly cell?: number;
  /** Place within the cell, counted from 1. */
  readonly line?: number;
  readonly column?: number;
  /** Which check: `structure`, `format`, `floating-promise`, `lost-value`, a lint rule, `TS2322` … */
  readonly rule: string;
  readonly message: string;
}

/** Everything wrong with a notebook's structure; empty for a clean one. */
export function checkStructure(notebook: Notebook, file: string): Finding[] {
  return [...metadataProblems(notebook), ...idProblems(notebook), ...cellProblems(notebook)]
    .map((problem) => ({ notebook: file, rule: "structure", ...problem }))
    .concat(parameterProblems(notebook, file));
}

type Problem = Omit<Finding, "notebook" | "rule">;

function metadataProblems({ metadata }: Notebook): Problem[] {
  const { kernelspec, language_info } = metadata as Record<string, JsonObject | undefined>;
  return [
    ...(kernelspec?.name === "deno"
      ? []
      : [{ message: 'metadata.kernelspec.name is not "deno": JupyterLab would ask for a kernel' }]),
    ...(language_info?.name === "typescript" ? [] : [{
      message: 'metadata.language_info.name is not "typescript": deno fmt would skip the cells',
    }]),
  ];
}

function idProblems({ cells }: Notebook): Problem[] {
  const ids = cells.map(({ id }) => id);
  const double = [...new Set(ids.filter((id, i) => ids.indexOf(id) !== i))];
  const bad = ids.filter((id) => !/^[\w-]{1,64}$/.test(id));
  return [
    ...double.map((id) => ({ message: `Two cells have the id '${id}'` })),
    ...bad.map((id) => ({ message: `'${id}' is no cell id: 1 to 64 letters, digits, - and _` })),
  ];
}

function cellProblems(notebook: Notebook): Problem[] {
  return codeCells(notebook).flatMap((cell, i) => [
    ...(cell.outputs.length === 0 ? [] : [{
      cell: i + 1,
      message: "The cell has outputs; clear them before committing",
    }]),
    ...(cell.execution_count === null ? [] : [{
      cell: i + 1,
      message: "The cell has an execution count; clear its outputs before committing",
    }]),
    ...(hasTag(cell, injectedTag)
      ? [{ cell: i + 1, message: "The cell was injected by a run; delete it" }]
      : []),
    ...(/^\s*(const|let|var)\s+params\b/m.test(cell.source) &&
        !hasTag(cell, parametersTag) && !hasTag(cell, injectedTag)
      ? [{ cell: i + 1, message: `The cell declares params but is not tagged '${parametersTag}'` }]
      : []),
  ]);
}

function parameterProblems(notebook: Notebook, file: string): Finding[] {
  if (!notebook.cells.some((cell) => hasTag(cell, parametersTag))) return [];
  try {
    findParameters(notebook, file);
    return [];
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const message = error.message.replace(`${file}: `, "");
    return [{ notebook: file, rule: "structure", message }];
  }
}
