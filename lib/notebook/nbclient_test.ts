import assert from "node:assert/strict";
import { join } from "@std/path";
import { SetupError } from "lib/core/errors.ts";
import { installKernel } from "./lab.ts";
import { codeCells, readNotebook } from "./notebook_file.ts";
import { notebookOf, root, withNotebooks } from "./testing.ts";
import { ensureVenv, venvProgram } from "./venv.ts";

const folder = join(root, ".cache", "test-venv");
const packages = ["nbclient==0.11.0", "nbformat==5.10.4"];
const unavailable = await ensureVenv({ folder, packages, lock: `${folder}-lock` })
  .then(() => installKernel(folder))
  .then(() => "", (error) => {
    if (!(error instanceof SetupError)) throw error;
    return ` (skipped: ${error.message.slice(0, 80)})`;
  });

const script = `
import sys, nbformat, nbclient
path = sys.argv[1]
notebook = nbformat.read(path, as_version=4)
nbformat.validate(notebook)
nbclient.NotebookClient(notebook, resources={"metadata": {"path": sys.argv[2]}}).execute()
nbformat.write(notebook, path)
`;

Deno.test({
  name: `notebooks run under nbclient with every shown output${unavailable}`,
  ignore: unavailable !== "",
  async fn() {
    const cell = (n: number) => `await showTable(["n"], [[${n}]]);\nawait showMarkdown("# ${n}");`;
    const notebook = notebookOf(
      `const params = { "file": "result.txt" };`,
      `import { progressDisplay } from "lib/notebook/progress.ts";
import { showMarkdown, showTable } from "lib/notebook/show.ts";`,
      ...Array.from({ length: 10 }, (_, i) => cell(i)),
      `const display = progressDisplay("work");
const state = { title: "work", total: 1, cached: 0, running: 1, secondsLeft: null };
await display.update({ ...state, done: 0 });
await Deno.writeTextFile(params.file, "written");
await display.done("work is done");`,
    );
    await withNotebooks({ "a.ipynb": notebook }, async (folder_) => {
      const path = join(folder_, "a.ipynb");
      const { success, stderr } = await new Deno.Command(venvProgram(folder, "python"), {
        args: ["-c", script, path, folder_],
        env: { JUPYTER_PREFER_ENV_PATH: "1" },
      }).output();
      assert.ok(success, new TextDecoder().decode(stderr));
      assert.equal(await Deno.readTextFile(join(folder_, "result.txt")), "written");
      const shown = codeCells(await readNotebook(path)).slice(2).map(({ outputs }) =>
        outputs.map((output) => "data" in output ? output.data["text/plain"] : output)
      );
      const expected = Array.from({ length: 10 }, (_, i) => [`n\n-\n${i}`, `# ${i}`]);
      assert.deepEqual(shown, [...expected, ["work is done"]]);
    });
  },
});
