import assert from "node:assert/strict";
import { fromFileUrl } from "@std/path";
import { rng } from "lib/core/rng.ts";
import { volume } from "lib/core/volume.ts";
import { isFolder } from "lib/data/files.ts";
import { dataSource } from "lib/data/mod.ts";
import type { Dataset } from "lib/data/types.ts";
import { experiment } from "experiments/table1/bi-woof.ts";
import { resolveParameters } from "lib/experiment/parameters.ts";
import { scorePredictions } from "lib/protocol/metrics.ts";
import type { Prediction } from "lib/results/types.ts";
import { asInput } from "lib/run/data.ts";
import { foldsOf, runFold } from "lib/run/fold.ts";
import { method } from "./bi_woof.ts";

const real = fromFileUrl(new URL("../../../shared/megc2019-flow", import.meta.url));
const absent = !await isFolder(real);

/** Predicts every clip once, in five parts by subject. */
async function predictAll(maps: Dataset, given: Record<string, unknown> = {}) {
  const parameters = resolveParameters(experiment, { split: "k-fold-by-subject", k: 5, ...given });
  const dataset = asInput(maps, experiment.input, parameters);
  const predictions: Prediction[] = [];
  for (const { id } of foldsOf(dataset, parameters, 1)) {
    predictions.push(...await runFold({ seed: 1, fold: id }, { method, dataset, parameters }));
  }
  return { predictions, uf1: scorePredictions(predictions, dataset.classes).composite.uf1 };
}

Deno.test("bi-woof is well above chance on generated maps, and repeats", async () => {
  const dataset = await dataSource("synthetic-flow").load("");
  const { predictions, uf1 } = await predictAll(dataset);
  assert.ok(uf1 > 0.5, `UF1 ${uf1}`);
  assert.deepEqual((await predictAll(dataset)).predictions, predictions);
});

Deno.test("bi-woof is near chance when training labels are permuted", async () => {
  const { uf1 } = await predictAll(await dataSource("synthetic-flow").load(""), {
    permuteLabels: true,
  });
  assert.ok(uf1 < 0.45, `UF1 ${uf1}`);
});

Deno.test("bi-woof balanced weights find more clips of the rare classes", async () => {
  const dataset = await dataSource("synthetic-flow").load("");
  const rare = ({ predictions }: { predictions: readonly Prediction[] }) =>
    predictions.filter(({ predicted }) => predicted !== "negative").length;
  const equal = await predictAll(dataset, { classWeights: "none" });
  assert.ok(rare(await predictAll(dataset)) > rare(equal));
});

Deno.test("bi-woof scores a class that its training clips lack below the others", async () => {
  const { samples, classes } = await dataSource("synthetic-flow").load("");
  const dataset = {
    ...{ name: "two", synthetic: true, classes, channels: [], digest: "" },
    samples: samples.filter(({ label }) => label !== 1).slice(0, 60),
  };
  const { predictions } = await predictAll(dataset, { innerFolds: 2 });
  assert.ok(
    predictions.every(({ scores, predicted }) => scores[1] === -1 && predicted !== "positive"),
  );
});

Deno.test("bi-woof learns nothing from held-out clips, not even NaN", async () => {
  const maps = await dataSource("synthetic-flow").load("");
  const { samples, classes } = asInput(maps, experiment.input, {});
  const held = samples[0]!.subject;
  const test = samples.filter(({ subject }) => subject === held);
  const poison = volume(new Float32Array(28 * 28 * 3).fill(NaN), [28, 28, 3]);
  const poisoned = test.map((sample, i) => i === 0 ? sample : { ...sample, input: poison });
  const scores = (held: typeof test) =>
    method.runFold({
      train: samples.filter((sample) => !test.includes(sample)).slice(0, 60),
      test: held,
      classes,
      parameters: resolveParameters(experiment, { innerFolds: 2 }),
      rng: rng(1),
    }) as Promise<number[][]>;
  const [first, second] = await scores(poisoned);
  assert.deepEqual(first, (await scores(test))[0]);
  assert.ok(first!.every(Number.isFinite) && second!.some(Number.isNaN));
});

Deno.test({
  name: `bi-woof is well above chance on real maps${absent ? " (no real maps here)" : ""}`,
  ignore: absent,
}, async () => {
  const { uf1 } = await predictAll(await dataSource("megc2019-flow").load(real));
  assert.ok(uf1 > 0.6, `UF1 ${uf1}`);
});
