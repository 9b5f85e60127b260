import assert from "node:assert/strict";
import { ParameterError, UserError } from "lib/core/errors.ts";
import { findParameters, injectParameters } from "./inject.ts";
import { codeCells } from "./notebook_file.ts";
import { notebookOf } from "./testing.ts";

const file = "a.ipynb";

Deno.test("injectParameters() puts one cell with the merged values after the defaults", () => {
  const notebook = notebookOf(`1`, `const params = { "seed": 1, "rows": ["a"] };`, `2`);
  const injected = injectParameters(notebook, { rows: ["b", "c"] });
  assert.deepEqual(injected.cells.map(({ id }) => id), [
    "cell-1",
    "cell-2",
    "injected-parameters",
    "cell-3",
  ]);
  const cell = codeCells(injected)[2]!;
  assert.deepEqual(cell.metadata, { tags: ["injected-parameters"] });
  assert.equal(
    cell.source,
    `const params = {\n  "seed": 1,\n  "rows": [\n    "b",\n    "c"\n  ]\n};`,
  );
  assert.equal(notebook.cells.length, 3, "the notebook itself stays as it is");
});

Deno.test("injectParameters() replaces cells injected before", () => {
  const notebook = notebookOf(`const params = { "seed": 1 };`, `2`);
  const twice = injectParameters(injectParameters(notebook, { seed: 2 }), { seed: 3 });
  assert.deepEqual(twice, injectParameters(notebook, { seed: 3 }));
});

Deno.test("injectParameters() keeps the type and reads literals as the formatter writes them", () => {
  const notebook = notebookOf(`const params: Params<"a", {
  b: number; // of what
}> = {
  // which seed
  "seed": 1, /* , } */
  "text": "// no comment, }",
  "list": [1, 2,],
} satisfies Some;`);
  notebook.cells[0]!.source = `// Defaults.\n${notebook.cells[0]!.source}\n`;
  const { defaults } = findParameters(notebook, file);
  assert.deepEqual(defaults, { seed: 1, text: "// no comment, }", list: [1, 2] });
  const source = codeCells(injectParameters(notebook, {}))[1]!.source;
  assert.ok(source.startsWith(`const params: Params<"a", {\n  b: number; \n}> = {\n  "seed": 1,`));
});

Deno.test("injectParameters() leaves the check of values to the caller", () => {
  const notebook = notebookOf(`const params = { "seed": 1 };`);
  const validate = (values: Record<string, unknown>) => ({ ...values, seen: true });
  const injected = injectParameters(notebook, { other: 2 }, { validate });
  assert.match(injected.cells[1]!.source, /"seed": 1,\s+"other": 2,\s+"seen": true/);
});

Deno.test("injectParameters() refuses a name that is not among the defaults", () => {
  const notebook = notebookOf(`const params = { "seeds": 1 };`);
  assert.throws(
    () => injectParameters(notebook, { seed: 2 }, { file }),
    (error) =>
      error instanceof ParameterError &&
      error.message === "a.ipynb: The notebook has no parameter 'seed'. Did you mean 'seeds'?",
  );
});

Deno.test("findParameters() names notebook and cell of a wrong parameters cell", () => {
  const refuses = (notebook: ReturnType<typeof notebookOf>, message: RegExp) =>
    assert.throws(
      () => findParameters(notebook, file),
      (error) => error instanceof UserError && message.test(error.message),
    );
  refuses(notebookOf(`1`), /^a\.ipynb: No code cell is tagged 'parameters'\. /);
  refuses(
    notebookOf(`const params = {};`, `const params = {};`),
    /^a\.ipynb: 2 cells are tagged 'parameters'/,
  );
  refuses(
    notebookOf(`1`, `const params = { seed: 1 };`),
    /^a\.ipynb: cell 2: The parameters are not JSON \(/,
  );
  refuses(
    notebookOf(`const params = {};\nconst more = 1;`),
    /^a\.ipynb: cell 1: The parameters cell is not one declaration/,
  );
});
