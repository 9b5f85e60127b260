import assert from "node:assert/strict";
import type { Block } from "lib/blocks/block.ts";
import { dense } from "lib/blocks/dense.ts";
import { flatten } from "lib/blocks/flatten.ts";
import { graph } from "lib/blocks/graph.ts";
import { stackHeads } from "lib/blocks/heads.ts";
import { rng } from "lib/core/rng.ts";
import type { Sample } from "lib/data/types.ts";
import { openBackend, tf } from "./backend.ts";
import { crossEntropy } from "./losses.ts";
import type { FoldTask, HeadedScores, Scores } from "./method.ts";
import { network } from "./network.ts";
import { noise } from "./testdata/fit_case.ts";

await openBackend();

const parameters = {
  epochs: 2,
  batchSize: 5,
  learningRate: 0.01,
  weightDecay: 0,
  optimiser: "adam",
  classWeights: "none",
};

/** Heads that see the clips alike, and draw their own weights. */
function headed(heads: number): Block {
  const names = Array.from({ length: heads }, (_, i) => `head${i + 1}`);
  return graph({
    flat: flatten(),
    ...Object.fromEntries(
      names.map((name) => [name, { block: dense({ units: 2 }), from: "flat" }]),
    ),
    scores: { merge: stackHeads(), from: names },
  });
}

const clips = noise(12);

function task(changes: Partial<FoldTask> = {}): FoldTask {
  return {
    train: clips.slice(0, 9),
    test: clips.slice(9),
    classes: ["a", "b"],
    parameters: { ...parameters, headFolds: 2 },
    rng: rng(1),
    ...changes,
  };
}

const run = (heads: number, changes: Partial<FoldTask> = {}) =>
  network({ id: "headed", build: () => headed(heads) }).runFold(task(changes)) as Promise<
    Scores | HeadedScores
  >;

Deno.test("network() gives what each head says, and the head that inner subjects chose", async () => {
  const answer = await run(3) as HeadedScores;
  assert.equal(answer.heads.length, 3);
  assert.deepEqual(answer.heads.map((rows) => rows.map((row) => row.length)), [
    [2, 2, 2],
    [2, 2, 2],
    [2, 2, 2],
  ]);
  assert.ok([1, 2, 3].includes(answer.chosen));
});

Deno.test("network() trains the same network with inner folds and without", async () => {
  const chosen = await run(3) as HeadedScores;
  const without = await run(3, { parameters: { ...parameters, headFolds: 0 } }) as HeadedScores;
  assert.deepEqual(without.heads, chosen.heads);
  assert.equal(without.chosen, 0);
});

Deno.test("network() chooses a head without a look at the held-out clips", async () => {
  const poisoned = task().test.map((clip) => ({
    ...clip,
    input: { ...clip.input, data: clip.input.data.map(() => NaN) },
  }));
  const answer = await run(3, { test: poisoned }) as HeadedScores;
  assert.equal(answer.chosen, (await run(3) as HeadedScores).chosen);
});

Deno.test("network() with one head gives plain scores", async () => {
  const scores = await run(1) as Scores;
  assert.deepEqual(scores.map((row) => row.length), [2, 2, 2]);
});

Deno.test("network() tells how much of all trainings is done, and names each for its checkpoints", async () => {
  const shares: number[] = [];
  const names = new Set<string>();
  const checkpoints = {
    load: (name: string) => Promise.resolve(void names.add(name)),
    save: () => Promise.resolve(),
  };
  await run(2, { checkpoints, onProgress: (share) => shares.push(share) });
  assert.deepEqual([...names], ["all", "inner 1", "inner 2"]);
  assert.ok(shares.every((share, i) => share > (shares[i - 1] ?? 0)));
  assert.equal(shares.at(-1), 1);
});

Deno.test("network() needs subjects for inner folds", async () => {
  const train: Sample[] = clips.map((clip) => ({ ...clip, subject: "only" }));
  await assert.rejects(run(2, { train }), /at least 2 subjects/);
});

Deno.test("network() trains on what it looks at, for what it is told, and answers by its scores", async () => {
  const seen: unknown[] = [];
  const method = network({
    id: "looking",
    build: () => headed(2),
    look: (input, given) => {
      seen.push(given.epochs);
      return { ...input, data: input.data.map((value) => value / 2) };
    },
    // Only the second head is trained, and answers.
    objective: () => ({
      loss: (outputs, labels) => crossEntropy(second(outputs), labels),
      scores: second,
    }),
  });
  const scores = await method.runFold(task()) as number[][];
  assert.deepEqual(scores.map((row) => row.length), [2, 2, 2]);
  assert.deepEqual(seen, new Array(12).fill(2));
  const halved = clips.map((clip) => ({
    ...clip,
    input: { ...clip.input, data: clip.input.data.map((value) => value / 2) },
  }));
  const { look: _none, ...plain } = method;
  const again = await network(plain).runFold(
    task({ train: halved.slice(0, 9), test: halved.slice(9) }),
  );
  assert.deepEqual(again, scores);
});

function second(outputs: tf.Tensor): tf.Tensor {
  return tf.unstack(outputs, 1)[1] as tf.Tensor;
}
