import assert from "node:assert/strict";
import { cost, sumCosts } from "lib/blocks/cost.ts";
import { asMerge, compareWithPyTorch } from "lib/blocks/testdata/multi_scale_golden.ts";
import { flatten, mapTree } from "lib/blocks/tree.ts";
import { rng } from "lib/core/rng.ts";
import type { Volume } from "lib/core/volume.ts";
import { openBackend, tf } from "lib/train/backend.ts";
import { openTrainer } from "lib/train/trainer.ts";
import { slstt, slsttAttention, type SlsttOptions } from "./slstt.ts";
import golden from "./testdata/slstt_golden.json" with { type: "json" };
import { noise } from "./testdata/small_training.ts";

await openBackend();

const small: SlsttOptions = {
  classes: 3,
  patch: 4,
  width: 8,
  depth: 2,
  heads: 2,
  drop: 0,
  lstmLayers: 2,
  lstmUnits: 6,
};
const aggregators = ["lstm", "mean"] as const;

for (const aggregator of aggregators) {
  Deno.test(`slstt() ${aggregator} agrees with PyTorch: scores and all gradients`, () => {
    const network = asMerge(slstt({ ...small, aggregator }));
    const record = golden.networks[aggregator];
    tf.tidy(() => compareWithPyTorch(network, record, { forth: 1e-4, back: 1e-3 }));
  });
}

Deno.test("slstt() has the parameters of ViT-B/16 and of the authors' LSTM, 93.0 million", () => {
  const rows = cost(slstt({ classes: 3 }), [11, 384, 384, 3]);
  const count = rows.reduce((sum, { parameters }) => sum + parameters, 0);
  assert.deepEqual([count, golden.parameters.lstm], [93_050_627, 93_050_627]);
  const parts = new Map(sumCosts(rows).map((part) => [part.name, part]));
  // ViT-B/16 at 384 pixels without its head, which the mean has instead.
  const transformer = parts.get("encoder")!.parameters + parts.get("norm")!.parameters;
  assert.equal(transformer, 86_090_496);
  assert.equal(transformer + 3 * 768 + 3, golden.parameters.mean);
  assert.deepEqual(parts.get("encoder")!.outputShape, [11, 577, 768]);
});

Deno.test("slstt() frozen learns in its last layers only, and moves nothing else", () => {
  const network = slstt({ ...small, freeze: true });
  const { params, state } = network.init(rng(1), [3, 8, 8, 3]);
  assert.deepEqual(Object.keys(params), ["norm", "lstm1", "lstm2", "hidden", "scores"]);
  const open = slstt(small).init(rng(1), [3, 8, 8, 3]).params;
  const names = (tree: typeof params) => flatten(tree).map(([name]) => name);
  assert.deepEqual(
    names(state),
    names(open).filter((name) => name.startsWith("encoder.")),
  );
  const trainer = openTrainer({
    block: network,
    initial: { params, state },
    rng: rng(1),
    optimiser: "adam",
    learningRate: 0.01,
    weightDecay: 0,
  });
  const batch = noise(6, [3, 8, 8, 3]);
  const step = (): number => tf.tidy(() => trainer.step(batch).dataSync<"float32">()[0]!);
  const first = step();
  const tensors = tf.memory().numTensors;
  const losses = Array.from({ length: 20 }, step);
  assert.equal(tf.memory().numTensors, tensors);
  assert.ok(losses.at(-1)! < first, `loss ${first} became ${losses.at(-1)}`);
  assert.deepEqual(trainer.weights().state, state);
  assert.notDeepEqual(trainer.weights().params.lstm1, params.lstm1);
  trainer.dispose();
  tf.dispose([batch.x, batch.labels]);
});

Deno.test("slstt() tells the order of frames by its LSTM, not by the mean", () => {
  const batch = noise(1, [4, 8, 8, 3]);
  for (const aggregator of aggregators) {
    const network = slstt({ ...small, aggregator });
    const { params } = network.init(rng(1), [4, 8, 8, 3]);
    const tree = mapTree(params, ({ data, shape }) => tf.tensor(data, [...shape]));
    const mode = { training: false, rng: rng(1) };
    const [forth] = network.apply(tree, {}, batch.x, mode);
    const [back] = network.apply(tree, {}, tf.reverse(batch.x, 1), mode);
    const apart = tf.max(tf.abs(tf.sub(forth, back))).dataSync()[0]!;
    if (aggregator === "lstm") assert.ok(apart > 1e-4, `${apart}`);
    else assert.ok(apart < 1e-6, `${apart}`);
  }
});

Deno.test("slsttAttention() takes the network's parameters, whether they are frozen or not", () => {
  const { x, labels } = noise(2, [3, 8, 8, 3]);
  const answers = [false, true].map((freeze) => {
    const { params, state } = slstt({ ...small, freeze }).init(rng(1), [3, 8, 8, 3]);
    const upload = ({ data, shape }: Volume) => tf.tensor(data, [...shape]);
    const attention = slsttAttention({ ...small, freeze });
    assert.deepEqual(attention.init(rng(1), [3, 8, 8, 3]).outputShape, [3, 2, 4]);
    const mode = { training: false, rng: rng(1) };
    return attention.apply(mapTree(params, upload), mapTree(state, upload), x, mode)[0];
  });
  const [open, still] = answers as [tf.Tensor, tf.Tensor];
  assert.deepEqual(open.shape, [2, 3, 2, 4]);
  assert.deepEqual(open.dataSync(), still.dataSync());
  // What is missing to 1 is what the class token attends to itself.
  const sums = tf.sum(open, -1).dataSync();
  sums.forEach((sum) => assert.ok(sum > 0.5 && sum < 1, `${sum}`));
  tf.dispose([x, labels, open, still]);
});
