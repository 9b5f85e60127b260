import assert from "node:assert/strict";
import { join, toFileUrl } from "@std/path";
import { rng } from "lib/core/rng.ts";
import { loadDataset } from "lib/data/mod.ts";
import { root } from "lib/experiment/find.ts";
import { openBackend, tf } from "lib/train/backend.ts";
import type { FoldTask, Scores } from "lib/train/method.ts";
import type { NetworkMethod } from "lib/train/network.ts";
import { stackInputs } from "lib/train/fit.ts";
import { openTrainer, type Trainer } from "lib/train/trainer.ts";

await openBackend();

/** Every module here whose method builds a network. */
async function networks(): Promise<NetworkMethod[]> {
  const folder = join(root, "lib", "methods");
  const names = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
  const modules = names.filter((name) => name.endsWith(".ts") && !name.endsWith("_test.ts"))
    .map((name) => import(toFileUrl(join(folder, name)).href));
  return (await Promise.all(modules)).map(({ method }) => method)
    .filter((method) => typeof method?.build === "function");
}

const { samples, classes } = await loadDataset("synthetic-flow");
/** Eight clips with all classes among them. */
const eight = [0, 1, 2].flatMap((label) => samples.filter((s) => s.label === label).slice(0, 3))
  .slice(0, 8);
const parameters = {
  epochs: 2,
  batchSize: 5,
  learningRate: 1e-3,
  weightDecay: 1e-4,
  optimiser: "adam",
  classWeights: "balanced",
};

function taskWith(changes: Partial<FoldTask> = {}): FoldTask {
  return { train: eight, test: eight, classes, parameters, rng: rng(3), ...changes };
}

async function withoutMathRandom<T>(run: () => Promise<T> | T): Promise<T> {
  const random = Math.random;
  Math.random = () => {
    throw new Error("Math.random was called");
  };
  try {
    return await run();
  } finally {
    Math.random = random;
  }
}

function open(method: NetworkMethod): { trainer: Trainer; step: () => number } {
  const block = method.build(classes.length, parameters);
  const initial = block.init(rng(1), eight[0]?.input.shape ?? []);
  const options = { optimiser: "adam", learningRate: 1e-3, weightDecay: 0 } as const;
  const trainer = openTrainer({ block, initial, rng: rng(2), ...options });
  const step = (): number =>
    tf.tidy(() => trainer.step(batch()).dataSync<"float32">()[0] as number);
  return { trainer, step };
}

const batch = () => ({
  x: stackInputs(eight),
  labels: tf.tensor1d(eight.map(({ label }) => label), "int32"),
});

function predictions(scores: Scores): number[] {
  return scores.map((row) => row.indexOf(Math.max(...row)));
}

for (const method of await networks()) {
  const { id } = method;

  Deno.test(`${id}: the output has one score a class, as init says`, () => {
    const block = method.build(classes.length, parameters);
    const { outputShape } = block.init(rng(1), eight[0]?.input.shape ?? []);
    assert.deepEqual(outputShape, [classes.length]);
    const { trainer } = open(method);
    assert.deepEqual(trainer.predict(stackInputs(eight)).shape, [8, classes.length]);
    trainer.dispose();
  });

  Deno.test(`${id}: every parameter gets a finite gradient that is not all zeros`, () => {
    const { trainer } = open(method);
    for (const [name, gradient] of Object.entries(tf.tidy(() => trainer.gradients(batch())))) {
      const values = gradient.dataSync();
      assert.ok(values.every(Number.isFinite), `${name} is not finite`);
      assert.ok(values.some((value) => value !== 0), `${name} is all zeros`);
    }
    trainer.dispose();
  });

  Deno.test(`${id}: the number of tensors is the same after each step, and before and after`, () => {
    const before = tf.memory().numTensors;
    const { trainer, step } = open(method);
    const counts = Array.from({ length: 4 }, () => {
      step();
      return tf.memory().numTensors;
    });
    assert.equal(new Set(counts).size, 1, `${counts}`);
    trainer.dispose();
    assert.equal(tf.memory().numTensors, before);
  });

  Deno.test(`${id}: a fold leaks no tensors and never calls Math.random`, async () => {
    const before = tf.memory().numTensors;
    const scores = await withoutMathRandom(() => method.runFold(taskWith()));
    assert.equal(tf.memory().numTensors, before);
    for (const row of scores) {
      assert.ok(Math.abs(row.reduce((sum, score) => sum + score, 0) - 1) < 1e-5);
    }
  });

  Deno.test(`${id}: equal seeds give equal bits, other seeds other ones`, async () => {
    const first = await method.runFold(taskWith());
    assert.deepEqual(await method.runFold(taskWith()), first);
    assert.notDeepEqual(await method.runFold(taskWith({ rng: rng(4) })), first);
  });

  Deno.test(`${id}: the order of the test clips, or which there are, changes no score`, async () => {
    const all = await method.runFold(taskWith());
    const some = await method.runFold(taskWith({ test: [eight[6], eight[1]] as typeof eight }));
    [6, 1].forEach((index, i) => {
      assert.deepEqual(
        some[i]?.map((score) => score.toFixed(5)),
        all[index]?.map((score) => score.toFixed(5)),
      );
    });
  });

  Deno.test(`${id}: overfits eight clips`, async () => {
    const long = { ...parameters, epochs: 80, batchSize: 8, weightDecay: 0 };
    const scores = await method.runFold(taskWith({ parameters: long }));
    assert.deepEqual(predictions(scores), eight.map(({ label }) => label));
  });
}
