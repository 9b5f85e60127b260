import assert from "node:assert/strict";
import { UserError } from "lib/core/errors.ts";
import { codeCells, formatNotebook, parseNotebook, readNotebook } from "./notebook_file.ts";
import { notebookOf } from "./testing.ts";

Deno.test("formatNotebook() writes what Jupyter writes: sorted keys, lists of lines", () => {
  const notebook = notebookOf("const a = 1;\nconsole.log(a);");
  notebook.cells.push({ cell_type: "markdown", id: "m", metadata: {}, source: "" });
  codeCells(notebook)[0]!.outputs = [
    { output_type: "stream", name: "stdout", text: "1\n2" },
    {
      output_type: "display_data",
      data: {
        "text/html": "<p>\n</p>",
        "image/png": "iVBO\nRw0K",
        "application/json": { b: 1, a: 2 },
      },
      metadata: {},
    },
  ];
  assert.equal(
    formatNotebook(notebook),
    `{
 "cells": [
  {
   "cell_type": "code",
   "execution_count": null,
   "id": "cell-1",
   "metadata": {},
   "outputs": [
    {
     "name": "stdout",
     "output_type": "stream",
     "text": [
      "1\\n",
      "2"
     ]
    },
    {
     "data": {
      "application/json": {
       "a": 2,
       "b": 1
      },
      "image/png": "iVBO\\nRw0K",
      "text/html": [
       "<p>\\n",
       "</p>"
      ]
     },
     "metadata": {},
     "output_type": "display_data"
    }
   ],
   "source": [
    "const a = 1;\\n",
    "console.log(a);"
   ]
  },
  {
   "cell_type": "markdown",
   "id": "m",
   "metadata": {},
   "source": []
  }
 ],
 "metadata": {
  "kernelspec": {
   "display_name": "Deno",
   "language": "typescript",
   "name": "deno"
  },
  "language_info": {
   "name": "typescript"
  }
 },
 "nbformat": 4,
 "nbformat_minor": 5
}
`,
  );
});

Deno.test("parseNotebook() gives back what formatNotebook() wrote", () => {
  const notebook = notebookOf("a\nb\n", "");
  codeCells(notebook)[1]!.outputs = [
    { output_type: "error", ename: "E", evalue: "v", traceback: ["a", "b"] },
    { output_type: "display_data", data: { "text/plain": "x\ny" }, metadata: { a: 1 } },
  ];
  assert.deepEqual(parseNotebook(formatNotebook(notebook), "a.ipynb"), notebook);
});

Deno.test("parseNotebook() names the file and the field that is wrong", () => {
  const cell = { cell_type: "code", id: "a", metadata: {}, source: "", outputs: [] };
  const file = (change: object) =>
    JSON.stringify({ cells: [cell], metadata: {}, nbformat: 4, nbformat_minor: 5, ...change });
  const refuses = (text: string, message: RegExp) =>
    assert.throws(
      () => parseNotebook(text, "a.ipynb"),
      (error) => error instanceof UserError && message.test(error.message),
    );
  refuses("{", /^a\.ipynb: Not a notebook: /);
  refuses(file({ nbformat_minor: 4 }), /^a\.ipynb: nbformat: .* is not of format 4\.5/);
  refuses(file({ cells: {} }), /^a\.ipynb: cells: /);
  refuses(file({ cells: [cell, { ...cell, id: 1 }] }), /^a\.ipynb: cells\[1\]: The cell has no id/);
  refuses(file({ cells: [{ ...cell, source: 1 }] }), /cells\[0\]: The cell has no source/);
  refuses(file({ cells: [{ ...cell, outputs: "" }] }), /cells\[0\]: .* no list of outputs/);
  refuses(file({ cells: [{ ...cell, cell_type: "x" }] }), /cells\[0\]: Unknown kind of cell 'x'/);
});

Deno.test("readNotebook() names a file that is not there", async () => {
  await assert.rejects(
    () => readNotebook("missing.ipynb"),
    (error) => error instanceof UserError && error.message.startsWith("missing.ipynb: Cannot read"),
  );
});
