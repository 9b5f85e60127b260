/**
 * `deno task diff [REV] [REV2]`: how the results differ between revisions.
 *
 * @module
 */
import { type Command, Option } from "commander";
import { exitCode } from "lib/core/errors.ts";
import {
  diffSnapshots,
  type FileDifference,
  filesInFolder,
  isRegression,
} from "lib/results/diff.ts";
import { diffReport } from "lib/results/diff_report.ts";
import { filesAtRevision } from "lib/results/git.ts";
import { reportMarkdown, reportText } from "lib/results/report.ts";
import { newCommand, runTask } from "./cli.ts";

interface Flags {
  readonly md?: boolean;
  readonly json?: boolean;
  readonly failOn: string;
  readonly results: string;
}

function commandLine(): Command {
  return newCommand("deno task diff")
    .description(
      "Compares the result files of a revision with the working tree, or with another revision.\n" +
        "Exit code: 0 no change, 1 changes (or regressions, see --fail-on), 2 something could not be read.",
    )
    .argument("[revision]", "where to start from", "HEAD")
    .argument("[revision2]", "what to compare (default: the working tree)")
    .option("--md", "print Markdown")
    .option("--json", "print JSON, with every clip and cause")
    .addOption(
      new Option("--fail-on <what>", "what exit code 1 stands for")
        .choices(["change", "regression"]).default("change"),
    )
    .option("--results <folder>", "where the result files are", "results");
}

async function main(): Promise<number> {
  const command = commandLine();
  command.parse(Deno.args, { from: "user" });
  const [revision, revision2] = command.processedArgs as [string, string | undefined];
  const { md, json, failOn, results } = command.opts<Flags>();
  const before = await filesAtRevision(revision, results);
  const after = revision2 === undefined
    ? await filesInFolder(results)
    : await filesAtRevision(revision2, results);
  const differences = await diffSnapshots(before, after);
  if (json) console.log(JSON.stringify(differences, null, 2));
  else if (md) console.log(reportMarkdown(diffReport(differences), 3).trimEnd());
  else console.log(reportText(diffReport(differences)));
  return codeOf(differences, failOn === "regression" ? isRegression : isChange);
}

function codeOf(
  differences: readonly FileDifference[],
  fails: (difference: FileDifference) => boolean,
): number {
  if (differences.some(({ status }) => status === "unreadable")) return exitCode.usage;
  return differences.some(fails) ? exitCode.failed : exitCode.ok;
}

function isChange({ status }: FileDifference): boolean {
  return status !== "same";
}

await runTask(main);
