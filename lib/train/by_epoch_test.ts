import assert from "node:assert/strict";
import { dense } from "lib/blocks/dense.ts";
import { dropout } from "lib/blocks/dropout.ts";
import { flatten } from "lib/blocks/flatten.ts";
import { graph } from "lib/blocks/graph.ts";
import { stackHeads } from "lib/blocks/heads.ts";
import { rng } from "lib/core/rng.ts";
import { volume } from "lib/core/volume.ts";
import { openBackend, tf } from "./backend.ts";
import { scoresByEpoch } from "./by_epoch.ts";
import type { FoldTask, Scores } from "./method.ts";
import { network, type NetworkSpec } from "./network.ts";
import { noise } from "./testdata/fit_case.ts";

await openBackend();

const clips = noise(17);

const spec: NetworkSpec = {
  id: "small",
  build: () => graph({ flat: flatten(), drop: dropout(0.3), scores: dense({ units: 2 }) }),
  // What is seen must be the same on both ways.
  look: ({ data, shape }) => volume(data.map((value) => 2 * value), shape),
};

function task(changes: Record<string, string | number> = {}): FoldTask {
  return {
    train: clips.slice(0, 13),
    test: clips.slice(13).map(({ label: _hidden, ...rest }) => rest),
    classes: ["a", "b"],
    parameters: {
      epochs: 4,
      batchSize: 5,
      learningRate: 0.05,
      weightDecay: 0.01,
      optimiser: "adam",
      classWeights: "balanced",
      ...changes,
    },
    rng: rng(1),
  };
}

const strict = (given: FoldTask) => network(spec).runFold(given) as Promise<Scores>;

for (const batchSize of [5, 6, 13, 50]) {
  Deno.test(`scoresByEpoch() with batches of ${batchSize} trains as strict does, epoch by epoch, to the bit`, async () => {
    const epochs = await scoresByEpoch(spec, task({ batchSize }));
    assert.equal(epochs.length, 4);
    for (const [i, scores] of epochs.entries()) {
      assert.deepEqual(scores, await strict(task({ batchSize, epochs: i + 1 })));
    }
  });
}

Deno.test("scoresByEpoch() changes nothing by what it looks at", async () => {
  const [one, all] = [task(), task()];
  const alone = await scoresByEpoch(spec, { ...one, test: one.test.slice(0, 1) });
  const together = await scoresByEpoch(spec, all);
  alone.forEach(([scores], epoch) =>
    scores!.forEach((value, i) => {
      // TensorFlow adds up one row in another order than several.
      assert.ok(Math.abs(value - together[epoch]![0]![i]!) < 1e-6);
    })
  );
});

Deno.test("scoresByEpoch() leaves no tensors behind, whether it ends well or not", async () => {
  await scoresByEpoch(spec, task());
  const before = tf.memory().numTensors;
  await scoresByEpoch(spec, task());
  const heads = () =>
    graph({
      flat: flatten(),
      one: { block: dense({ units: 2 }), from: "flat" },
      two: { block: dense({ units: 2 }), from: "flat" },
      scores: { merge: stackHeads(), from: ["one", "two"] },
    });
  await assert.rejects(scoresByEpoch({ id: "headed", build: heads }, task()), /several heads/);
  assert.equal(tf.memory().numTensors, before);
  await assert.rejects(scoresByEpoch(spec, { ...task(), train: [] }), /no samples/);
});
