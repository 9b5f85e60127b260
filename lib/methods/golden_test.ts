import assert from "node:assert/strict";
import type { Block } from "lib/blocks/block.ts";
import { lcg } from "lib/blocks/testdata/lcg.ts";
import { flatten, mapTree } from "lib/blocks/tree.ts";
import { rng } from "lib/core/rng.ts";
import { openBackend, tf } from "lib/train/backend.ts";
import { openTrainer } from "lib/train/trainer.ts";
import { htnet } from "lib/networks/htnet.ts";
import { rcn, type RcnOptions } from "lib/networks/rcn.ts";
import { strcn } from "lib/networks/strcn.ts";
import type { Loss } from "lib/train/objective.ts";
import { c3d } from "./c3d.ts";
import { capsuleNet, marginLoss } from "./capsule_net.ts";
import { dualInception } from "./dual_inception.ts";
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
  /** `[28, 28, 3]` when left out. */
  readonly input?: readonly number[];
  readonly scores: readonly (readonly number[])[];
  readonly loss: number;
  readonly gradients: Readonly<Record<string, Gradient>>;
}

/** A trainer with the golden file's parameters, and its batch. */
function prepare(block: Block, { gradients, input: shape = [28, 28, 3] }: Golden, loss?: Loss) {
  const draw = lcg(7);
  const input = draw([4, ...shape]);
  const blank = block.init(rng(1), shape);
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
    ...(loss ? { loss } : {}),
  });
  const x = tf.tensor(input.data.map((value) => value + 0.5), [...input.shape]);
  return { trainer, params, batch: { x, labels: tf.tensor1d([0, 1, 2, 1], "int32") } };
}

/** As wide as the networks of the script are. */
const small = { classes: 3, width: 4, hidden: 16, drop: 0 };

const networks: Readonly<Record<string, Block>> = {
  "stst-net": ststNet(3, 0),
  "off-apex-net": offApexNet(3, 0),
  "c3d": c3d(small),
  "squ-c3d": c3d({ ...small, poolTime: false }),
  "dual-inception": dualInception(3),
  "capsule-net": capsuleNet({ classes: 3, width: 8, kernel: 3 }),
  ...Object.fromEntries(
    ["A", "S", "W", "P", "C", "F"].map((variant) => [
      `rcn-${variant.toLowerCase()}`,
      rcn({
        ...{ classes: 3, width: 8, cells: 5, drop: 0 },
        variant: variant as NonNullable<RcnOptions["variant"]>,
      }),
    ]),
  ),
  "htnet": htnet({ classes: 3, width: 8, layers: [1, 1, 2] }),
  "htnet-2": htnet({ classes: 3, width: 8, layers: [2, 1] }),
  "strcn": strcn({ classes: 3, width: 4, pools: [2, 2, 2, 2] }),
};

const losses: Readonly<Record<string, Loss>> = { "capsule-net": marginLoss.loss };

for (const [id, block] of Object.entries(networks)) {
  const record = (golden as unknown as Readonly<Record<string, Golden>>)[id]!;
  Deno.test(`${id} agrees with PyTorch: loss and gradients of all parameters`, () => {
    const { trainer, params, batch } = prepare(block, record, losses[id]);
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
      // A bias before batch norm has the gradient 0, but for rounding.
      const [allowed, rounding] = [1e-3, 1e-5];
      assert.ok(
        worst <= allowed * largest + rounding,
        `${name}: off by ${worst} where values reach ${largest}`,
      );
      const length = tf.norm(gradient).dataSync()[0] as number;
      assert.ok(
        Math.abs(length - norm) <= allowed * norm + rounding,
        `${name}: norm ${length}, not ${norm}`,
      );
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
