/**
 * `deno task reproduce … --write-jobs FOLDER`: what is open as job files, for any scheduler.
 *
 * @module
 */
import { join, relative, resolve } from "@std/path";
import { ParameterError } from "lib/core/errors.ts";
import { writeAtomic } from "lib/core/files.ts";
import { root } from "lib/experiment/find.ts";
import { plural } from "lib/results/format.ts";
import type { Plan } from "lib/run/plan.ts";
import { jobScript } from "lib/slurm/script.ts";
import { openWork } from "./cluster.ts";

/**
 * Writes a folder for each kind of work: `run.sh`, and a job file for each fold or clip. Folds of clips
 * that are not prepared yet cannot be written, so then the folder holds the clips.
 *
 * @param folder it must be empty, or not there
 * @returns what was written, a line each, and what comes next
 */
export async function writeJobs(folder: string, plans: readonly Plan[]): Promise<string[]> {
  const path = resolve(folder);
  await refuseFull(path);
  const all = openWork(plans);
  const clips = all.filter(({ kind }) => kind.name === "clips");
  const lines: string[] = [];
  for (const { kind, jobs } of clips.length > 0 ? clips : all) {
    const name = kind.name.replaceAll(/[^A-Za-z0-9._]+/g, "-");
    const below = lines.some((line) => line.startsWith(`${name}/`))
      ? `${name}-${lines.length}`
      : name;
    for (const [i, job] of jobs.entries()) {
      await writeAtomic(join(path, below, `${i + 1}.json`), JSON.stringify(job) + "\n");
    }
    await writeAtomic(join(path, below, "run.sh"), jobScript(kind));
    lines.push(`${below}/: ${plural(jobs.length, "job")}`);
  }
  if (lines.length === 0) return ["nothing to compute"];
  const next = clips.length > 0
    ? "these are clips; when they are done, the same command writes the folds"
    : "when they are done, the same command without --write-jobs gathers them";
  return [...lines, `do each by: sh ${relative(root, path)}/<name>/run.sh <job>.json; ${next}`];
}

async function refuseFull(path: string): Promise<void> {
  try {
    for await (const { name } of Deno.readDir(path)) {
      throw new ParameterError(`There is something in this folder ('${name}')`, {
        file: path,
        field: "--write-jobs",
        fix: "Name another, so that jobs of two commands are not mixed",
      });
    }
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    if (error instanceof Deno.errors.NotADirectory) {
      throw new ParameterError("This is no folder", { file: path, field: "--write-jobs" });
    }
    throw error;
  }
}
