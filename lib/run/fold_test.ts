import assert from "node:assert/strict";
import { volume } from "lib/core/volume.ts";
import type { Dataset, Sample } from "lib/data/types.ts";
import type { FoldTask, Method } from "lib/train/method.ts";
import { foldsOf, runFold } from "./fold.ts";

/** Four subjects with three clips each, one a class; the input is the label. */
function example(): Dataset {
  const samples: Sample[] = ["a", "b", "c", "d"].flatMap((name) =>
    [0, 1, 2].map((label) => ({
      clip: `db/${name}/clip${label}`,
      subject: `db/${name}`,
      database: "db",
      label,
      input: volume(new Float32Array([label]), [1]),
    }))
  );
  return {
    name: "example",
    synthetic: true,
    classes: ["zero", "one", "two"],
    channels: ["value"],
    samples,
    digest: "d",
  };
}

const parameters = { split: "leave-one-subject-out", permuteLabels: false };

/** A method that scores every clip with the same scores and remembers what it was given. */
function constant(scores: readonly number[]): Method & { tasks: FoldTask[] } {
  const tasks: FoldTask[] = [];
  return {
    id: "constant",
    backend: "none",
    tasks,
    runFold(task) {
      tasks.push(task);
      return task.test.map(() => scores);
    },
  };
}

Deno.test("runFold() never hands a held-out label or a training clip of the held-out subject", async () => {
  const dataset = example();
  for (const { id } of foldsOf(dataset, parameters, 1)) {
    const method = constant([0, 0, 1]);
    await runFold({ seed: 1, fold: id }, { method, dataset, parameters });
    const task = method.tasks[0]!;
    assert.equal(task.test.length, 3);
    assert.equal(task.train.length, 9);
    assert.ok(task.test.every((sample) => !("label" in sample) && sample.subject === id));
    assert.ok(task.train.every((sample) => sample.subject !== id));
  }
});

Deno.test("runFold() names the truth and the class with the largest score", async () => {
  const method = constant([0.2, 0.5, 0.3]);
  const name = { seed: 3, fold: "db/b" };
  const predictions = await runFold(name, { method, dataset: example(), parameters });
  assert.deepEqual(predictions[2], {
    seed: 3,
    fold: "db/b",
    clip: "db/b/clip2",
    subject: "db/b",
    database: "db",
    truth: "two",
    predicted: "one",
    scores: [0.2, 0.5, 0.3],
  });
});

Deno.test("runFold() breaks a tie by the first class", async () => {
  const method = constant([0.1, 0.45, 0.45]);
  const name = { seed: 1, fold: "db/a" };
  const [first] = await runFold(name, { method, dataset: example(), parameters });
  assert.equal(first?.predicted, "one");
});

Deno.test("runFold() refuses scores that are not one finite number a class and clip", async () => {
  const name = { seed: 1, fold: "db/a" };
  const run = (method: Method) => runFold(name, { method, dataset: example(), parameters });
  await assert.rejects(run(constant([0.5, 0.5])), /clip0 got the scores/);
  await assert.rejects(run(constant([0.5, NaN, 0])), /clip0 got the scores \[0.5, NaN, 0\]/);
  const lazy: Method = { id: "lazy", backend: "none", runFold: () => [] };
  await assert.rejects(run(lazy), /lazy scored 0 of 3 clips/);
});

Deno.test("runFold() with permuted labels keeps their counts and changes their places", async () => {
  const dataset = example();
  const permuted = { ...parameters, permuteLabels: true };
  const labelsOf = async (seed: number) => {
    const method = constant([1, 0, 0]);
    await runFold({ seed, fold: "db/a" }, { method, dataset, parameters: permuted });
    return method.tasks[0]!.train.map(({ label }) => label);
  };
  const labels = await labelsOf(1);
  assert.deepEqual([...labels].sort(), [0, 0, 0, 1, 1, 1, 2, 2, 2]);
  assert.notDeepEqual(labels, [0, 1, 2, 0, 1, 2, 0, 1, 2]);
  assert.deepEqual(await labelsOf(1), labels);
  assert.notDeepEqual(await labelsOf(2), labels);
});

Deno.test("runFold() gives each fold and seed a random stream of its own", async () => {
  const draws = new Set<number>();
  const method: Method = {
    id: "drawing",
    backend: "none",
    runFold(task) {
      draws.add(task.rng.next());
      return task.test.map(() => [1, 0, 0]);
    },
  };
  for (const fold of ["db/a", "db/b"]) {
    for (const seed of [1, 2, 1]) {
      await runFold({ seed, fold }, { method, dataset: example(), parameters });
    }
  }
  assert.equal(draws.size, 4);
});

Deno.test("runFold() keeps what each head says, and predicts by their mean", async () => {
  const heads = [[0.6, 0.4, 0], [0, 0.5, 0.5]];
  const method: Method = {
    id: "headed",
    backend: "none",
    runFold: ({ test }) => ({ heads: test.map(() => heads), chosen: 1 }),
  };
  const name = { seed: 1, fold: "db/b" };
  const [first] = await runFold(name, { method, dataset: example(), parameters });
  assert.deepEqual(first?.heads, { chosen: 1, scores: heads });
  assert.equal(first?.predicted, "one");
  assert.deepEqual(first?.scores.map((score) => score.toFixed(3)), ["0.300", "0.450", "0.250"]);
  heads[1] = [NaN, 0, 1];
  await assert.rejects(runFold(name, { method, dataset: example(), parameters }), /NaN/);
});
