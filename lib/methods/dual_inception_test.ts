import assert from "node:assert/strict";
import { flatten } from "lib/blocks/tree.ts";
import { rng } from "lib/core/rng.ts";
import { openBackend, tf } from "lib/train/backend.ts";
import { openTrainer } from "lib/train/trainer.ts";
import { dualInception } from "./dual_inception.ts";

await openBackend();

Deno.test("dualInception() has 6,449,963 parameters, nearly all of them in one layer", () => {
  const { params } = dualInception(3).init(rng(1), [28, 28, 3]);
  const counts = flatten(params).map(([, { data }]) => data.length);
  const inception = (from: number, n: number) =>
    3 * (from * n + n) + (from * n + n) + (9 * n * n + n) + (25 * n * n + n);
  const layers = 6272 * 1024 + 1024 + 1024 * 3 + 3;
  const total = 2 * (inception(3, 6) + inception(24, 16)) + layers;
  assert.equal(counts.reduce((sum, count) => sum + count), total);
  assert.equal(total, 6_449_963);
});

Deno.test("dualInception() looks at u and v, each in a stream of its own, and not at the strain", () => {
  const block = dualInception(3);
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
