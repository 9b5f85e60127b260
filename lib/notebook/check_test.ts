import assert from "node:assert/strict";
import { checkNotebooks, findNotebooks, formatFinding } from "./check.ts";
import { codeCells, type Notebook } from "./notebook_file.ts";
import { notebookOf, withProject } from "./testing.ts";

async function findingsOf(notebook: Notebook): Promise<string[]> {
  return await withProject({ "a.ipynb": notebook }, async (folder) => {
    const findings = await checkNotebooks(findNotebooks(folder));
    const left = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
    assert.deepEqual(left, ["a.ipynb", "deno.json"]);
    return findings.map((finding) => formatFinding(finding).replace(`${folder}/`, ""));
  });
}

Deno.test("checkNotebooks() finds nothing in a clean notebook", async () => {
  const notebook = notebookOf(
    `const params = { "seed": 1 };`,
    `import { showTable } from "lib/notebook/show.ts";

await showTable(["seed"], [[params.seed]]);
void Promise.resolve();
console.log("done");
[1].forEach((x) => console.log(x));`,
  );
  assert.deepEqual(await findingsOf(notebook), []);
});

Deno.test("checkNotebooks() tells cell, line and column of type errors and lint", async () => {
  const notebook = notebookOf(
    `const params = { "seed": 1 };`,
    `import { join } from "@std/path";\nconst name: string = params.seed;\nconsole.log(name);`,
    `let never = 2;\nconsole.log(never, join("a"), 1 +);`.replace(", 1 +", ""),
    `console.log(missing);`,
  );
  assert.deepEqual(await findingsOf(notebook), [
    "a.ipynb cell 2 line 2:7: Type 'number' is not assignable to type 'string'. [TS2322]",
    "a.ipynb cell 3 line 1:5: `never` is never reassigned Use `const` instead [prefer-const]",
    "a.ipynb cell 4 line 1:13: Cannot find name 'missing'. [TS2304]",
  ]);
});

Deno.test("checkNotebooks() refuses floating promises by type, and values that can be lost", async () => {
  const notebook = notebookOf(
    `import { show } from "lib/notebook/show.ts";
async function work(): Promise<number> {
  await show({});
  return 1;
}
const later = { work };`,
    `show({});
later.work();
console.log(1); work().then(console.log);
if (later) {
  work();
}`,
    `later;`,
  );
  const promise = "This promise is not awaited: its error and its outputs can be lost";
  assert.deepEqual(
    (await findingsOf(notebook)).filter((line) => !line.includes("[format]")),
    [
      `a.ipynb cell 2 line 1:1: ${promise} [floating-promise]`,
      `a.ipynb cell 2 line 2:1: ${promise} [floating-promise]`,
      `a.ipynb cell 2 line 3:17: ${promise} [floating-promise]`,
      `a.ipynb cell 2 line 5:3: ${promise} [floating-promise]`,
      "a.ipynb cell 3 line 1:1: A value left as an expression can be lost; " +
      "show it with `await show(…)` [lost-value]",
    ],
  );
});

Deno.test("checkNotebooks() finds committed outputs and wrong structure", async () => {
  const notebook = notebookOf(`const params = { "seed": run() };`, `console.log(1);`);
  const [first, second] = codeCells(notebook);
  second!.outputs = [{ output_type: "stream", name: "stdout", text: "1\n" }];
  second!.execution_count = 2;
  first!.id = second!.id;
  notebook.metadata = { kernelspec: { name: "python3" } };
  const findings = await findingsOf(notebook);
  for (
    const expected of [
      /^a\.ipynb: metadata\.kernelspec\.name is not "deno"/,
      /^a\.ipynb: metadata\.language_info\.name is not "typescript"/,
      /^a\.ipynb: Two cells have the id 'cell-2'/,
      /^a\.ipynb cell 2: The cell has outputs/,
      /^a\.ipynb cell 2: The cell has an execution count/,
      /^a\.ipynb: cell 1: The parameters are not JSON/,
    ]
  ) assert.ok(findings.some((line) => expected.test(line)), `${expected}\n${findings.join("\n")}`);
});

Deno.test("checkNotebooks() finds cells that are not formatted or do not parse", async () => {
  assert.deepEqual(await findingsOf(notebookOf(`const a=1;\nconsole.log( a )`)), [
    "a.ipynb: The cells are not formatted; run deno fmt on it [format]",
  ]);
  const findings = await findingsOf(notebookOf(`console.log(1);`, `const b = ;`));
  assert.match(findings.join("\n"), /a\.ipynb cell 2 line 1:11: .*Expression expected/);
});
