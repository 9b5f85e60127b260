/**
 * `deno task data list | lock NAME | verify [NAME] | inspect NAME`: the data sets and their lock file.
 *
 * @module
 */
import type { Command } from "commander";
import { exitCode, UserError } from "lib/core/errors.ts";
import {
  type DataOptions,
  dataRoot,
  datasetNames,
  dataSource,
  dataSources,
  loadDataset,
  lockDataset,
  verifyDataset,
} from "lib/data/mod.ts";
import { describeReport, isClean, lockPath, readLock } from "lib/data/lock.ts";
import { channelRanges, countClips } from "lib/data/summary.ts";
import type { Dataset } from "lib/data/types.ts";
import { newCommand, runTask } from "./cli.ts";
import { table } from "./table.ts";

interface Flags {
  readonly dataRoot?: string;
  readonly lockFile?: string;
}

type Action = (name: string | undefined, options: DataOptions) => Promise<number>;

/** The command line. The chosen action's exit code is handed to `done`. */
function commandLine(done: (code: number) => void): Command {
  const program = newCommand("deno task data")
    .description("Shows, locks and verifies data sets.");
  const add = (usage: string, description: string, action: Action) =>
    program.command(usage)
      .description(description)
      .option("--data-root <folder>", "where data sets lie (or FLEETING_DATA; default: data)")
      .option("--lock-file <file>", "another lock file than data.lock.json (or FLEETING_LOCK)")
      .action(async (...given: unknown[]) => {
        // Commander passes the positional arguments, then the flags, then the command itself.
        const flags = given.at(-2) as Flags;
        const name = given.length > 2 ? given[0] as string | undefined : undefined;
        done(await action(name, optionsOf(flags)));
      });
  add("list", "list the data sets and what is there of each", list);
  add("lock <name>", "write what a data set is now into the lock file", lock);
  add("verify [name]", "compare a data set, or all that are there, with the lock file", verify);
  add("inspect <name>", "count a data set's clips and show its value ranges", inspect);
  return program;
}

function optionsOf({ dataRoot, lockFile }: Flags): DataOptions {
  return {
    ...(dataRoot === undefined ? {} : { root: dataRoot }),
    ...(lockFile === undefined ? {} : { lockFile }),
  };
}

async function list(_: string | undefined, options: DataOptions): Promise<number> {
  const locked = await readLock(lockPath(options.lockFile));
  const rows = await Promise.all(dataSources.map(async (source) => [
    source.name,
    source.title,
    source.synthetic ? "yes" : "no",
    source.name in locked ? "yes" : "no",
    ...await whatIsThere(source.name, options),
    source.licence,
  ]));
  const head = ["name", "title", "synthetic", "locked", "clips", "subjects", "classes", "where"];
  console.log(table([[...head, "licence"], ...rows]));
  return exitCode.ok;
}

/** Clips, subjects, classes and place of a data set, as far as it is there. */
async function whatIsThere(name: string, options: DataOptions): Promise<string[]> {
  let folder = "";
  try {
    folder = await dataRoot(name, options.root);
    const dataset = await loadDataset(name, options);
    const subjects = new Set(dataset.samples.map(({ subject }) => subject)).size;
    const counts = [dataset.samples.length, subjects, dataset.classes.length].map(String);
    return [...counts, folder || "generated"];
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return ["-", "-", "-", folder ? `${folder} (damaged: see verify)` : "not found"];
  }
}

async function lock(name: string | undefined, options: DataOptions): Promise<number> {
  const { files, digest } = await lockDataset(name ?? "", options);
  const what = files === undefined ? "generated" : `${Object.keys(files).length} files`;
  console.log(`${name}: ${what}, digest ${digest.slice(0, 12)} → ${lockPath(options.lockFile)}`);
  return exitCode.ok;
}

async function verify(name: string | undefined, options: DataOptions): Promise<number> {
  if (name !== undefined) return await verifyOne(name, options);
  await readLock(lockPath(options.lockFile)); // A broken lock file is a fault of all of them.
  let code: number = exitCode.ok;
  for (const each of datasetNames) {
    try {
      code = Math.max(code, await verifyOne(each, options));
    } catch (error) {
      // What is not there or not locked is no fault as long as nobody asked for it by name.
      if (!(error instanceof UserError)) throw error;
      console.log(`${each}: skipped. ${error.message}`);
    }
  }
  return code;
}

async function verifyOne(name: string, options: DataOptions): Promise<number> {
  const report = await verifyDataset(name, options);
  if (isClean(report)) {
    console.log(
      `${name}: as locked (${report.expected === 0 ? "generated" : `${report.expected} files`})`,
    );
    return exitCode.ok;
  }
  console.error(`error: ${report.folder || name}: ${describeReport(report)}`);
  return exitCode.usage;
}

async function inspect(name: string | undefined, options: DataOptions): Promise<number> {
  const source = dataSource(name ?? "");
  const dataset = await loadDataset(source.name, options);
  console.log(`${source.title}${source.synthetic ? " (synthetic)" : ""}`);
  console.log(`folder   ${await dataRoot(source.name, options.root) || "none, it is generated"}`);
  console.log(`licence  ${source.licence}`);
  console.log(`input    [${dataset.samples[0]?.input.shape.join(", ")}]`);
  console.log(`digest   ${dataset.digest}\n`);
  console.log(`${table(countRows(dataset))}\n`);
  const ranges = channelRanges(dataset).map(({ channel, min, mean, max }) => [
    channel,
    ...[min, mean, max].map((x) => x.toFixed(3)),
  ]);
  console.log(table([["channel", "min", "mean", "max"], ...ranges]));
  return exitCode.ok;
}

function countRows(dataset: Dataset): string[][] {
  const counts = countClips(dataset);
  return [
    ["database", "subjects", "clips", ...dataset.classes],
    ...counts.map(({ database, subjects, clips, byClass }) => [
      database,
      ...[subjects, clips, ...byClass].map(String),
    ]),
  ];
}

async function main(): Promise<number> {
  let code: number = exitCode.ok;
  await commandLine((result) => code = result).parseAsync(Deno.args, { from: "user" });
  return code;
}

await runTask(main);
