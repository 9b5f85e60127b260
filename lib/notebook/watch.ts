/**
 * A training that draws itself while it runs.
 *
 * @module
 */
import { type Chart, chartBundle, curves } from "lib/charts/mod.ts";
import { UserError } from "lib/core/errors.ts";
import { resolveParameters } from "lib/experiment/parameters.ts";
import type { Experiment } from "lib/experiment/types.ts";
import type { Prediction } from "lib/results/types.ts";
import { foldsOf } from "lib/run/fold.ts";
import { findMethod } from "lib/run/methods.ts";
import { type Watched, watchFold } from "lib/run/watch.ts";
import { openBackend } from "lib/train/backend.ts";
import { withKeptWeights } from "lib/weights/keep.ts";
import { openDataset } from "./dataset.ts";
import { inKernel, show, showMarkdown } from "./show.ts";

/** Settings for {@linkcode watchTraining}. */
export interface WatchOptions {
  /** The fold, such as the subject that is left out; the first when left out. */
  readonly fold?: string;
  /** Least time between two drawings, in milliseconds. */
  readonly everyMs?: number;
}

let displays = 0;

/**
 * Trains one fold in the kernel and draws the loss of its training clips and of its held-out clips while
 * they change. The held-out clips are looked at only; in a run nothing is chosen by them.
 *
 * @param given parameters that differ from the experiment's defaults
 * @returns the predictions for the held-out clips, equal to those of a run
 * @throws ParameterError, DataError or UserError that names what is wrong
 */
export async function watchTraining(
  experiment: Experiment,
  given: Readonly<Record<string, unknown>>,
  { fold, everyMs = 400 }: WatchOptions = {},
): Promise<Prediction[]> {
  const parameters = resolveParameters(experiment, await withKeptWeights(experiment, given));
  const method = await findMethod(experiment.method);
  const dataset = await openDataset(experiment, given);
  const names = foldsOf(dataset, parameters, 1).map(({ id }) => id);
  const chosen = fold ?? names[0]!;
  if (!names.includes(chosen)) {
    throw new UserError(`There is no fold ${chosen}`, {
      file: dataset.name,
      field: "fold",
      fix: `Use one of ${names.join(", ")}`,
    });
  }
  await openBackend();
  const id = `fleeting-watch-${displays++}`;
  const title = `${experiment.title} on ${dataset.name}, ${chosen} left out`;
  const notes = dataset.synthetic ? ["synthetic data: this says nothing about faces"] : [];
  const states: Watched[] = [];
  let drawing = Promise.resolve();
  let drawn = -Infinity;
  let opened = false;
  const draw = async (): Promise<void> => {
    const update = opened;
    opened = true;
    await show(await chartBundle(lossChart(states, { title, notes })), { id, update });
  };
  const predictions = await watchFold({ seed: 1, fold: chosen }, {
    method,
    dataset,
    parameters,
    onEpoch(state) {
      states.push(state);
      // One point is no curve, and training must not wait for a slow screen.
      if (!inKernel() || states.length < 2 || performance.now() - drawn < everyMs) return;
      drawn = performance.now();
      drawing = drawing.then(draw).catch(() => {});
    },
  });
  await drawing;
  await draw();
  const { hits, heldOut } = states.at(-1)!;
  await showMarkdown(
    `After ${states.length} epochs ${hits} of ${heldOut} held-out clips of ${chosen} are right.`,
  );
  return predictions;
}

/** The losses so far, over epochs. */
export function lossChart(
  states: readonly Watched[],
  { title, notes }: { readonly title: string; readonly notes: readonly string[] },
): Chart {
  return curves({
    title,
    notes,
    x: { title: "epoch", values: states.map(({ epoch }) => epoch) },
    y: "loss (nats)",
    series: [
      { name: "training clips", values: states.map(({ loss }) => loss) },
      { name: "held-out clips", values: states.map(({ heldOutLoss }) => heldOutLoss) },
    ],
  });
}
