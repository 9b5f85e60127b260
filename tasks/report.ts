/**
 * `deno task report`: everything that came out, as one HTML file and as Markdown.
 *
 * @module
 */
import { join, relative } from "@std/path";
import { writeAtomic } from "lib/core/files.ts";
import { root } from "lib/experiment/find.ts";
import { buildReport } from "lib/report/build.ts";
import { reportHtml } from "lib/report/html.ts";
import { reportMarkdownPage } from "lib/report/markdown.ts";
import { runOptions } from "lib/run/options.ts";
import { newCommand, requireWritable, runTask } from "./cli.ts";

async function main(): Promise<void> {
  const command = newCommand("deno task report")
    .description("Writes report.html, which needs no network, and report.md beside the results.")
    .option("--results <folder>", "where result files are (default: results)");
  command.parse(Deno.args, { from: "user" });
  const { results } = runOptions(command.opts<{ results?: string }>());
  requireWritable(results, "--results");
  const report = await buildReport(results);
  for (
    const [name, text] of [
      ["report.html", reportHtml(report)],
      ["report.md", reportMarkdownPage(report)],
    ] as const
  ) {
    const file = join(results, name);
    await writeAtomic(file, text);
    console.log(`${relative(root, file)}: ${(text.length / 2 ** 20).toFixed(1)} MB`);
  }
}

await runTask(main);
