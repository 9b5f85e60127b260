/**
 * `deno task verify [FILE…]`: computes some folds of result files again and compares them.
 *
 * @module
 */
import { relative } from "@std/path";
import type { Command } from "commander";
import { DataError, exitCode, ParameterError } from "lib/core/errors.ts";
import { root } from "lib/experiment/find.ts";
import { listResults, readResult } from "lib/results/arrow.ts";
import { plural } from "lib/results/format.ts";
import type { Result } from "lib/results/types.ts";
import { foldNames, recompute, sampled } from "lib/run/again.ts";
import { processorOf } from "lib/run/environment.ts";
import type { FoldName } from "lib/run/fold.ts";
import { type RunOptions, runOptions } from "lib/run/options.ts";
import { ensureSetUp } from "lib/setup/ensure.ts";
import { newCommand, runTask } from "./cli.ts";

interface Flags {
  readonly folds: string;
  readonly seed: string;
  readonly workers?: string;
  readonly dataRoot?: string;
  readonly results?: string;
}

interface Sample {
  readonly file: string;
  readonly result: Result;
  readonly name: FoldName;
}

function commandLine(): Command {
  return newCommand("deno task verify")
    .description(
      "Draws folds of result files at random, computes them by the code as it is now, and compares\n" +
        "their scores to the last digit. Exit code: 0 all the same, 1 some differ, 2 an error.",
    )
    .argument("[files...]", "result files (default: all whose data are here)")
    .option("--folds <n>", "how many folds", "5")
    .option("--seed <n>", "of the draw", "1")
    .option("--workers <n>", "worker processes (default: one a core)")
    .option("--data-root <folder>", "where data sets lie (or FLEETING_DATA)")
    .option("--results <folder>", "where result files are (default: results)");
}

async function main(): Promise<number> {
  const command = commandLine();
  command.parse(Deno.args, { from: "user" });
  const flags = command.opts<Flags>();
  const options = runOptions({
    ...(flags.workers === undefined ? {} : { workers: whole("--workers", flags.workers) }),
    ...(flags.dataRoot === undefined ? {} : { dataRoot: flags.dataRoot }),
    ...(flags.results === undefined ? {} : { results: flags.results }),
  });
  const [count, seed] = [whole("--folds", flags.folds), whole("--seed", flags.seed)];
  const files = command.args.length > 0 ? command.args : await listResults(options.results);
  if (files.length === 0) {
    throw new DataError("There are no result files", { file: options.results });
  }
  await ensureSetUp({ backend: "tensorflow" });
  const samples = sampled(await allFolds(files), count, seed);
  const { same, differing } = await verify(samples, options);
  const seen = plural(same + differing, "fold");
  if (same + differing === 0) {
    throw new DataError("None of the drawn folds could be computed here", {
      file: options.results,
      fix: "Give --data-root, or name result files of data that are here",
    });
  }
  console.log(
    differing === 0 ? `${seen} computed again: all the same` : `${differing} of ${seen} differ`,
  );
  return differing === 0 ? exitCode.ok : exitCode.failed;
}

async function allFolds(files: readonly string[]): Promise<Sample[]> {
  const results = await Promise.all(
    files.map(async (file) => ({ file, result: await readResult(file) })),
  );
  return results.flatMap(({ file, result }) =>
    foldNames(result).map((name): Sample => ({ file, result, name }))
  );
}

/** Computes the samples file by file, and says how each came out. */
async function verify(
  samples: readonly Sample[],
  options: RunOptions,
): Promise<{ same: number; differing: number }> {
  const counts = { same: 0, differing: 0 };
  for (const [file, chosen] of Map.groupBy(samples, ({ file }) => file)) {
    const { result } = chosen[0] as Sample;
    const shown = relative(root, file);
    let again: Awaited<ReturnType<typeof recompute>>;
    try {
      again = await recompute(result, chosen.map(({ name }) => name), options);
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
      // Licensed data are not everywhere.
      console.log(`${shown}: skipped, ${error.message}`);
      continue;
    }
    const { plan, folds } = again;
    for (const { seed, fold, clips, flipped, same } of folds) {
      counts[same ? "same" : "differing"]++;
      const what = same ? "the same" : `differs, ${flipped} of ${plural(clips, "clip")} flipped`;
      console.log(`${shown}: seed ${seed}, fold ${fold}: ${what}`);
    }
    const found = new Set(folds.map(({ seed, fold }) => `${seed} ${fold}`));
    for (const { name: { seed, fold } } of chosen) {
      if (found.has(`${seed} ${fold}`)) continue;
      counts.differing++;
      console.log(`${shown}: seed ${seed}, fold ${fold}: is no fold any more`);
    }
    const changed = changedModules(result.metadata.code.modules, plan.code.modules);
    if (changed.length > 0) console.log(`  code has changed since: ${changed.join(", ")}`);
    const here = processorOf(plan.method, plan.parameters);
    const { processor: there = "a processor that is not recorded" } = result.metadata.environment;
    if (here !== undefined && here !== there && folds.some(({ same }) => !same)) {
      console.log(
        `  made on ${there}, this is ${here}: last digits of networks differ between makes`,
      );
    }
  }
  return counts;
}

function changedModules(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter((name) => before[name] !== after[name]).sort();
}

function whole(field: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1) return value;
  throw new ParameterError(`Expected a whole number of at least 1, got '${text}'`, { field });
}

await runTask(main);
