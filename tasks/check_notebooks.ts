/**
 * `deno task check-notebooks`: structure, format, lint, types and floating promises of all notebooks.
 *
 * @module
 */
import { join, relative } from "@std/path";
import { exitCode } from "lib/core/errors.ts";
import { root } from "lib/experiment/find.ts";
import { checkNotebooks, findNotebooks, formatFinding } from "lib/notebook/check.ts";
import { formatNotebooks } from "lib/notebook/format.ts";
import { newCommand, runTask } from "./cli.ts";

async function main(): Promise<number> {
  const command = newCommand("deno task check-notebooks")
    .description("Checks notebooks like other code: structure, format, lint, types.")
    .argument("[notebooks...]", "notebook files (default: all of the folder notebooks)")
    .option("--fix", "format the cells first")
    .parse(Deno.args, { from: "user" });
  const folder = join(root, "notebooks");
  const paths = (command.args.length > 0 ? command.args : findNotebooks(folder))
    .map((path) => relative(Deno.cwd(), path));
  if (command.opts().fix) {
    for (const path of await formatNotebooks(paths)) console.log(`formatted ${path}`);
  }
  const findings = await checkNotebooks(paths);
  for (const finding of findings) console.error(formatFinding(finding));
  console.log(`${paths.length} notebooks checked, ${findings.length} findings`);
  return findings.length === 0 ? exitCode.ok : exitCode.failed;
}

await runTask(main);
