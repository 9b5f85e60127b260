import assert from "node:assert/strict";
import type { Block } from "lib/blocks/block.ts";
import { dense } from "lib/blocks/dense.ts";
import { flatten } from "lib/blocks/flatten.ts";
import { serial } from "lib/blocks/serial.ts";
import { UserError } from "lib/core/errors.ts";
import { rng } from "lib/core/rng.ts";
import { volume } from "lib/core/volume.ts";
import type { Dataset } from "lib/data/types.ts";
import type { Parameters } from "lib/experiment/types.ts";
import { openBackend, tf } from "lib/train/backend.ts";
import { network } from "lib/train/network.ts";
import { runFold } from "./fold.ts";
import { type Watched, watchFold } from "./watch.ts";

await openBackend();

const method = network({
  id: "small",
  build: () => serial({ flat: flatten(), scores: dense({ units: 2 }) }),
});

const parameters: Parameters = {
  split: "leave-one-subject-out",
  permuteLabels: false,
  epochs: 9,
  batchSize: 5,
  learningRate: 0.02,
  weightDecay: 0,
  optimiser: "adam",
  classWeights: "balanced",
  augment: "none",
};

/** Four subjects of four clips; in the first value a class is told from the other. */
function example(): Dataset {
  const stream = rng(7);
  const samples = [1, 2, 3, 4].flatMap((subject) =>
    [0, 1, 2, 3].map((i) => {
      const data = Float32Array.from({ length: 6 }, () => 0.3 * stream.normal());
      data[0]! += i % 2;
      return {
        clip: `${subject}/${i}`,
        subject: `${subject}`,
        database: "a",
        label: i % 2,
        input: volume(data, [6]),
        copies: [volume(data.map((value) => value + 0.1), [6])],
      };
    })
  );
  const classes = ["zero", "one"];
  return { name: "example", synthetic: true, classes, channels: ["value"], samples, digest: "d" };
}

Deno.test("watchFold() gives a run's predictions, and the state after each epoch", async () => {
  const name = { seed: 1, fold: "2" };
  const call = { method, dataset: example(), parameters };
  const states: Watched[] = [];
  const predictions = await watchFold(name, { ...call, onEpoch: (state) => states.push(state) });
  assert.deepEqual(predictions, await runFold(name, call));
  assert.deepEqual(states.map(({ epoch }) => epoch), [1, 2, 3, 4, 5, 6, 7, 8, 9]);
  const last = states.at(-1)!;
  assert.equal(last.hits, predictions.filter((p) => p.truth === p.predicted).length);
  const losses = predictions.map(({ truth, scores }) =>
    -Math.log(scores[Number(truth === "one")]!)
  );
  const mean = losses.reduce((sum, one) => sum + one, 0) / losses.length;
  assert.ok(Math.abs(last.heldOutLoss - mean) < 1e-6);
  assert.ok(last.loss < states[0]!.loss);
});

Deno.test("watchFold() trains on the copies of training clips where a run does", async () => {
  const watch = async (augment: string) => {
    const given = { ...parameters, augment };
    const call = { method, dataset: example(), parameters: given, onEpoch: () => {} };
    return await watchFold({ seed: 1, fold: "2" }, call);
  };
  const scores = async (augment: string) => (await watch(augment)).map(({ scores }) => scores);
  assert.notDeepEqual(await scores("training"), await scores("none"));
});

Deno.test("watchFold() tells the mean of several heads, as a run without inner folds has it", async () => {
  const two = network({
    id: "two-heads",
    build: () => serial({ flat: flatten(), heads: dense({ units: 4 }), pairs: pairs() }),
  });
  const given = { ...parameters, headSelection: "inner", headFolds: 2 };
  const name = { seed: 1, fold: "2" };
  const states: Watched[] = [];
  const call = { method: two, dataset: example(), parameters: given };
  const watched = await watchFold(name, { ...call, onEpoch: (state) => states.push(state) });
  const run = await runFold(name, call);
  assert.equal(states.length, 9);
  for (const [i, { scores }] of watched.entries()) {
    assert.equal(run[i]!.heads!.scores.length, 2);
    scores.forEach((score, k) => assert.ok(Math.abs(score - run[i]!.scores[k]!) < 1e-6));
  }
});

/** Four values as two heads of two classes. */
function pairs(): Block {
  return {
    init: () => ({ params: {}, state: {}, outputShape: [2, 2] }),
    apply: (_params, state, x) => [tf.reshape(x, [-1, 2, 2]), state],
  };
}

Deno.test("watchFold() says which rows have nothing to watch", async () => {
  const bare = { id: "lbp-top", backend: "none" as const, runFold: method.runFold };
  const call = { dataset: example(), onEpoch: () => {}, method: bare, parameters };
  await assert.rejects(watchFold({ seed: 1, fold: "2" }, call), UserError);
});
