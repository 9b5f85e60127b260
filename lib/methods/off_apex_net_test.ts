import assert from "node:assert/strict";
import { flatten } from "lib/blocks/tree.ts";
import { rng } from "lib/core/rng.ts";
import { openBackend, tf } from "lib/train/backend.ts";
import { openTrainer } from "lib/train/trainer.ts";
import { offApexNet } from "./off_apex_net.ts";

await openBackend();

Deno.test("offApexNet() has 2,664,475 parameters in two streams and three layers", () => {
  const { params } = offApexNet(3).init(rng(1), [28, 28, 3]);
  const counts = flatten(params).map(([, { data }]) => data.length);
  const stream = 25 * 6 + 6 + 25 * 6 * 16 + 16;
  const layers = 1568 * 1024 + 1024 + 1024 * 1024 + 1024 + 1024 * 3 + 3;
  assert.equal(counts.reduce((sum, count) => sum + count), 2 * stream + layers);
  assert.equal(2 * stream + layers, 2_664_475);
});

Deno.test("offApexNet() looks at u and v, each in a stream of its own, and not at the strain", () => {
  const block = offApexNet(3);
  const trainer = openTrainer({
    block,
    initial: block.init(rng(1), [28, 28, 3]),
    rng: rng(1),
    optimiser: "adam",
    learningRate: 1e-3,
    weightDecay: 0,
  });
  const scoresOf = (u: number, v: number, strain: number) =>
    trainer.predict(tf.mul(tf.ones([1, 28, 28, 1]), [u, v, strain])).arraySync();
  const base = scoresOf(0.2, 0.7, 0.1);
  assert.deepEqual(scoresOf(0.2, 0.7, 0.9), base);
  assert.notDeepEqual(scoresOf(0.3, 0.7, 0.1), base);
  assert.notDeepEqual(scoresOf(0.2, 0.6, 0.1), base);
  assert.notDeepEqual(scoresOf(0.7, 0.2, 0.1), base);
  trainer.dispose();
});
