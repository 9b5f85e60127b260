/**
 * Running an experiment from a notebook cell, with live progress.
 *
 * @module
 */
import { dirname, join, relative } from "@std/path";
import { root } from "lib/experiment/find.ts";
import { resolveParameters, schemaOf } from "lib/experiment/parameters.ts";
import type { Experiment } from "lib/experiment/types.ts";
import { runOptions } from "lib/run/options.ts";
import { type Run, run, type RunCall } from "lib/run/run.ts";
import { progressDisplay } from "./progress.ts";
import { showMarkdown, showTable } from "./show.ts";

/**
 * Runs an experiment and saves its result file; the cell shows a live progress line, and in the end
 * what was done.
 *
 * @param given parameters that differ from the experiment's defaults
 * @throws ParameterError or DataError that names what is wrong, before any work
 */
export async function runExperiment(
  experiment: Experiment,
  given: Readonly<Record<string, unknown>>,
  call: RunCall = {},
): Promise<Run> {
  const display = progressDisplay(experiment.title);
  const finished = await run(experiment, given, {
    ...call,
    onProgress(progress) {
      // Not awaited: the training does not wait for the screen.
      const title = progress.unit === "clips"
        ? `${experiment.title}, preparing clips`
        : experiment.title;
      void display.update({ title, ...progress });
      call.onProgress?.(progress);
    },
  });
  if (finished.damaged.length > 0) {
    await showMarkdown(
      `Computed again, because the kept file was damaged: ${
        finished.damaged.map((file) => relative(root, file)).join(", ")
      }`,
    );
  }
  const { predictions, metadata } = finished.result;
  const folds = new Set(predictions.map(({ seed, fold }) => `${seed} ${fold}`)).size;
  await display.done(
    `${experiment.title} on ${metadata.data.name}${
      metadata.data.synthetic ? " (synthetic)" : ""
    }: ` +
      `${folds} folds, ${predictions.length} predictions, saved as ${
        relative(root, finished.file)
      }`,
  );
  return finished;
}

/**
 * Runs an experiment with shuffled training labels, one seed: what a protocol scores when there is nothing
 * to learn. The result file goes to a folder of its own, not among the results.
 *
 * @param given parameters that differ from the experiment's defaults
 */
export async function runShuffled(
  experiment: Experiment,
  given: Readonly<Record<string, unknown>>,
): Promise<Run> {
  const { cache } = runOptions();
  const results = join(dirname(cache), "shuffled");
  return await runExperiment(experiment, { ...given, permuteLabels: true, seeds: 1 }, { results });
}

/** Shows every parameter of an experiment: the value used, the default and what it means. */
export async function showParameters(
  experiment: Experiment,
  given: Readonly<Record<string, unknown>>,
): Promise<void> {
  const resolved = resolveParameters(experiment, given);
  const rows = Object.entries(schemaOf(experiment)).map(([name, spec]) => [
    name,
    `${resolved[name]}${name in given ? " (given)" : ""}`,
    String(spec.default),
    `${spec.doc}${spec.unit ? ` [${spec.unit}]` : ""}${
      spec.type === "choice" ? `: ${spec.choices.join(", ")}` : ""
    }`,
  ]);
  await showTable(["parameter", "value", "default", "meaning"], rows);
}
