import assert from "node:assert/strict";
import { rng } from "lib/core/rng.ts";
import { sizeOf } from "lib/core/volume.ts";
import { openBackend, tf } from "lib/train/backend.ts";
import { add } from "./add.ts";
import { temporalGate } from "./attention.ts";
import { backConv } from "./back_conv.ts";
import { centredConv3d } from "./conv3d_centred.ts";
import { globalMaximum } from "./global_pool.ts";
import { stackHeads } from "./heads.ts";
import { maximumOver } from "./maximum.ts";
import { flatten } from "./tree.ts";
import { weightedFusion } from "./weighted_fusion.ts";

await openBackend();

const mode = { training: true, rng: rng(1) };

Deno.test("maximumOver() shares the gradient evenly between equal maxima", () => {
  const x = tf.tensor2d([[3, 1, 3, 2], [0, 5, 1, 1]]);
  const { value, grad } = tf.valueAndGrad((x) => maximumOver(x, [1]))(x);
  assert.deepEqual([...value.dataSync()], [3, 5]);
  assert.deepEqual([...grad.dataSync()], [0.5, 0, 0.5, 0, 0, 1, 0, 0]);
});

Deno.test("globalMaximum() keeps channels apart", () => {
  const x = tf.tensor5d([1, -8, 7, -2], [1, 2, 1, 1, 2]);
  const [y] = globalMaximum().apply({}, {}, x, mode);
  assert.deepEqual([y.shape, [...y.dataSync()]], [[1, 1, 1, 1, 2], [7, -2]]);
});

Deno.test("weightedFusion() is the weighted sum, with the last inputs unweighted and points repeated", () => {
  const merge = weightedFusion({ unweighted: 1 });
  const { params, outputShape } = merge.init(rng(1), [[1, 1, 2, 1], [1, 1, 2, 1], [1, 1, 1, 1]]);
  assert.deepEqual(outputShape, [1, 1, 2, 1]);
  assert.deepEqual(flatten(params).map(([, { data }]) => [...data]), [
    [Math.fround(1 / 3), Math.fround(1 / 3)],
  ]);
  const inputs = [[1, 2], [10, 20], [100]].map((x) => tf.tensor5d(x, [1, 1, 1, x.length, 1]));
  const f = (weights: tf.Tensor, ...xs: tf.Tensor[]): tf.Tensor =>
    merge.apply({ weights }, {}, xs, mode)[0];
  const weights = tf.tensor1d([2, 3]);
  // By hand: 2 (1, 2) + 3 (10, 20) + 100.
  assert.deepEqual([...f(weights, ...inputs).dataSync()], [132, 164]);
  const gradients = tf.grads(f)([weights, ...inputs]).map((g) => [...g.dataSync()]);
  assert.deepEqual(gradients, [[3, 30], [2, 2], [3, 3], [2]]);
  assert.throws(() => merge.init(rng(1), [[1, 1, 4, 1], [1, 1, 2, 1]]), /repeat \[1, 1, 2, 1\]/);
});

Deno.test("backConv() hits the target sizes of the paper's input", () => {
  const steps = [
    [[1, 5, 5, 2], [2, 9, 9, 1]],
    [[2, 9, 9, 2], [4, 17, 17, 1]],
    [[4, 17, 17, 2], [8, 34, 34, 1]],
  ];
  for (const [from, to] of steps as [number[], number[]][]) {
    const { params, outputShape } = backConv().init(rng(1), [from, to]);
    assert.deepEqual(outputShape, to);
    const leaves = Object.fromEntries(
      flatten(params).map(([name, { data, shape }]) => [name, tf.tensor(data, [...shape])]),
    );
    const inputs = [tf.ones([1, ...from]), tf.ones([1, ...to])];
    assert.deepEqual(backConv().apply(leaves, {}, inputs, mode)[0].shape, [1, ...to]);
  }
  assert.throws(() => backConv().init(rng(1), [[1, 5, 5, 2], [2, 11, 9, 1]]), /half of its target/);
});

Deno.test("backConv() is the transpose of the strided convolution: (Ax, y) = (x, Aᵀy)", () => {
  const conv = centredConv3d({ filters: 2, kernel: 3, strides: 2 });
  const shape = [3, 4, 5, 3];
  const { params, outputShape } = conv.init(rng(1), shape);
  const kernel = flatten(params).map(([, { data, shape }]) => tf.tensor(data, [...shape]))[0]!;
  const x = tf.randomNormal([2, ...shape], 0, 1, "float32", 1);
  const y = tf.randomNormal([2, ...outputShape], 0, 1, "float32", 2);
  const [ax] = conv.apply({ kernel }, {}, x, mode);
  const [aty] = backConv().apply({ kernel, bias: tf.zeros([3]) }, {}, [y, x], mode);
  const [left, right] = [tf.sum(tf.mul(ax, y)), tf.sum(tf.mul(x, aty))].map((t) =>
    t.dataSync()[0]!
  );
  assert.ok(Math.abs(left! - right!) < 1e-4 * Math.abs(left!), `${left} and ${right}`);
});

Deno.test("temporalGate() weighs frames, each by one number", () => {
  const gate = temporalGate(2);
  const { params } = gate.init(rng(1), [4, 2, 3, 2]);
  const leaves = Object.fromEntries(
    ["hidden", "restore"].map((layer) => [
      layer,
      Object.fromEntries(
        flatten(params).filter(([name]) => name.startsWith(layer))
          .map(([name, { data, shape }]) => [name.split(".")[1], tf.tensor(data, [...shape])]),
      ),
    ]),
  );
  const [y] = gate.apply(leaves, {}, tf.ones([1, 4, 2, 3, 2]), mode);
  const frames = y.arraySync() as number[][][][][];
  const perFrame = frames[0]!.map((frame) => new Set(frame.flat(2)));
  assert.deepEqual(perFrame.map(({ size }) => size), [1, 1, 1, 1]);
  for (const [value] of perFrame.map((values) => [...values])) assert.ok(value! > 0 && value! < 1);
});

Deno.test("merges and convolutions refuse what they cannot take", () => {
  assert.throws(() => add().init(rng(1), [[1, 2], [2, 1]]), /one shape, not \[1, 2\] and \[2, 1\]/);
  assert.throws(() => stackHeads().init(rng(1), [[3], [4]]), /one shape/);
  assert.throws(
    () => centredConv3d({ filters: 1, kernel: [1, 2, 3] }),
    /odd sides, not \[1, 2, 3\]/,
  );
  assert.equal(sizeOf(stackHeads().init(rng(1), [[3], [3]]).outputShape), 6);
});
