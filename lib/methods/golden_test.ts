import assert from "node:assert/strict";
import type { Block } from "lib/blocks/block.ts";
import { lcg } from "lib/blocks/testdata/lcg.ts";
import { flatten, mapTree } from "lib/blocks/tree.ts";
import { rng } from "lib/core/rng.ts";
import { openBackend, tf } from "lib/train/backend.ts";
import { openTrainer } from "lib/train/trainer.ts";
import { offApexNet } from "./off_apex_net.ts";
import { ststNet } from "./stst_net.ts";
import golden from "./testdata/golden.json" with { type: "json" };

await openBackend();

interface Gradient {
  readonly shape: readonly number[];
  readonly scale: number;
  readonly step: number;
  readonly norm: number;
  readonly values: readonly number[];
}

interface Golden {
  readonly scores: readonly (readonly number[])[];
  readonly loss: number;
  readonly gradients: Readonly<Record<string, Gradient>>;
}

/** A trainer with the golden file's parameters, and its batch. */
function prepare(block: Block, { gradients }: Golden) {
  const draw = lcg(7);
  const input = draw([4, 28, 28, 3]);
  const blank = block.init(rng(1), [28, 28, 3]);
  const params = mapTree(blank.params, ({ shape }, name) => {
    const { data } = draw(shape);
    return { shape, data: data.map((value) => value * (gradients[name]?.scale ?? NaN)) };
  });
  const trainer = openTrainer({
    block,
    initial: { params, state: blank.state },
    rng: rng(1),
    optimiser: "adam",
    learningRate: 1e-3,
    weightDecay: 0,
  });
  const x = tf.tensor(input.data.map((value) => value + 0.5), [...input.shape]);
  return { trainer, params, batch: { x, labels: tf.tensor1d([0, 1, 2, 1], "int32") } };
}

const networks = {
  "stst-net": ststNet(3, 0),
  "off-apex-net": offApexNet(3, 0),
};

for (const [id, block] of Object.entries(networks)) {
  const record: Golden = golden[id as keyof typeof networks];
  Deno.test(`${id} agrees with PyTorch: loss and gradients of all parameters`, () => {
    const { trainer, params, batch } = prepare(block, record);
    const shapes = flatten(params).map(([name, { shape }]) => [name, shape]);
    const expected = Object.entries(record.gradients).map(([name, { shape }]) => [name, shape]);
    assert.deepEqual(shapes, expected);
    for (const [name, gradient] of Object.entries(trainer.gradients(batch))) {
      const { step, norm, values } = record.gradients[name] as Gradient;
      const found = gradient.dataSync();
      const worst = Math.max(
        ...values.map((value, i) => Math.abs(value - (found[i * step] as number))),
      );
      const largest = Math.max(...values.map(Math.abs));
      assert.ok(worst < 1e-3 * largest, `${name}: off by ${worst} where values reach ${largest}`);
      const length = tf.norm(gradient).dataSync()[0] as number;
      assert.ok(Math.abs(length - norm) < 1e-3 * norm, `${name}: norm ${length}, not ${norm}`);
    }
    const loss = trainer.step(batch).dataSync()[0] as number;
    assert.ok(Math.abs(loss - record.loss) < 1e-4, `loss ${loss}, not ${record.loss}`);
    trainer.dispose();
  });
}

Deno.test("off-apex-net agrees with PyTorch: scores", () => {
  const record: Golden = golden["off-apex-net"];
  const { trainer, batch } = prepare(offApexNet(3), record);
  const found = trainer.predict(batch.x).dataSync();
  const worst = Math.max(...record.scores.flat().map((s, i) => Math.abs(s - (found[i] as number))));
  assert.ok(worst < 1e-4, `off by ${worst}`);
  trainer.dispose();
});
