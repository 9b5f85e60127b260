import assert from "node:assert/strict";
import { flatten } from "lib/blocks/tree.ts";
import { rng } from "lib/core/rng.ts";
import { volume } from "lib/core/volume.ts";
import { openBackend, tf } from "lib/train/backend.ts";
import { apexImage, capsuleNet, marginLoss, ratioApex } from "./capsule_net.ts";

await openBackend();

Deno.test("capsuleNet() has 13,842,496 parameters for colour frames of 224 pixels and three classes", () => {
  const { params, outputShape } = capsuleNet({ classes: 3 }).init(rng(1), [224, 224, 3]);
  const count = flatten(params).reduce((sum, [, { data }]) => sum + data.length, 0);
  const trunk = 2_782_784;
  assert.equal(count, trunk + 2 * (256 * 256 * 81 + 256) + 3 * 1152 * 16 * 8);
  assert.equal(count, 13_842_496);
  assert.deepEqual([...outputShape], [3]);
});

Deno.test("marginLoss is what its formula gives by hand, and weighs clips", () => {
  const lengths = tf.tensor2d([[0.99, 0.01, 0.51], [0.49, 0.01, 0.01]]);
  const labels = tf.tensor1d([0, 1], "int32");
  // First clip: ½·0.5². Second: 0.98² for the missing class and ½·0.48² for the first.
  const each = [0.5 * 0.25, 0.98 ** 2 + 0.5 * 0.48 ** 2];
  const loss = (weights?: tf.Tensor) => marginLoss.loss(lengths, labels, weights).dataSync()[0]!;
  assert.ok(Math.abs(loss() - (each[0]! + each[1]!) / 2) < 1e-6);
  const weighed = (3 * each[0]! + each[1]!) / 4;
  assert.ok(Math.abs(loss(tf.tensor1d([3, 1])) - weighed) < 1e-6);
});

Deno.test("ratioApex() finds the frame far from the onset and near the one before it", () => {
  const step = (values: readonly number[]) =>
    volume(Float32Array.from(values.flatMap((v) => [v, v])), [values.length, 1, 2, 1]);
  // From 0.4 to 0.42 little changes any more, and the onset is far.
  assert.equal(ratioApex(step([0.1, 0.2, 0.4, 0.42, 0.2])), 3);
  assert.equal(ratioApex(step([0.5, 0.5, 0.5])), 1);
});

Deno.test("apexImage() is a frame of one channel within 0..1", () => {
  const clip = volume(Float32Array.of(0.5, 0.5, 1.4, 0.5, 1.5, -0.5, 1.5, -0.5), [4, 1, 2, 1]);
  const { data, shape } = apexImage(clip, null);
  assert.deepEqual([...shape], [1, 2, 1]);
  assert.deepEqual([...data], [1, 0]);
});
