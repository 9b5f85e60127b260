/**
 * `deno task reproduce --from FILE`: makes a result file again by what it says, and compares.
 *
 * @module
 */
import { relative, resolve } from "@std/path";
import { exitCode } from "lib/core/errors.ts";
import { scratchFolder } from "lib/core/scratch.ts";
import { root } from "lib/experiment/find.ts";
import { readResult } from "lib/results/arrow.ts";
import { readBytes } from "lib/results/arrow_table.ts";
import { diffSnapshots } from "lib/results/diff.ts";
import { diffReport } from "lib/results/diff_report.ts";
import { reportText } from "lib/results/report.ts";
import { recipeOf } from "lib/run/again.ts";
import type { RunOptions } from "lib/run/options.ts";
import { run, type RunProgress } from "lib/run/run.ts";
import { ensureSetUp } from "lib/setup/ensure.ts";

/**
 * Runs the row of a result file with the file's parameters, by the code as it is now. Where no folder
 * for results is given, the new file is only compared.
 *
 * @returns 0 when the bytes are the same, 1 when they are not
 * @throws DataError or ParameterError when the file cannot be read or its row cannot be run any more
 */
export async function reproduceFrom(
  file: string,
  { options, results, signal }: {
    readonly options: RunOptions;
    readonly results: string | undefined;
    readonly signal: AbortSignal;
  },
): Promise<number> {
  const path = resolve(file);
  const { experiment, given } = await recipeOf(await readResult(path));
  await ensureSetUp({ backend: String(given.backend), signal });
  const scratch = results === undefined
    ? await Deno.makeTempDir({ dir: scratchFolder(), prefix: "from-" })
    : "";
  try {
    const made = await run(experiment, given, {
      ...options,
      results: results ?? scratch,
      signal,
      onProgress: tell(`${experiment.table}/${experiment.id} on ${given.data}`),
    });
    const side = (path: string) => new Map([[relative(root, file), () => readBytes(path)]]);
    const differences = await diffSnapshots(side(path), side(made.file));
    console.log(reportText(diffReport(differences)));
    return differences[0]?.status === "same" ? exitCode.ok : exitCode.failed;
  } finally {
    if (scratch !== "") await Deno.remove(scratch, { recursive: true });
  }
}

/** A line whenever something was finished, for terminals and logs alike. */
function tell(name: string): (progress: RunProgress) => void {
  let shown = "";
  return ({ unit, total, done, cached }) => {
    const line = `${name}: ${done}/${total} ${unit}${cached > 0 ? ` (${cached} from cache)` : ""}`;
    if (line !== shown) console.error(line);
    shown = line;
  };
}
