import assert from "node:assert/strict";
import { join } from "@std/path";
import { executeNotebook } from "./execute.ts";
import { codeCells } from "./notebook_file.ts";
import { escapeHtml, inKernel, showTable } from "./show.ts";
import { notebookOf, withNotebooks } from "./testing.ts";

Deno.test("showTable() and its kin give rich data with a text beside it", async () => {
  const notebook = notebookOf(
    `import { showHtml, showMarkdown, showSvg, showTable } from "lib/notebook/show.ts";
await showTable(["name", "n"], [["a<b>", 1], [null, 10.5]]);
await showMarkdown("# a");
await showSvg("<svg/>", "nothing");
await showHtml("<b>b</b>", "b");`,
  );
  const executed = await withNotebooks(
    { "a.ipynb": notebook },
    (folder) => executeNotebook(join(folder, "a.ipynb")),
  );
  const bundles = codeCells(executed.notebook)[0]!.outputs.map((o) => "data" in o ? o.data : o);
  assert.deepEqual(bundles, [
    {
      "text/html": `<table>
<thead><tr><th style="text-align:left">name</th><th style="text-align:right">n</th></tr></thead>
<tbody>
<tr><td style="text-align:left">a&lt;b&gt;</td><td style="text-align:right">1</td></tr>
<tr><td style="text-align:left"></td><td style="text-align:right">10.5</td></tr>
</tbody>
</table>`,
      "text/plain": "name     n\n----  ----\na<b>     1\n      10.5",
    },
    { "text/markdown": "# a", "text/plain": "# a" },
    { "image/svg+xml": "<svg/>", "text/plain": "nothing" },
    { "text/html": "<b>b</b>", "text/plain": "b" },
  ]);
});

Deno.test("showTable() refuses a row of another length", async () => {
  await assert.rejects(() => showTable(["a", "b"], [[1, 2], [1]]), {
    name: "RangeError",
    message: "Cannot show the table: row 1 has 1 values, expected 2",
  });
});

Deno.test("escapeHtml() leaves no character that HTML reads", () => {
  assert.equal(escapeHtml(`<a b="c" d='e'>&`), "&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;&amp;");
});

Deno.test("inKernel() is false outside a kernel", () => {
  assert.equal(inKernel(), false);
});
