/**
 * Learning curves of the networks of a table: one fold of each is trained once more and looked at.
 *
 * @module
 */
import { join } from "@std/path";
import { learningCurves } from "lib/charts/mod.ts";
import { dataGroups } from "lib/experiment/data.ts";
import { type LearningCurve, originOf, readCurves, writeCurve } from "lib/results/curves.ts";
import { selectHead } from "lib/protocol/heads.ts";
import type { Prediction, Result } from "lib/results/types.ts";
import { recipeOf } from "lib/run/again.ts";
import { findMethod } from "lib/run/methods.ts";
import { runOptions } from "lib/run/options.ts";
import { type Watched, watchFold } from "lib/run/watch.ts";
import { openBackend } from "lib/train/backend.ts";
import { showChart } from "./chart.ts";
import { openDataset } from "./dataset.ts";
import { progressDisplay } from "./progress.ts";
import { showMarkdown } from "./show.ts";
import { readResults } from "./summary.ts";

/** Whose curves are wanted. */
export interface CurvesQuery {
  /** A data set, or a group of them such as `synthetic`. */
  readonly data: string;
  /** The ids of the rows; default all networks. */
  readonly rows?: readonly string[];
  /** The folder of results; default the run's. */
  readonly results?: string;
}

/**
 * Trains the first fold of each network's strict result once more, by what the result says, keeps its losses
 * by epoch beside the result, and draws them. A curve that is there already for the same result is kept.
 *
 * @throws DataError when there are no results
 */
export async function showLearningCurves(query: CurvesQuery): Promise<void> {
  const { data, rows, results: folder = runOptions().results } = query;
  for (const name of dataGroups[data] ?? [data]) {
    const table = await readResults({ table: "table1", data: name, results: folder });
    const { curves } = await readCurves(table.folder, table.results);
    const there = new Set(curves.map(({ row }) => row));
    const wanted = table.results.filter(({ metadata: { protocol, experiment } }) =>
      protocol === "strict" && !there.has(experiment.id) && (rows?.includes(experiment.id) ?? true)
    );
    for (const result of wanted) await trainCurve(table.folder, result);
    const drawn = await readCurves(join(folder, name, "table1"), table.results);
    if (drawn.curves.length > 0) await showChart(learningCurves(drawn.curves));
  }
}

async function trainCurve(folder: string, result: Result): Promise<void> {
  const { metadata: { experiment: { title, method: id }, data } } = result;
  const method = await findMethod(id);
  if (!("build" in method)) return;
  const { experiment, given } = await recipeOf(result);
  const dataset = await openDataset(experiment, given);
  await openBackend({
    backend: given.backend as "tensorflow" | "wasm",
    isa: given.isa as "avx2" | "native",
    threads: 1,
  });
  const { seed, fold } = result.predictions[0] as Prediction;
  const name = `${title} on ${data.name}, ${fold} left out`;
  const display = progressDisplay(name);
  const states: Watched[] = [];
  const predictions = await watchFold({ seed, fold }, {
    ...{ method, dataset, parameters: given },
    onEpoch(state) {
      states.push(state);
      void display.update({
        ...{ title: name, unit: "epochs", total: state.epochs, done: state.epoch },
        ...{ cached: 0, running: 1, secondsLeft: null },
      });
    },
  });
  await display.done(`${name}: ${states.length} epochs`);
  const before = result.predictions.filter((one) => one.seed === seed && one.fold === fold);
  if (!sameAnswers(before, predictions)) {
    await showMarkdown(
      `${name}: the training is not the one of the result any more, so it has no curve here. ` +
        "`deno task reproduce table1` makes the result anew.",
    );
    return;
  }
  await writeCurve(folder, curveOf(result, states));
}

function curveOf(result: Result, states: readonly Watched[]): LearningCurve {
  const { metadata: { experiment, data } } = result;
  const { seed, fold } = result.predictions[0] as Prediction;
  return {
    format: "fleeting-curve/1",
    row: experiment.id,
    title: experiment.title,
    data: data.name,
    synthetic: data.synthetic,
    seed,
    fold,
    heldOut: states[0]!.heldOut,
    of: originOf(result),
    loss: states.map(({ loss }) => loss),
    heldOutLoss: states.map(({ heldOutLoss }) => heldOutLoss),
    hits: states.map(({ hits }) => hits),
  };
}

/** Whether what was watched ended as the result did; heads are kept in single precision in a file. */
function sameAnswers(before: readonly Prediction[], now: readonly Prediction[]): boolean {
  const kept = new Map(before.map((one) => [one.clip, one]));
  return before.length === now.length && now.every(({ clip, scores }) => {
    const one = kept.get(clip);
    if (one === undefined) return false;
    const earlier = one.heads ? selectHead("mean", one.heads, -1) : one.scores;
    return scores.every((score, i) => Math.abs(score - earlier[i]!) < 1e-5);
  });
}
