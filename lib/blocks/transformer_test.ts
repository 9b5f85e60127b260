import assert from "node:assert/strict";
import { rng } from "lib/core/rng.ts";
import { sizeOf, type Volume } from "lib/core/volume.ts";
import { openBackend, tf } from "lib/train/backend.ts";
import { batchNorm } from "./batch_norm.ts";
import type { Block, Tensors } from "./block.ts";
import { cost } from "./cost.ts";
import { dense } from "./dense.ts";
import { dropout } from "./dropout.ts";
import { eachPlace } from "./each_place.ts";
import { frozen, mergeTrees } from "./frozen.ts";
import { gelu } from "./gelu.ts";
import { graph } from "./graph.ts";
import { layerNorm } from "./layer_norm.ts";
import { lstm } from "./lstm.ts";
import { patchEmbedding } from "./patch_embedding.ts";
import { meanAlong, pick } from "./pick.ts";
import { attentionWeights, selfAttention } from "./self_attention.ts";
import { transformerBlock } from "./transformer_block.ts";
import { flatten, mapTree, subtreeOf } from "./tree.ts";

await openBackend();

const upload = ({ data, shape }: Volume): tf.Tensor => tf.tensor(data, [...shape]);
const waves = (shape: readonly number[]): tf.Tensor =>
  tf.tensor(Float32Array.from({ length: sizeOf(shape) }, (_, i) => Math.sin(3 * i)), [...shape]);
const mode = { training: true, rng: rng(1) };

/** The block on a fresh draw of its parameters. */
function run(block: Block, x: tf.Tensor): tf.Tensor {
  const { params, state } = block.init(rng(1), x.shape.slice(1));
  return block.apply(mapTree(params, upload), mapTree(state, upload), x, mode)[0];
}

Deno.test("layerNorm() gives each place mean 0 and variance 1, and an even one 0", () => {
  const y = run(layerNorm(), tf.tensor3d([[[1, 3], [5, 5]]]));
  const [a, b, c, d] = y.dataSync();
  assert.ok(Math.abs(a! + 1) < 1e-5 && Math.abs(b! - 1) < 1e-5, `${a}, ${b}`);
  assert.deepEqual([c, d], [0, 0]);
});

Deno.test("gelu() keeps large values, drops very negative ones, and passes 0", () => {
  assert.deepEqual([...run(gelu(), tf.tensor2d([[-20, 0, 20]])).dataSync()].map((v) => v + 0), [
    0,
    0,
    20,
  ]);
});

Deno.test("attentionWeights() are shares, and alike for tokens that are alike", () => {
  const block = selfAttention({ heads: 2 });
  const params = mapTree(block.init(rng(1), [5, 4]).params, upload);
  const sums = tf.sum(attentionWeights(params, waves([3, 5, 4]), 2), -1);
  assert.deepEqual(sums.shape, [3, 2, 5]);
  sums.dataSync().forEach((sum) => assert.ok(Math.abs(sum - 1) < 1e-6));
  const same = attentionWeights(params, tf.ones([1, 5, 4]), 2);
  same.dataSync().forEach((share) => assert.ok(Math.abs(share - 0.2) < 1e-6));
});

Deno.test("selfAttention() does not care for the order of tokens", () => {
  const x = waves([1, 4, 6]);
  const block = selfAttention({ heads: 3 });
  const [forth, back] = [x, tf.reverse(x, 1)].map((tokens) => run(block, tokens));
  const difference = tf.max(tf.abs(tf.sub(forth!, tf.reverse(back!, 1)))).dataSync()[0]!;
  assert.ok(difference < 1e-6, `${difference}`);
});

Deno.test("selfAttention() drops attention in training only", () => {
  const x = waves([1, 4, 6]);
  const block = selfAttention({ heads: 3, drop: 0.5 });
  const params = mapTree(block.init(rng(1), [4, 6]).params, upload);
  const [trained, used] = [true, false].map((training) =>
    block.apply(params, {}, x, { training, rng: rng(1) })[0].dataSync()
  );
  assert.notDeepEqual(trained, used);
  const plain = selfAttention({ heads: 3 }).apply(params, {}, x, mode)[0].dataSync();
  assert.deepEqual(used, plain);
});

Deno.test("selfAttention() and lstm() refuse what they cannot take", () => {
  assert.throws(() => selfAttention({ heads: 4 }).init(rng(1), [5, 6]), /a multiple of 4, not/);
  assert.throws(() => selfAttention({ heads: 1 }).init(rng(1), [6]), /\[tokens, features\]/);
  assert.throws(() => lstm(4).init(rng(1), [6]), /\[steps, features\]/);
  assert.throws(() => lstm(4).init(rng(1), [6, 5, 4]), /\[steps, features\]/);
});

