/**
 * `deno task lab`: opens the notebooks in JupyterLab.
 *
 * @module
 */
import { exitCode } from "lib/core/errors.ts";
import { root } from "lib/experiment/find.ts";
import { jupyterLab, setUpLab, startLab } from "lib/notebook/lab.ts";
import { newCommand, runTask } from "./cli.ts";

async function main(): Promise<number> {
  const command = newCommand("deno task lab")
    .description(`Opens the notebooks in JupyterLab (${jupyterLab}, installed into .venv once).`)
    .argument("[arguments...]", "passed on to jupyter lab, such as --no-browser or --port=9000")
    .option("--setup-only", "install JupyterLab and the kernel, and stop")
    .allowUnknownOption()
    .parse(Deno.args, { from: "user" });
  await setUpLab({ root, report: (line) => console.error(`lab: ${line}`) });
  if (command.opts().setupOnly) return exitCode.ok;
  const abort = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    Deno.addSignalListener(signal, () => abort.abort());
  }
  const code = await startLab(root, command.args, { signal: abort.signal });
  if (abort.signal.aborted) return exitCode.interrupted;
  return code === 0 ? exitCode.ok : exitCode.failed;
}

await runTask(main);
