/**
 * `deno task score FILE`: scores predictions from anywhere.
 *
 * @module
 */
import type { Command } from "commander";
import { exitCode, ParameterError, UserError } from "lib/core/errors.ts";
import { readBytes } from "lib/results/arrow_table.ts";
import { type ColumnName, readPredictions } from "lib/results/foreign.ts";
import { reportText } from "lib/results/report.ts";
import { scoreReport } from "lib/results/score_report.ts";
import { type Scores, scoresOf } from "lib/results/scores.ts";
import { newCommand, runTask } from "./cli.ts";

type Flags = Partial<Record<ColumnName | "classes", string>> & { readonly json?: boolean };

const columnNames = ["clip", "subject", "truth", "predicted", "database", "seed"] as const;

function commandLine(): Command {
  const command = newCommand("deno task score")
    .description(
      "Scores predictions: a CSV or Arrow file with a row a clip and the columns clip, subject, " +
        "truth and\npredicted; database and seed are used when they are there.",
    )
    .argument("<file>", "a table of predictions, or a result file")
    .option(
      "--classes <names>",
      "all classes in order, separated by commas (default: the true ones)",
    )
    .option("--json", "print JSON");
  for (const name of columnNames) {
    command.option(`--${name} <column>`, `the column that holds the ${name} (default: ${name})`);
  }
  return command;
}

async function main(): Promise<number> {
  const command = commandLine();
  command.parse(Deno.args, { from: "user" });
  const [file = ""] = command.args;
  const { json, classes, ...columns } = command.opts<Flags>();
  const bytes = await readBytes(file);
  const read = readPredictions(bytes, file, {
    columns,
    ...(classes === undefined ? {} : { classes: classesOf(classes) }),
  });
  const scores = scoresIn(file, () => scoresOf(read.predictions, read.classes));
  console.log(
    json
      ? JSON.stringify({ classes: read.classes, ...scores }, null, 2)
      : reportText(scoreReport(read, scores)),
  );
  return exitCode.ok;
}

function classesOf(text: string): string[] {
  const names = text.split(",").map((name) => name.trim()).filter((name) => name !== "");
  if (new Set(names).size === names.length && names.length > 0) return names;
  throw new ParameterError("Give each class once, separated by commas", { field: "--classes" });
}

/** What cannot be scored is the file's fault: says which file. */
function scoresIn(file: string, compute: () => Scores): Scores {
  try {
    return compute();
  } catch (error) {
    if (error instanceof UserError) throw new UserError(error.message, { file });
    throw error;
  }
}

await runTask(main);