Deno.test("lstm() remembers: a first step changes the last output, a last one no earlier output", () => {
  const x = waves([1, 4, 3]);
  const changed = (step: number) => {
    const bump = tf.tensor3d([0, 1, 2, 3].map((t) => t === step ? 1 : 0), [1, 4, 1]);
    return run(lstm(2), tf.add(x, bump)).arraySync() as number[][][];
  };
  const [plain] = run(lstm(2), x).arraySync() as number[][][];
  const [[early], [late]] = [changed(0), changed(3)];
  assert.notDeepEqual(early?.[3], plain?.[3]);
  assert.deepEqual(late?.slice(0, 3), plain?.slice(0, 3));
  assert.notDeepEqual(late?.[3], plain?.[3]);
});

Deno.test("patchEmbedding() takes whole patches, row by row, after the class token", () => {
  const block = patchEmbedding({ patch: 2, width: 1 });
  const { params, outputShape } = block.init(rng(1), [1, 2, 4, 1]);
  assert.deepEqual(outputShape, [1, 3, 1]);
  const fill: Readonly<Record<string, readonly number[]>> = {
    "patches.kernel": [1, 1, 1, 1],
    "patches.bias": [0.5],
    "tokens.class": [7],
    "tokens.position": [100, 200, 300],
  };
  const filled = mapTree(params, ({ shape }, name) => tf.tensor([...fill[name]!], [...shape]));
  const x = tf.tensor5d([1, 2, 10, 20, 3, 4, 30, 40], [1, 1, 2, 4, 1]);
  const [y] = block.apply(filled, {}, x, mode);
  assert.deepEqual([...y.dataSync()], [107, 210.5, 400.5]);
  for (const shape of [[1, 3, 4, 1], [1, 2, 5, 1], [2, 4, 1]]) {
    assert.throws(() => block.init(rng(1), shape), /Patches of 2×2 pixels need/);
  }
});

Deno.test("transformerBlock() costs what its kernels and its attention take", () => {
  const block = transformerBlock({ width: 8, heads: 2, hidden: 12 });
  const rows = cost(block, [3, 5, 8]);
  const sum = (of: (row: typeof rows[number]) => number) => rows.reduce((all, r) => all + of(r), 0);
  const drawn = flatten(block.init(rng(1), [3, 5, 8]).params);
  assert.equal(sum((row) => row.parameters), drawn.reduce((n, [, { data }]) => n + data.length, 0));
  const linear = 15 * (4 * 64 + 2 * 8 * 12);
  assert.equal(sum((row) => row.multiplyAdds), linear + 3 * 2 * 25 * 8);
});

Deno.test("pick() and meanAlong() take an axis away", () => {
  const x = tf.tensor3d([[[1, 2], [3, 4], [5, 9]]]);
  const of = (block: Block) => [...run(block, x).dataSync()];
  assert.deepEqual(of(pick(0, 0)), [1, 2]);
  assert.deepEqual(of(pick(0, -1)), [5, 9]);
  assert.deepEqual(of(pick(1, 1)), [2, 4, 9]);
  assert.deepEqual(of(meanAlong(0)), [3, 5]);
  assert.deepEqual(pick(1, 0).init(rng(1), [3, 2]).outputShape, [3]);
  assert.throws(() => pick(2, 0).init(rng(1), [3, 2]), /no axis 2/);
});

Deno.test("eachPlace() applies one block everywhere", () => {
  const block = dense({ units: 3 });
  const x = waves([2, 2, 5, 4]);
  const y = run(eachPlace(block), x);
  assert.deepEqual(y.shape, [2, 2, 5, 3]);
  const alone = run(block, tf.reshape(x, [20, 4]));
  assert.deepEqual(y.dataSync(), alone.dataSync());
  assert.throws(() => eachPlace(block).init(rng(1), [4]), /\[\.\.\.places, features\]/);
});

Deno.test("frozen() learns nothing, and is the block after training under the same names", () => {
  const block = graph({ fc: dense({ units: 3 }), norm: batchNorm(), drop: dropout(0.5) });
  const still = frozen(block);
  const [open, closed] = [block.init(rng(1), [4]), still.init(rng(1), [4])];
  assert.deepEqual(closed.params, {});
  const names = (tree: typeof open.params) => flatten(tree).map(([name]) => name).sort();
  assert.deepEqual(names(closed.state), [...names(open.params), ...names(open.state)].sort());
  const state: Tensors = mapTree(closed.state, upload);
  const x = waves([2, 4]);
  const [y, next] = still.apply({}, state, x, mode);
  assert.equal(next, state);
  const used = { training: false, rng: rng(1) };
  const [plain] = block.apply(
    mapTree(open.params, upload),
    mapTree(open.state, upload),
    x,
    used,
  );
  assert.deepEqual(y.dataSync(), plain.dataSync());
});

Deno.test("mergeTrees() joins what has different names, and refuses what has not", () => {
  const leaf = { shape: [1] };
  const merged = mergeTrees({ a: { x: leaf }, b: leaf }, { a: { y: leaf }, c: leaf });
  assert.deepEqual(flatten(merged).map(([name]) => name), ["a.x", "a.y", "b", "c"]);
  assert.ok(subtreeOf(merged, "a").x);
  assert.throws(() => mergeTrees({ a: { x: leaf } }, { a: { x: leaf } }), /'x'/);
  assert.throws(() => mergeTrees({ a: leaf }, { a: { x: leaf } }), /'a'/);
});
