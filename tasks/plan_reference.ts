/**
 * Makes `lib/plan/reference.json`, the measurements that the cost model begins with:
 * `deno run -A tasks/plan_reference.ts`, on a machine on which the whole table was reproduced before, so that
 * its folds were timed, and which does nothing else meanwhile.
 *
 * @module
 */
import { join } from "@std/path";
import { ParameterError } from "lib/core/errors.ts";
import { writeAtomic } from "lib/core/files.ts";
import { findExperiments, root } from "lib/experiment/find.ts";
import type { Measurement } from "lib/plan/fit.ts";
import { measurementsOf } from "lib/plan/model.ts";
import type { Reference } from "lib/plan/reference.ts";
import { runOptions } from "lib/run/options.ts";
import { readTimings } from "lib/run/timings.ts";
import { describeMachine } from "lib/setup/machine.ts";
import { backendEnvironment } from "lib/train/backend_environment.ts";
import { stageTerms } from "./bench/stage_terms.ts";
import { measureClips } from "./bench/whole_clip.ts";
import { runTask } from "./cli.ts";

async function main(): Promise<void> {
  const timings = await readTimings(runOptions().cache);
  const { notebook } = timings;
  const own = await measurementsOf(timings);
  if (notebook === undefined || own.length === 0) {
    throw new ParameterError("Nothing was timed on this machine", {
      fix: "Run: deno task reproduce table1",
    });
  }
  const measurements: Measurement[] = [...own, ...await stages()];
  for (const { id } of await findExperiments("table1")) measurements.push(...await probe(id));
  const reference: Reference = {
    machine: new Map(await describeMachine()).get("System") ?? "",
    notebook: notebook.seconds / notebook.count,
    measurements,
  };
  const file = join(root, "lib", "plan", "reference.json");
  await writeAtomic(file, JSON.stringify(reference, undefined, 2) + "\n");
}

/** A row at the sizes of the profile `paper`, in a process of its own. */
async function probe(row: string): Promise<Measurement[]> {
  console.error(`measuring ${row}`);
  const { code, stdout } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--quiet", "--allow-read", "--allow-write", "--allow-env", "--allow-sys"],
      ...["--allow-ffi", join(root, "tasks", "bench", "cost_probe.ts"), row],
    ],
    cwd: root,
    env: backendEnvironment({ isa: "avx2", threads: 1 }),
    stderr: "inherit",
  }).output();
  if (code !== 0) throw new Error(`${row} could not be measured`);
  return JSON.parse(new TextDecoder().decode(stdout));
}

/** The stages of a clip of 640×480 pixels, each a measurement of its own. */
async function stages(): Promise<Measurement[]> {
  const folder = await Deno.makeTempDir({ prefix: "fleeting-reference-" });
  try {
    return (await measureClips(folder, 3)).flatMap(stageTerms);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

if (import.meta.main) await runTask(main);
