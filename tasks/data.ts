/**
 * `deno task data list | lock NAME | verify [NAME] | inspect NAME | export-synthetic DIR`: the data sets
 * and their lock file.
 *
 * @module
 */
import { dirname } from "@std/path";
import { type Command, Option } from "commander";
import { exitCode, UserError } from "lib/core/errors.ts";
import {
  type ClipCall,
  dataRoot,
  datasetNames,
  type DataSource,
  dataSource,
  loadDataset,
  lockDataset,
  verifyDataset,
} from "lib/data/mod.ts";
import { describeReport, isClean, lockPath, readLock } from "lib/data/lock.ts";
import { channelRanges, countClips } from "lib/data/summary.ts";
import type { Dataset } from "lib/data/types.ts";
import { newCommand, requireWritable, runTask } from "./cli.ts";
import { countLine } from "./count_line.ts";
import { inspectClips } from "./data_clips.ts";
import { exportSynthetic } from "./data_export.ts";
import { dataList } from "./data_list.ts";
import { table } from "./table.ts";

interface Flags {
  readonly dataRoot?: string;
  readonly lockFile?: string;
  readonly labels?: NonNullable<ClipCall["labels"]>;
  readonly size?: NonNullable<ClipCall["size"]>;
  readonly decode?: boolean;
  readonly as?: string;
}

/** What an action is given: where data lies, and what its own flags say. */
interface Call extends ClipCall {
  readonly decode: boolean;
  readonly as: string;
}

type Action = (name: string | undefined, call: Call) => Promise<number>;

const labels = new Option("--labels <scheme>", "how emotions become classes of clips")
  .choices(["paper", "megc3", "original5"]).default("paper");
const size = new Option("--size <size>", "of generated clips").choices(["demo", "paper"])
  .default("demo");

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
        done(await action(name, callOf(flags)));
      });
  add("list", "list the data sets and what is there of each", async (_, call) => {
    console.log(await dataList(call));
    return exitCode.ok;
  });
  add("lock <name>", "write what a data set is now into the lock file", lock).addOption(size);
  add("verify [name]", "compare a data set, or all that are there, with the lock file", verify)
    .addOption(size);
  add(
    "inspect <name>",
    "count a data set's clips, show its values or frames, list problems",
    inspect,
  )
    .addOption(labels).addOption(size)
    .option("--decode", "decode every frame, which finds damage inside of images");
  add(
    "export-synthetic <folder>",
    "write generated clips in the layout of a licensed set",
    exportAs,
  )
    .addOption(
      new Option("--as <name>", "the licensed set").choices(["smic-hs", "samm", "casme2"])
        .makeOptionMandatory(),
    )
    .addOption(size);
  return program;
}

function callOf({ dataRoot, lockFile, decode = false, as = "", ...chosen }: Flags): Call {
  return {
    ...chosen,
    decode,
    as,
    ...(dataRoot === undefined ? {} : { root: dataRoot }),
    ...(lockFile === undefined ? {} : { lockFile }),
  };
}

async function exportAs(folder: string | undefined, { as, size = "demo" }: Call): Promise<number> {
  return await exportSynthetic(folder ?? "", { as, size });
}

async function lock(name: string | undefined, options: Call): Promise<number> {
  requireWritable(dirname(lockPath(options.lockFile)), "--lock-file");
  const line = countLine(name ?? "");
  const { files, digest } = await lockDataset(name ?? "", { ...options, onProgress: line.show });
  line.end();
  const what = files === undefined ? "generated" : lines(name ?? "", Object.keys(files).length);
  console.log(`${name}: ${what}, digest ${digest.slice(0, 12)} → ${lockPath(options.lockFile)}`);
  return exitCode.ok;
}

/** What the lock file's lines of a data set stand for. */
function lines(name: string, count: number): string {
  return `${count} ${dataSource(name).kind === "clips" ? "sheets and folders of frames" : "files"}`;
}

async function verify(name: string | undefined, options: Call): Promise<number> {
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

async function verifyOne(name: string, options: Call): Promise<number> {
  const report = await verifyDataset(name, options);
  if (isClean(report)) {
    const what = dataSource(name).needsRoot ? lines(name, report.expected) : "generated";
    console.log(`${name}: as locked (${what})`);
    return exitCode.ok;
  }
  console.error(`error: ${report.folder || name}: ${describeReport(report)}`);
  return exitCode.usage;
}

async function inspect(name: string | undefined, options: Call): Promise<number> {
  const source = dataSource(name ?? "");
  return source.kind === "clips"
    ? await inspectClips(source, options)
    : await inspectMaps(source, options);
}

async function inspectMaps(source: DataSource, options: Call): Promise<number> {
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
