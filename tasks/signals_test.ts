import assert from "node:assert/strict";
import { join } from "@std/path";
import { notebookOf, root, withNotebooks } from "lib/notebook/testing.ts";
import {
  environmentFor,
  processesIn,
  type ProcessInfo,
  until,
  withRunPlace,
} from "lib/run/testing.ts";

const worker = `
import { serve } from "lib/run/serve.ts";
await serve(() => new Promise(() => setTimeout(() => {}, 1e9)));`;

/** A run that goes on although it was told to stop, with a worker and a busy kernel. */
const stubborn = (folder: string) => `
import { executeNotebook } from "lib/notebook/execute.ts";
import { openPool } from "lib/run/pool.ts";
import { abortOnSignal } from "./tasks/signals.ts";
const abort = abortOnSignal();
abort.signal.addEventListener("abort", () => console.log("told"));
const kind = { name: "stubborn", isa: "native", worker: ${JSON.stringify(join(folder, "w.ts"))} };
await Promise.all([
  openPool(1).run({ kind, job: {}, name: "long" }),
  executeNotebook(${JSON.stringify(join(folder, "a.ipynb"))}),
]);`;

Deno.test({
  name:
    "abortOnSignal() ends a run at the second Ctrl-C, with its worker and its kernel (Linux only)",
  ignore: Deno.build.os !== "linux",
  async fn() {
    const notebook = notebookOf(
      `new Deno.Command("sleep", { args: ["97"] }).spawn(); while (true);`,
    );
    await withRunPlace((place) =>
      withNotebooks({ "a.ipynb": notebook }, async (folder) => {
        await Deno.writeTextFile(join(folder, "w.ts"), worker);
        const tmp = join(place.folder, "tmp");
        await Deno.mkdir(tmp);
        const child = new Deno.Command(Deno.execPath(), {
          args: ["eval", "--quiet", stubborn(folder)],
          cwd: root,
          env: { ...environmentFor(place), TMPDIR: tmp },
          stdin: "null",
          stdout: "piped",
        }).spawn();
        const has = (part: string) =>
          processesIn(place).some(({ command }: ProcessInfo) => command.includes(part));
        await until("worker and kernel are at work", () => has("/w.ts") && has("sleep 97"));
        // One press comes several times.
        for (let i = 0; i < 3; i++) child.kill("SIGINT");
        await new Promise((resolve) => setTimeout(resolve, 1000));
        assert.ok(has("/w.ts") && has("sleep 97") && has("eval"), "once is not twice");
        child.kill("SIGINT");
        const { code, stdout } = await child.output();
        assert.equal(code, 130);
        assert.equal(new TextDecoder().decode(stdout), "told\n");
        await until("no process is left", () => processesIn(place).length === 0, 10);
        const left = [...Deno.readDirSync(tmp)].map(({ name }) => name);
        assert.deepEqual(left, []);
      })
    );
  },
});
