import assert from "node:assert/strict";
import { dense } from "lib/blocks/dense.ts";
import { graph } from "lib/blocks/graph.ts";
import { msResNet3d } from "./ms_resnet3d.ts";
import { paperCosts, trainingCost, trainingHours, type TrainingPlan } from "./training_cost.ts";

/** 5·4 + 4·3 = 32 multiply-adds a clip, 64 FLOPs. */
const plan: TrainingPlan = {
  network: graph({ hidden: dense({ units: 4 }), scores: dense({ units: 3 }) }),
  inputShape: [5],
  clips: 10,
  folds: 5,
  epochs: 7,
  batchSize: 4,
};

Deno.test("trainingCost() is as by hand", () => {
  assert.deepEqual(trainingCost(plan), {
    forward: 64,
    step: 64 * 3 * 4,
    // Eight of ten clips are trained on.
    epoch: 64 * 3 * 8,
    fold: 64 * 3 * 8 * 7,
    protocol: 64 * 3 * 8 * 7 * 5,
    folds: 5,
  });
});

Deno.test("trainingCost() counts copies of training clips, and a training for each inner fold", () => {
  const { protocol, step } = trainingCost({ ...plan, copies: 6 });
  assert.equal(protocol, 6 * trainingCost(plan).protocol);
  assert.equal(step, trainingCost(plan).step);
  // Two inner folds train on half the clips each, three on two thirds each.
  assert.equal(trainingCost({ ...plan, innerFolds: 2 }).protocol, 2 * trainingCost(plan).protocol);
  assert.equal(trainingCost({ ...plan, innerFolds: 3 }).fold, 3 * trainingCost(plan).fold);
});

Deno.test("trainingCost() is exact for folds of any sizes", () => {
  // Subjects with 1, 2, 3 and 4 clips: 9 + 8 + 7 + 6 clips are trained on.
  const uneven = trainingCost({ ...plan, folds: 4, epochs: 1 });
  assert.equal(uneven.protocol, 64 * 3 * (9 + 8 + 7 + 6));
  const clipwise = trainingCost({ ...plan, folds: 10, epochs: 1 });
  assert.equal(clipwise.protocol, 64 * 3 * 10 * 9);
});

Deno.test("trainingCost() of the paper's network at its size", () => {
  const cost = trainingCost({
    ...plan,
    network: msResNet3d({ classes: 4 }),
    inputShape: [16, 134, 134, 2],
    batchSize: 8,
  });
  // Block 1 alone: 3·7·7·2·64 multiply-adds at 16·67·67 places.
  assert.ok(cost.forward > 2 * 3 * 7 * 7 * 2 * 64 * 16 * 67 * 67);
  assert.equal(cost.step, 24 * cost.forward);
});

Deno.test("trainingHours() counts the folds of the busiest node", () => {
  const cost = trainingCost(plan);
  const hour = { gflops: cost.fold / 1e9 / 3600 };
  const hours = [1, 2, 3, 5, 9].map((nodes) => Math.round(trainingHours(cost, { ...hour, nodes })));
  assert.deepEqual(hours, [5, 3, 2, 1, 1]);
  assert.equal(trainingHours({ ...cost, fold: 3.6e15, folds: 2 }, { gflops: 1000 }), 2);
});

Deno.test("paperCosts() lists data sets, ways to hold out and copies", () => {
  const costs = paperCosts(() => plan.network, { ...plan, copies: [1, 6] });
  assert.deepEqual(
    costs.slice(0, 4).map(({ set, holdOut, copies, cost }) => [
      set.name,
      holdOut,
      copies,
      cost.folds,
      cost.protocol,
    ]),
    [
      ["SMIC", "clip", 1, 164, 64 * 3 * 7 * 164 * 163],
      ["SMIC", "clip", 6, 164, 64 * 3 * 7 * 164 * 163 * 6],
      ["SMIC", "subject", 1, 16, 64 * 3 * 7 * 164 * 15],
      ["SMIC", "subject", 6, 16, 64 * 3 * 7 * 164 * 15 * 6],
    ],
  );
  assert.deepEqual([...new Set(costs.map(({ cost }) => cost.folds))], [164, 16, 159, 29, 246, 26]);
});

Deno.test("trainingCost() and trainingHours() refuse numbers that mean nothing", () => {
  assert.throws(() => trainingCost({ ...plan, folds: 11 }), /hold out 10 clips in 11 folds/);
  assert.throws(() => trainingCost({ ...plan, folds: 1 }), /in 1 folds/);
  assert.throws(() => trainingCost({ ...plan, innerFolds: 1 }), /innerFolds must be 0 or/);
  for (const key of ["clips", "epochs", "batchSize", "copies"]) {
    assert.throws(() => trainingCost({ ...plan, [key]: 0.5 }), new RegExp(`${key} must be`));
  }
  const cost = trainingCost(plan);
  assert.throws(() => trainingHours(cost, { gflops: 0 }), /gflops must be above 0/);
  assert.throws(() => trainingHours(cost, { gflops: 1, nodes: 0 }), /nodes must be/);
});
