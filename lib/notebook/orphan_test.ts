import assert from "node:assert/strict";
import { join } from "@std/path";
import {
  environmentFor,
  filesBelow,
  processesIn,
  type ProcessInfo,
  type RunPlace,
  until,
  withRunPlace,
} from "lib/run/testing.ts";
import { notebookOf, root, withNotebooks } from "./testing.ts";

/** Runs a notebook in a process of its own, whose temporary files go to the folder `tmp` of a place. */
async function startRunner(place: RunPlace, notebook: string): Promise<Deno.ChildProcess> {
  const tmp = join(place.folder, "tmp");
  await Deno.mkdir(tmp, { recursive: true });
  const code = `
    import { executeNotebook } from "lib/notebook/execute.ts";
    await executeNotebook(${JSON.stringify(notebook)});`;
  return new Deno.Command(Deno.execPath(), {
    args: ["eval", "--quiet", code],
    cwd: root,
    env: { ...environmentFor(place), TMPDIR: tmp },
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
}

/** A program that the cell starts tells that the cell is at work. */
const cellProgram = ({ command }: ProcessInfo): boolean => /sleep 97 $/.test(command);
const sleep = `new Deno.Command("sleep", { args: ["97"] }).spawn();`;

const moments = {
  "is starting": {
    cell: sleep,
    reached: ({ command }: ProcessInfo) => command.includes("jupyter --kernel"),
  },
  "waits in a cell": {
    cell: `${sleep} await new Promise(() => {});`,
    reached: cellProgram,
  },
  "is busy in a cell": { cell: `${sleep} while (true);`, reached: cellProgram },
};

for (const [moment, { cell, reached }] of Object.entries(moments)) {
  Deno.test({
    name: `a kernel that ${moment} ends when its runner is killed (Linux only)`,
    ignore: Deno.build.os !== "linux",
    async fn() {
      const notebooks = { "a.ipynb": notebookOf(cell), "b.ipynb": notebookOf("1") };
      await withRunPlace((place) =>
        withNotebooks(notebooks, async (folder) => {
          const runner = await startRunner(place, join(folder, "a.ipynb"));
          await until("the moment has come", () => processesIn(place).some(reached));
          runner.kill("SIGKILL");
          await runner.status;
          await until("no process is left", () => processesIn(place).length === 0, 10);
          const next = await startRunner(place, join(folder, "b.ipynb"));
          assert.equal((await next.status).code, 0);
          assert.deepEqual(filesBelow(join(place.folder, "tmp")), []);
        })
      );
    },
  });
}
