import assert from "node:assert/strict";
import { flatten } from "lib/blocks/tree.ts";
import { rng } from "lib/core/rng.ts";
import { openBackend, tf } from "lib/train/backend.ts";
import { openTrainer } from "lib/train/trainer.ts";
import { rcn, rcnVariants } from "./rcn.ts";

await openBackend();

function count(block: ReturnType<typeof rcn>): number {
  const { params } = block.init(rng(1), [28, 28, 3]);
  return flatten(params).reduce((sum, [, { data }]) => sum + data.length, 0);
}

Deno.test("rcn() has the parameters of the published RCN-A in both sizes", () => {
  assert.equal(count(rcn({ classes: 3 })), 55_747);
  assert.equal(count(rcn({ classes: 3, width: 32, cells: 5 })), 15_331);
});

Deno.test("rcn() differs between variants as their definitions do", () => {
  const [w, head] = [32, 25 * 32 * 3 + 3];
  const norm = 2 * w;
  const body = w * w + w + norm + 9 * w * w + w + norm;
  const narrow = 75 * w + w + norm;
  const near = 27 * w / 2 + w / 2 + w;
  const streams = { A: narrow, S: narrow, P: 2 * near, W: 27 * w + w + norm };
  for (const variant of rcnVariants) {
    const stem = streams[variant as keyof typeof streams] ?? streams.W;
    const found = count(rcn({ classes: 3, variant, width: w, cells: 5 }));
    assert.equal(found, stem + body + head, variant);
  }
});

for (const variant of rcnVariants) {
  Deno.test(`rcn() ${variant} takes an even map, on which attention says nothing, and learns`, () => {
    const block = rcn({ classes: 3, variant, width: 8, cells: 5 });
    const before = tf.memory().numTensors;
    const trainer = openTrainer({
      block,
      initial: block.init(rng(1), [28, 28, 3]),
      rng: rng(2),
      optimiser: "adam",
      learningRate: 1e-3,
      weightDecay: 0,
    });
    const batch = {
      x: tf.tidy(() =>
        tf.concat([
          tf.fill([1, 28, 28, 3], 0.5),
          tf.randomUniform([2, 28, 28, 3], 0, 1, "float32", 1),
        ])
      ),
      labels: tf.tensor1d([0, 1, 2], "int32"),
    };
    const counts = [0, 1, 2].map(() => {
      const loss = trainer.step(batch);
      assert.ok(Number.isFinite(loss.dataSync()[0]));
      loss.dispose();
      return tf.memory().numTensors;
    });
    assert.equal(counts[2], counts[1], "a step leaves tensors behind");
    const scores = trainer.predict(batch.x);
    assert.ok(scores.dataSync().every(Number.isFinite));
    tf.dispose([scores, batch.x, batch.labels]);
    trainer.dispose();
    assert.equal(tf.memory().numTensors, before);
  });
}
