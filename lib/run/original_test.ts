import assert from "node:assert/strict";
import { dense } from "lib/blocks/dense.ts";
import { flatten } from "lib/blocks/flatten.ts";
import { serial } from "lib/blocks/serial.ts";
import { rng } from "lib/core/rng.ts";
import { volume } from "lib/core/volume.ts";
import type { Dataset, Sample } from "lib/data/types.ts";
import type { Parameters } from "lib/experiment/types.ts";
import { openBackend } from "lib/train/backend.ts";
import { scoresByEpoch } from "lib/train/by_epoch.ts";
import type { FoldTask, Method } from "lib/train/method.ts";
import { network, type NetworkMethod } from "lib/train/network.ts";
import { foldsOf, runFold } from "./fold.ts";
import { epochOfLeastLoss, epochOfMostHits, underOriginal } from "./original.ts";

await openBackend();

/** Three databases of three subjects with four clips each: noise, which no epoch can tell apart. */
function example(): Dataset {
  const stream = rng(7);
  const samples: Sample[] = ["a", "b", "c"].flatMap((database) =>
    [1, 2, 3].flatMap((subject) =>
      [0, 1, 2, 3].map((i) => ({
        clip: `${database}/${subject}/${i}`,
        subject: `${database}/${subject}`,
        database,
        label: i % 2,
        input: volume(Float32Array.from({ length: 50 }, () => stream.normal()), [2, 5, 5, 1]),
      }))
    )
  );
  return {
    name: "example",
    synthetic: true,
    classes: ["zero", "one"],
    channels: ["value"],
    samples,
    digest: "d",
  };
}

const parameters: Parameters = {
  split: "leave-one-subject-out",
  permuteLabels: false,
  epochs: 12,
  batchSize: 8,
  learningRate: 0.02,
  weightDecay: 0,
  optimiser: "adam",
  classWeights: "none",
};

const small: NetworkMethod = network({
  id: "small",
  build: () => serial({ flat: flatten(), scores: dense({ units: 2 }) }),
});

/** A network's method that keeps what it was asked to train on and to score. */
function spied(): NetworkMethod & { tasks: FoldTask[] } {
  const tasks: FoldTask[] = [];
  return {
    ...small,
    tasks,
    runFold(task) {
      tasks.push(task);
      return task.test.map(() => [0, 1]);
    },
  };
}

async function accuracyOf(method: Method, given: Parameters): Promise<number> {
  const dataset = example();
  const under = underOriginal(method, dataset, given);
  const predictions = [];
  for (const { id } of foldsOf(dataset, given, 1)) {
    const context = { method: under, dataset, parameters: given };
    predictions.push(...await runFold({ seed: 1, fold: id }, context));
  }
  assert.equal(predictions.length, dataset.samples.length);
  return predictions.filter(({ truth, predicted }) => truth === predicted).length /
    predictions.length;
}

Deno.test("the epoch that is best on held-out clips makes good scores of noise, the last one does not", async () => {
  const last = await accuracyOf(small, parameters);
  const best = await accuracyOf(small, { ...parameters, epochSelection: "best-held-out" });
  assert.ok(Math.abs(last - 0.5) < 0.2, `last epoch: ${last}`);
  assert.ok(best > last + 0.1, `best epoch: ${best}, last epoch: ${last}`);
});

Deno.test("epochOfMostHits() counts hits, and of equal epochs takes the first", () => {
  const [right, wrong] = [[0.9, 0.1], [0.1, 0.9]];
  assert.equal(epochOfMostHits([[right, wrong], [right, right], [right, right]], [0, 0]), 1);
  assert.equal(epochOfMostHits([[wrong, right]], [0, 1]), 0);
});

Deno.test("epochOfLeastLoss() is by cross-entropy, finite where a class got no share at all", () => {
  const labels = [{ label: 0 }, { label: 0 }];
  // By hits the first is best, by cross-entropy the second: ln 0.6 + ln 1e-9 against 2 ln 0.45.
  assert.equal(
    epochOfLeastLoss([[[0.6, 0.4], [1e-9, 1]], [[0.45, 0.55], [0.45, 0.55]]], labels),
    1,
  );
  assert.equal(epochOfLeastLoss([[[1, 0], [0, 1]], [[1, 0], [0.01, 0.99]]], labels), 1);
});

Deno.test("training on other databases leaves the held-out one's out, and its epoch to their losses", async () => {
  const dataset = example();
  const given = { ...parameters, trainOn: "other-databases" };
  const of = (test: (sample: Sample) => boolean) => dataset.samples.filter(test);
  const name = { seed: 1, fold: "b/2" };
  const method = underOriginal(small, dataset, given);
  const predictions = await runFold(name, { method, dataset, parameters: given });
  assert.deepEqual(predictions.map(({ clip }) => clip), ["b/2/0", "b/2/1", "b/2/2", "b/2/3"]);
  const validation = of(({ database, subject }) => database === "b" && subject !== "b/2");
  const held = of(({ subject }) => subject === "b/2");
  const epochs = await scoresByEpoch(small, {
    train: of(({ database }) => database !== "b"),
    test: [...validation, ...held],
    classes: dataset.classes,
    parameters: given,
    rng: rng(1, "small", "example", "b/2"),
  });
  const best = epochOfLeastLoss(epochs, validation);
  assert.deepEqual(predictions.map(({ scores }) => scores), epochs[best]!.slice(validation.length));
});

Deno.test("training on other databases refuses data of one database", async () => {
  const whole = example();
  const dataset = { ...whole, samples: whole.samples.filter(({ database }) => database === "a") };
  const given = { ...parameters, trainOn: "other-databases" };
  const context = { method: underOriginal(small, dataset, given), dataset, parameters: given };
  await assert.rejects(
    Promise.resolve(runFold({ seed: 1, fold: "a/1" }, context)),
    /needs several databases/,
  );
});

Deno.test("turned held-out clips are turned by clip, training clips never", async () => {
  const dataset = example();
  const given = { ...parameters, testRotation: 45 };
  const name = { seed: 1, fold: "a/1" };
  const turn = async (set: Dataset) => {
    const method = spied();
    const under = underOriginal(method, set, given);
    await runFold(name, { method: under, dataset: set, parameters: given });
    return method.tasks[0]!;
  };
  const task = await turn(dataset);
  const stored = new Map(dataset.samples.map(({ clip, input }) => [clip, input.data]));
  assert.ok(task.test.some(({ clip, input }) => `${input.data}` !== `${stored.get(clip)}`));
  assert.ok(task.train.every(({ clip, input }) => input.data === stored.get(clip)));
  const fewer = await turn({ ...dataset, samples: dataset.samples.slice(1) });
  assert.deepEqual(fewer.test[0], task.test[1]);
});

Deno.test("underOriginal() under strict hands a method what it would get", async () => {
  const dataset = example();
  const method = spied();
  const under = underOriginal(method, dataset, parameters);
  await runFold({ seed: 1, fold: "a/1" }, { method: under, dataset, parameters });
  const plain = spied();
  await runFold({ seed: 1, fold: "a/1" }, { method: plain, dataset, parameters });
  assert.deepEqual(method.tasks[0]!.test, plain.tasks[0]!.test);
  assert.deepEqual(method.tasks[0]!.train, plain.tasks[0]!.train);
});
