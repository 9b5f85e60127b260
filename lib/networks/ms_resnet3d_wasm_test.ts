import assert from "node:assert/strict";
import type { Volume } from "lib/core/volume.ts";
import { openBackend, tf } from "lib/train/backend.ts";
import { openComposed } from "lib/train/optimiser_composed.ts";
import { msResNet3d } from "./ms_resnet3d.ts";
import { noise, startTraining } from "./testdata/small_training.ts";

await openBackend({ backend: "wasm" });

const adam = (initial: readonly Volume[]) =>
  openComposed({ optimiser: "adam", learningRate: 0.01, weightDecay: 0 }, initial);

Deno.test("msResNet3d() trains on wasm", () => {
  const shape = [8, 18, 18, 2];
  const network = msResNet3d({ classes: 3, width: 8, hidden: 8, drop: 0 });
  const training = startTraining(network, shape, adam);
  const batch = noise(4, shape);
  for (const [name, values] of Object.entries(training.gradients(batch))) {
    assert.ok(values.every(Number.isFinite), `${name} is not finite`);
    assert.ok(values.some((value) => value !== 0), `${name} gets no gradient`);
  }
  const first = training.step(batch);
  const tensors = tf.memory().numTensors;
  const losses = Array.from({ length: 8 }, () => training.step(batch));
  assert.equal(tf.memory().numTensors, tensors);
  const last = losses.at(-1) as number;
  assert.ok(last < 0.8 * first, `loss ${first} became ${last}`);
  training.dispose();
});
