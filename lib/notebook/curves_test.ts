import assert from "node:assert/strict";
import { join } from "@std/path";
import { findExperiment } from "lib/experiment/find.ts";
import { readResult, writeResult } from "lib/results/arrow.ts";
import { curveFile, readCurves } from "lib/results/curves.ts";
import { exists } from "lib/core/files.ts";
import { run } from "lib/run/run.ts";
import { withRunPlace } from "lib/run/testing.ts";
import { showLearningCurves } from "./curves.ts";

const given = { data: "synthetic-flow", split: "k-fold-by-subject", k: 3, seeds: 1, epochs: 4 };

Deno.test("showLearningCurves() keeps the losses of a training that ends as its result did, and of no other", async () => {
  await withRunPlace(async (place) => {
    const { file, result } = await run(await findExperiment("table1", "stst-net"), given, {
      ...{ cache: place.cache, results: place.results, workers: 1 },
    });
    const folder = join(place.results, "synthetic-flow", "table1");
    const kept = curveFile(folder, "stst-net");
    const draw = () => showLearningCurves({ data: "synthetic-flow", results: place.results });
    await draw();
    const { curves: [curve] } = await readCurves(folder, [result]);
    assert.deepEqual([curve!.loss.length, curve!.heldOutLoss.length], [4, 4]);
    const { fold } = result.predictions[0]!;
    const held = result.predictions.filter((one) => one.fold === fold);
    assert.equal(curve!.hits.at(-1), held.filter((p) => p.truth === p.predicted).length);
    const bytes = await Deno.readFile(kept);
    await draw();
    assert.deepEqual(await Deno.readFile(kept), bytes);

    // Scores that no training of today gives.
    await Deno.remove(kept);
    const { metadata, predictions } = await readResult(file);
    const other = predictions.map((one) => ({ ...one, scores: one.scores.map((s) => s / 2) }));
    await writeResult(file, { metadata, predictions: other });
    await draw();
    assert.equal(await exists(kept), false);
  });
});
