import assert from "node:assert/strict";
import { checkNotebooks, findNotebooks, formatFinding } from "./check.ts";
import { codeCells, type Notebook } from "./notebook_file.ts";
import { notebookOf, withProject } from "./testing.ts";

const notebooks = {
  "clean.ipynb": notebookOf(
    `const params = { "seed": 1 };`,
    `import { showTable } from "lib/notebook/show.ts";

await showTable(["seed"], [[params.seed]]);
void Promise.resolve();
console.log("done");
[1].forEach((x) => console.log(x));`,
  ),
  "types.ipynb": notebookOf(
    `const params = { "seed": 1 };`,
    `import { join } from "@std/path";\nconst name: string = params.seed;\nconsole.log(name);`,
    `let never = 2;\nconsole.log(never, join("a"));`,
    `console.log(missing);`,
  ),
  "floating.ipynb": notebookOf(
    `import { show } from "lib/notebook/show.ts";
async function work(): Promise<number> {
  await show({});
  return 1;
}
const later = { work };`,
    `show({});
later.work();
const one = 1, two = work().then(() => one);
console.log(one); two.then(console.log);
if (later) {
  work();
}
(one ? later : undefined)?.work();`,
    `later;`,
  ),
  "committed.ipynb": committed(),
  "unformatted.ipynb": notebookOf(`const a=1;\nconsole.log( a )`),
  "unparsable.ipynb": notebookOf(`console.log(1);`, `const b = ;`),
};

function committed(): Notebook {
  const notebook = notebookOf(`const params = { "seed": run() };`, `console.log(1);`);
  const [first, second] = codeCells(notebook);
  second!.outputs = [{ output_type: "stream", name: "stdout", text: "1\n" }];
  second!.execution_count = 2;
  first!.id = second!.id;
  notebook.metadata = { kernelspec: { name: "python3" } };
  return notebook;
}

// One check of all: starting the type checker is what takes long.
const checked = withProject(notebooks, async (folder) => {
  const findings = await checkNotebooks(findNotebooks(folder));
  const left = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
  const lines = findings.map((finding) => formatFinding(finding).replace(`${folder}/`, ""));
  return { lines, left };
});

async function findingsOf(name: keyof typeof notebooks): Promise<string[]> {
  return (await checked).lines.filter((line) => line.startsWith(name))
    .map((line) => line.slice(name.length).trim());
}

Deno.test("checkNotebooks() removes its own files", async () => {
  assert.deepEqual((await checked).left, [...Object.keys(notebooks), "deno.json"].sort());
});

Deno.test("checkNotebooks() finds nothing in a clean notebook", async () => {
  assert.deepEqual(await findingsOf("clean.ipynb"), []);
});

Deno.test("checkNotebooks() tells cell, line and column of type errors and lint", async () => {
  assert.deepEqual(await findingsOf("types.ipynb"), [
    "cell 2 line 2:7: Type 'number' is not assignable to type 'string'. [TS2322]",
    "cell 3 line 1:5: `never` is never reassigned. Use `const` instead [prefer-const]",
    "cell 4 line 1:13: Cannot find name 'missing'. [TS2304]",
  ]);
});

Deno.test("checkNotebooks() refuses floating promises by type, and values that can be lost", async () => {
  const promise = "This promise is not awaited: its error and its outputs can be lost";
  assert.deepEqual((await findingsOf("floating.ipynb")).filter((f) => !f.endsWith("[format]")), [
    `cell 2 line 1:1: ${promise} [floating-promise]`,
    `cell 2 line 2:1: ${promise} [floating-promise]`,
    `cell 2 line 4:19: ${promise} [floating-promise]`,
    `cell 2 line 6:3: ${promise} [floating-promise]`,
    `cell 2 line 8:1: ${promise} [floating-promise]`,
    "cell 3 line 1:1: A value left as an expression can be lost; show it with `await show(…)` " +
    "[lost-value]",
  ]);
});

Deno.test("checkNotebooks() finds committed outputs and wrong structure", async () => {
  const findings = await findingsOf("committed.ipynb");
  for (
    const expected of [
      /^: metadata\.kernelspec\.name is not "deno"/,
      /^: metadata\.language_info\.name is not "typescript"/,
      /^: Two cells have the id 'cell-2'/,
      /^cell 2: The cell has outputs/,
      /^cell 2: The cell has an execution count/,
      /^: cell 1: The parameters are not JSON/,
    ]
  ) assert.ok(findings.some((line) => expected.test(line)), `${expected}\n${findings.join("\n")}`);
});

Deno.test("checkNotebooks() finds cells that are not formatted", async () => {
  assert.deepEqual(await findingsOf("unformatted.ipynb"), [
    ": The cells are not formatted; run this check with --fix [format]",
  ]);
});

Deno.test("checkNotebooks() tells where a cell does not parse", async () => {
  assert.deepEqual(await findingsOf("unparsable.ipynb"), [
    "cell 2 line 1:11: Expression expected [syntax]",
  ]);
});
