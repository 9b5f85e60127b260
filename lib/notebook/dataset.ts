/**
 * The clips of an experiment with their inputs, for cells that look at them.
 *
 * @module
 */
import type { Dataset } from "lib/data/types.ts";
import { resolveParameters } from "lib/experiment/parameters.ts";
import type { Experiment } from "lib/experiment/types.ts";
import { loadPrepared } from "lib/run/clip_jobs.ts";
import { openData } from "lib/run/data.ts";
import { runOptions } from "lib/run/options.ts";
import { progressDisplay } from "./progress.ts";

/**
 * Loads the data set of an experiment as its method sees it. Clips that are not prepared yet are
 * prepared, with a progress line.
 *
 * @param given parameters that differ from the experiment's defaults
 * @throws ParameterError or DataError that names what is wrong
 */
export async function openDataset(
  experiment: Experiment,
  given: Readonly<Record<string, unknown>> = {},
): Promise<Dataset> {
  const parameters = resolveParameters(experiment, given);
  const title = `${parameters.data}, preparing clips`;
  const display = progressDisplay(title);
  let prepared = 0;
  const { dataset, prepared: file } = await openData(experiment, parameters, {
    ...runOptions(),
    onClips({ total, done, running }) {
      prepared = total;
      void display.update({
        title,
        unit: "clips",
        total,
        done,
        cached: 0,
        running: running.length,
        secondsLeft: null,
      });
    },
  });
  if (prepared > 0) await display.done(`${parameters.data}: ${prepared} clips prepared`);
  return file === undefined ? dataset : await loadPrepared(file);
}
