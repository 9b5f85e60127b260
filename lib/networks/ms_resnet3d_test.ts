import assert from "node:assert/strict";
import { cost, sumCosts } from "lib/blocks/cost.ts";
import golden from "lib/blocks/testdata/multi_scale_golden.json" with { type: "json" };
import { asMerge, compareWithPyTorch } from "lib/blocks/testdata/multi_scale_golden.ts";
import { rng } from "lib/core/rng.ts";
import type { Volume } from "lib/core/volume.ts";
import { openBackend, tf } from "lib/train/backend.ts";
import { openComposed } from "lib/train/optimiser_composed.ts";
import { msResNet3d, type MsResNet3dOptions, smallestInput } from "./ms_resnet3d.ts";
import { noise, startTraining } from "./testdata/small_training.ts";

await openBackend();

const adam = (initial: readonly Volume[]) =>
  openComposed({ optimiser: "adam", learningRate: 0.01, weightDecay: 0 }, initial);

const small = { classes: 3, width: 8, hidden: 8, drop: 0 };
const paperInput = [16, 134, 134, 2];

/** The bars of the ablation and the variants. */
const variants: Readonly<Record<string, Partial<MsResNet3dOptions>>> = {
  base: { attention: false, spatialMultiScale: false, temporalMultiScale: false },
  attention: { spatialMultiScale: false, temporalMultiScale: false },
  spatial: { temporalMultiScale: false },
  full: {},
  cascade: { cascade: true },
  bottleneck: { units: "bottleneck" },
  "stacked 5": { stacked: 5 },
  residual: { residual: true },
};

for (const [name, record] of Object.entries(golden.networks)) {
  Deno.test(`msResNet3d() ${name} agrees with PyTorch: scores and all gradients`, () => {
    const network = asMerge(msResNet3d({ ...small, ...variants[name] }));
    tf.tidy(() => compareWithPyTorch(network, record, { forth: 1e-4, back: 1e-3 }));
  });
}

Deno.test("msResNet3d() has as many parameters as PyTorch's twin at the paper's width", () => {
  for (const [name, expected] of Object.entries(golden.parameters)) {
    const rows = cost(msResNet3d({ classes: 3, ...variants[name] }), paperInput);
    assert.equal(rows.reduce((sum, { parameters }) => sum + parameters, 0), expected, name);
  }
});

Deno.test("msResNet3d() has the sizes of the paper's network", () => {
  const parts = new Map(
    sumCosts(cost(msResNet3d({ classes: 3 }), paperInput)).map((part) => [part.name, part]),
  );
  const shapes = {
    block1: [16, 67, 67, 64],
    pool: [8, 34, 34, 64],
    attention: [8, 34, 34, 64],
    rc1: [8, 34, 34, 64],
    rc2: [4, 17, 17, 128],
    rc3: [2, 9, 9, 256],
    block5: [1, 5, 5, 512],
    fusion4: [2, 9, 9, 256],
    fusion3: [4, 17, 17, 128],
    fusion2: [8, 34, 34, 64],
    scores: [4, 3],
  };
  for (const [name, shape] of Object.entries(shapes)) {
    assert.deepEqual(parts.get(name)?.outputShape, shape, name);
  }
});

for (const [name, options] of Object.entries(variants)) {
  Deno.test(`msResNet3d() ${name} gives scores of each head and a gradient to every parameter`, () => {
    const shape = [16, 32, 32, 2];
    const before = tf.memory().numTensors;
    const training = startTraining(msResNet3d({ ...small, ...options }), shape, adam);
    const batch = noise(4, shape);
    const heads = options.temporalMultiScale === false ? 1 : 4;
    for (const mode of [true, false]) {
      const scores = training.scores(batch.x, mode);
      assert.deepEqual(scores.shape, [4, heads, 3]);
      scores.dispose();
    }
    for (const [key, values] of Object.entries(training.gradients(batch))) {
      assert.ok(values.every(Number.isFinite), `${key} is not finite`);
      assert.ok(values.some((value) => value !== 0), `${key} gets no gradient`);
    }
    training.dispose();
    tf.dispose([batch.x, batch.labels]);
    assert.equal(tf.memory().numTensors, before);
  });
}

Deno.test("msResNet3d() learns 8 samples of noise by heart, in flat memory", () => {
  const shape = [8, 20, 20, 2];
  const training = startTraining(msResNet3d(small), shape, adam);
  const batch = noise(8, shape);
  const first = training.step(batch);
  const tensors = tf.memory().numTensors;
  const losses = Array.from({ length: 45 }, () => training.step(batch));
  assert.equal(tf.memory().numTensors, tensors);
  const last = losses.at(-1) as number;
  assert.ok(first > 0.8 && last < 0.1, `loss ${first} became ${last}`);
  training.dispose();
  tf.dispose([batch.x, batch.labels]);
});

Deno.test("msResNet3d() takes its smallest input and a batch of one, and refuses smaller ones", () => {
  const shape = [...smallestInput, 2];
  const training = startTraining(msResNet3d(small), shape, adam);
  const batch = noise(1, shape);
  assert.ok(Number.isFinite(training.step(batch)));
  training.dispose();
  tf.dispose([batch.x, batch.labels]);
  for (const short of [[1, 17, 17, 2], [16, 16, 17, 2], [16, 17, 2]]) {
    assert.throws(() => msResNet3d(small).init(rng(1), short), /of at least \[2, 17, 17\]/);
  }
});

Deno.test("msResNet3d() draws for a part what it draws without the others", () => {
  const [full, base] = [{}, variants.base].map((options) =>
    msResNet3d({ ...small, ...options }).init(rng(1), [16, 32, 32, 2]).params
  );
  assert.deepEqual(base?.block4, full?.block4);
  assert.deepEqual(base?.head1, full?.head1);
});
