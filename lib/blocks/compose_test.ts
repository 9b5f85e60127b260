import assert from "node:assert/strict";
import { rng } from "lib/core/rng.ts";
import { openBackend, tf } from "lib/train/backend.ts";
import { batchNorm } from "./batch_norm.ts";
import type { Block, Tensors } from "./block.ts";
import { channels } from "./channels.ts";
import { conv2d } from "./conv.ts";
import { dense } from "./dense.ts";
import { dropout } from "./dropout.ts";
import { flatten } from "./flatten.ts";
import { parallel } from "./parallel.ts";
import { maxPool2d } from "./pool.ts";
import { relu } from "./relu.ts";
import { residual } from "./residual.ts";
import { serial } from "./serial.ts";
import { flatten as flattenTree, mapTree } from "./tree.ts";

await openBackend();

const names = (block: Block, shape: readonly number[]) =>
  flattenTree(block.init(rng(1), shape).params).map(([name]) => name);

const empty: Tensors = {};
const training = { training: true, rng: rng(1) };

Deno.test("serial() and parallel() name parameters by their path, without blocks that have none", () => {
  const block = serial({
    both: parallel({
      left: serial({ conv: conv2d({ filters: 2, kernel: 1 }), relu: relu() }),
      right: relu(),
    }),
    flatten: flatten(),
    scores: dense({ units: 2, bias: false }),
  });
  assert.deepEqual(names(block, [2, 2, 3]), [
    "both.left.conv.kernel",
    "both.left.conv.bias",
    "scores.kernel",
  ]);
  const { params, outputShape } = block.init(rng(1), [2, 2, 3]);
  assert.deepEqual(outputShape, [2]);
  assert.deepEqual(mapTree(params, ({ shape }) => ({ shape })).scores, {
    kernel: { shape: [2, 20] },
  });
});

Deno.test("serial() gives each block a stream of its name: another block before it shifts nothing", () => {
  const scores = dense({ units: 3 });
  const kernelOf = (block: Block) =>
    flattenTree(block.init(rng(1), [4]).params).find(([name]) => name === "scores.kernel")?.[1]
      .data;
  const longer = serial({ other: dense({ units: 4 }), scores });
  assert.deepEqual(kernelOf(longer), kernelOf(serial({ scores })));
});

Deno.test("serial() passes the state of each block on", () => {
  const block = serial({ relu: relu(), norm: batchNorm() });
  const { params, state } = block.init(rng(1), [2]);
  const upload = ({ data, shape }: { data: Float32Array; shape: readonly number[] }) =>
    tf.tensor(data, [...shape]);
  const x = tf.tensor2d([[1, -1], [3, -5]]);
  const [, next] = block.apply(mapTree(params, upload), mapTree(state, upload), x, training);
  // Means of the rectified batch are (2, 0); a tenth of them goes in.
  const [[name, mean]] = flattenTree(next) as [[string, tf.Tensor]];
  assert.equal(name, "norm.mean");
  assert.deepEqual([...mean.dataSync()], [Math.fround(0.2), 0]);
});

Deno.test("parallel() concatenates channels in order and refuses different sides", () => {
  const block = parallel({ second: channels(1), first: channels(0) });
  const x = tf.tensor4d([1, 2, 3, 4], [1, 1, 2, 2]);
  const [y] = block.apply(empty, empty, x, training);
  assert.deepEqual([...y.dataSync()], [2, 1, 4, 3]);
  const odd = parallel({ whole: relu(), half: maxPool2d({ window: 2 }) });
  assert.throws(() => odd.init(rng(1), [4, 4, 1]), /'half' gives \[2, 2, 1\]/);
});

Deno.test("residual() adds the input, and refuses another shape", () => {
  const x = tf.tensor2d([[1, -2]]);
  const [y] = residual(relu()).apply(empty, empty, x, training);
  assert.deepEqual([...y.dataSync()], [2, -2]);
  const widening = residual(dense({ units: 3 }));
  assert.throws(() => widening.init(rng(1), [2]), /shortcut of \[2\] to \[3\]/);
  const projected = residual(dense({ units: 3 }), dense({ units: 3, bias: false }));
  assert.deepEqual(names(projected, [2]), ["body.kernel", "body.bias", "shortcut.kernel"]);
});

Deno.test("names that would be reordered or ambiguous are refused", () => {
  assert.throws(() => serial({ "1": relu() }), /not the number 1/);
  assert.throws(() => parallel({ "0": relu() }), /not the number 0/);
});

Deno.test("dense() and channels() refuse shapes they cannot take", () => {
  assert.throws(() => dense({ units: 2 }).init(rng(1), [2, 2, 3]), /flatten first/);
  assert.throws(() => channels(1, 3).init(rng(1), [2, 2, 3]), /channels 1..3 of 3/);
});

Deno.test("dropout() drops its share, keeps the mean, and draws a new mask at each step", () => {
  const x = tf.ones([100, 100]);
  const stream = { training: true, rng: rng(5) };
  const masks = [1, 2].map(() => [...dropout(0.25).apply(empty, empty, x, stream)[0].dataSync()]);
  for (const mask of masks) {
    assert.deepEqual([...new Set(mask)].sort(), [0, Math.fround(4 / 3)]);
    const dropped = mask.filter((value) => value === 0).length / mask.length;
    assert.ok(Math.abs(dropped - 0.25) < 0.02, `dropped ${dropped}`);
  }
  assert.notDeepEqual(masks[0], masks[1]);
  const again = dropout(0.25).apply(empty, empty, x, { training: true, rng: rng(5) })[0];
  assert.deepEqual([...again.dataSync()], masks[0]);
});

Deno.test("dropout() sends gradients through what it kept", () => {
  const x = tf.ones([50]);
  const apply = (x: tf.Tensor) =>
    dropout(0.5).apply(empty, empty, x, { training: true, rng: rng(5) })[0];
  assert.deepEqual([...tf.grad(apply)(x).dataSync()], [...apply(x).dataSync()]);
});

Deno.test("dropout() is the identity when not training, and refuses rates outside [0, 1)", () => {
  const x = tf.tensor1d([1, 2, 3]);
  const [y] = dropout(0.9).apply(empty, empty, x, { training: false, rng: rng(1) });
  assert.deepEqual([...y.dataSync()], [1, 2, 3]);
  assert.throws(() => dropout(1), /rate in \[0, 1\), got 1/);
});
