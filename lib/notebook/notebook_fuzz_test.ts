import assert from "node:assert/strict";
import { join } from "@std/path";
import { UserError } from "lib/core/errors.ts";
import { damaged, fuzz, hostile } from "lib/core/fuzz_testing.ts";
import { root } from "lib/experiment/find.ts";
import { resolveParameters } from "lib/experiment/parameters.ts";
import { experiment } from "experiments/table1/stst-net.ts";
import { findParameters, injectParameters } from "./inject.ts";
import { formatNotebook, type Notebook, parseNotebook, readNotebook } from "./notebook_file.ts";
import { notebookOf } from "./testing.ts";

const text = await Deno.readTextFile(join(root, "notebooks", "table1", "stst-net.ipynb"));
const withOutputs = JSON.parse(text);
withOutputs.cells.find((cell: { cell_type: string }) => cell.cell_type === "code").outputs.push(
  { output_type: "stream", name: "stdout", text: ["a\n", "b"] },
  { output_type: "display_data", data: { "text/plain": ["x"], "image/png": "AAAA" }, metadata: {} },
  { output_type: "execute_result", data: {}, metadata: {}, execution_count: 1 },
  { output_type: "error", ename: "E", evalue: "v", traceback: ["t"] },
);

/** A notebook whose second cell holds the parameters, or says so. */
function tagged(source: string): Notebook {
  const { cells, ...rest } = notebookOf("1", source);
  return { ...rest, cells: cells.with(1, { ...cells[1]!, metadata: { tags: ["parameters"] } }) };
}

/** Everything that is done with a notebook before anything in it runs. */
function use(text: string): string {
  const notebook = parseNotebook(text, "n.ipynb");
  formatNotebook(notebook);
  return formatNotebook(injectParameters(notebook, {}, { file: "n.ipynb" }));
}

Deno.test("parseNotebook() and injectParameters() give a notebook or an error for anything", async () => {
  await fuzz({
    name: "notebooks as JSON",
    file: "n.ipynb",
    cases: 400,
    parse: (value) => use(JSON.stringify(value)),
    variant: (random) => hostile(withOutputs, random),
  });
  const bytes = new TextEncoder().encode(JSON.stringify(withOutputs));
  await fuzz({
    name: "notebooks as bytes",
    file: "n.ipynb",
    cases: 300,
    parse: (bytes: Uint8Array) => use(new TextDecoder().decode(bytes)),
    variant: (random) => damaged([bytes], random),
  });
});

Deno.test("findParameters() gives parameters or an error for any cell", async () => {
  const cells = [
    'const params: Params<"a"> = {\n  // c\n  "seed": 1, /* , */ "rows": ["a", {"b": null}],\n};',
    'const params = { "s": "//x" } as const satisfies Params;',
  ].map((source) => new TextEncoder().encode(source));
  await fuzz({
    name: "parameter cells",
    file: "n.ipynb",
    cases: 500,
    parse: (bytes: Uint8Array) =>
      findParameters(tagged(new TextDecoder().decode(bytes)), "n.ipynb"),
    variant: (random) => damaged(cells, random),
  });
});

Deno.test("findParameters() does not take long over blanks, comments and braces", () => {
  for (
    const source of [
      `const params${" ".repeat(15_000)}x`,
      `const params :${" ".repeat(15_000)}x`,
      `const params = ${"{}".repeat(7000)}x`,
      "/*".repeat(9000),
      `const params = { "a": 1 }${"satisfies ".repeat(1500)}{`,
      "x".repeat(30_000),
    ]
  ) {
    assert.throws(() => findParameters(tagged(source), "n.ipynb"), /n\.ipynb: cell 2: /);
  }
});

Deno.test("parseNotebook() refuses brackets without end", () => {
  const deep = JSON.stringify(notebookOf("1")).replace(
    '"metadata":{}',
    `"metadata":{"x":${"[".repeat(50_000)}${"]".repeat(50_000)}}`,
  );
  assert.throws(
    () => parseNotebook(deep, "n.ipynb"),
    /^UserError: n\.ipynb: .*more than 500 levels/,
  );
});

Deno.test("names of every object's properties are no parameters, in notebooks and on their way", async () => {
  const notebook = notebookOf('const params = { "seeds": 1 };', "1");
  for (const name of ["__proto__", "constructor", "toString", "hasOwnProperty", "valueOf"]) {
    for (const value of [1, "x", {}, null]) {
      const given = JSON.parse(`{ ${JSON.stringify(name)}: ${JSON.stringify(value)} }`);
      assert.throws(() => resolveParameters(experiment, given), /stst-net: Unknown parameter '/);
      assert.throws(
        () => injectParameters(notebook, given, { file: "n.ipynb" }),
        /n\.ipynb: The notebook has no parameter '/,
      );
    }
  }
  await fuzz({
    name: "parameters",
    file: "stst-net",
    cases: 2000,
    parse: (given) => resolveParameters(experiment, given as Record<string, unknown>),
    variant: (random) => {
      const some = { data: "megc2019-flow", seeds: 2, k: 3, epochs: 5, permuteLabels: true };
      const changed = hostile(some, random);
      return typeof changed === "object" && changed !== null ? changed : { seeds: changed };
    },
  });
  assert.equal(({} as { x?: number }).x, undefined, "something reached every object");
});

Deno.test("readNotebook() refuses folders and pipes", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await assert.rejects(readNotebook(folder), (error) => error instanceof UserError);
    const pipe = join(folder, "n.ipynb");
    assert.ok((await new Deno.Command("mkfifo", { args: [pipe] }).output()).success);
    await assert.rejects(readNotebook(pipe), /n\.ipynb: This is a pipe/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
