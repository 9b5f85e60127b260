/**
 * The blocks beside PyTorch's: the same tests for each backend.
 *
 * @module
 */
import assert from "node:assert/strict";
import { rng } from "lib/core/rng.ts";
import type { Volume } from "lib/core/volume.ts";
import { tf } from "lib/train/backend.ts";
import { batchNorm } from "../batch_norm.ts";
import type { Block, Tensors } from "../block.ts";
import { conv2d, conv3d } from "../conv.ts";
import { dense } from "../dense.ts";
import { avgPool2d, avgPool3d, maxPool2d, maxPool3d } from "../pool.ts";
import { relu } from "../relu.ts";
import { residual } from "../residual.ts";
import { serial } from "../serial.ts";
import { flatten, mapTree, unflatten } from "../tree.ts";
import golden from "./golden.json" with { type: "json" };
import { lcg } from "./lcg.ts";

const blocks: Readonly<Record<keyof typeof golden.cases, Block>> = {
  "conv2d strides 2, padding 1": conv2d({ filters: 4, kernel: 3, strides: 2, padding: 1 }),
  "conv2d same": conv2d({ filters: 4, kernel: 3, padding: "same" }),
  "conv2d valid, no bias": conv2d({ filters: 4, kernel: 3, bias: false }),
  "conv2d 3x1, padding (2, 0)": conv2d({ filters: 2, kernel: [3, 1], padding: [2, 0] }),
  "conv3d strides (1, 2, 2), padding 1": conv3d({
    filters: 3,
    kernel: 3,
    strides: [1, 2, 2],
    padding: 1,
  }),
  "conv3d same": conv3d({ filters: 3, kernel: 3, padding: "same" }),
  "dense": dense({ units: 4 }),
  "batchNorm 2d": batchNorm(),
  "batchNorm 2d, not training": batchNorm(),
  "batchNorm 3d": batchNorm(),
  "batchNorm of features": batchNorm(),
  "relu": relu(),
  "maxPool2d 3, padding 1": maxPool2d({ window: 3, padding: 1 }),
  "maxPool2d 3, strides 2, padding 1": maxPool2d({ window: 3, strides: 2, padding: 1 }),
  "maxPool2d 2": maxPool2d({ window: 2 }),
  "maxPool3d 3, strides 2, padding 1": maxPool3d({ window: 3, strides: 2, padding: 1 }),
  "maxPool2d 3, strides 2, no ties": maxPool2d({ window: 3, strides: 2 }),
  "maxPool3d 2, no ties": maxPool3d({ window: 2 }),
  "avgPool2d 2": avgPool2d({ window: 2 }),
  "avgPool2d 3, strides 2, padding 1": avgPool2d({ window: 3, strides: 2, padding: 1 }),
  "avgPool3d (1, 2, 2)": avgPool3d({ window: [1, 2, 2] }),
  "residual": residual(
    serial({
      conv: conv2d({ filters: 3, kernel: 3, padding: 1 }),
      norm: batchNorm(),
      relu: relu(),
    }),
    conv2d({ filters: 3, kernel: 1, bias: false }),
  ),
};

/** Inputs of these are rounded, so that windows have ties and ReLU meets 0. */
function isRounded(name: string): boolean {
  return /^(relu|maxPool)/.test(name) && !name.includes("no ties");
}

function upload({ data, shape }: Volume): tf.Tensor {
  return tf.tensor(data, [...shape]);
}

function compare(found: tf.Tensor, expected: readonly number[], what: string): void {
  const values = found.dataSync();
  assert.equal(values.length, expected.length, what);
  const worst = Math.max(...expected.map((value, i) => Math.abs(value - (values[i] as number))));
  assert.ok(worst < 1e-5, `${what}: off by ${worst}`);
}

/**
 * Registers one test a block, on the backend that is open.
 *
 * @param firstOfTies whether max pooling gives the gradient to the first of equal values, as PyTorch
 */
export function testAgainstPyTorch({ firstOfTies }: { readonly firstOfTies: boolean }): void {
  for (const [name, block] of Object.entries(blocks)) {
    const ignore = !firstOfTies && name.startsWith("maxPool") && isRounded(name);
    Deno.test({
      name: `${name} agrees with PyTorch, forth and back` +
        (ignore ? " (this backend picks another one of equal maxima)" : ""),
      ignore,
      fn: () => tf.tidy(() => check(name, block)),
    });
  }
  Deno.test("batchNorm() keeps running statistics as PyTorch, and the old ones as they were", () => {
    const block = batchNorm();
    const { params, state } = block.init(rng(1), [4, 3, 3]);
    const before = mapTree(state, upload);
    const x = upload(lcg(1)([2, 4, 3, 3]));
    const mode = { training: true, rng: rng(1) };
    const [, after] = block.apply(mapTree(params, upload), before, x, mode);
    compare(after.mean as tf.Tensor, golden.running.mean, "mean");
    compare(after.variance as tf.Tensor, golden.running.variance, "variance");
    assert.deepEqual([...(before.mean as tf.Tensor).dataSync()], [0, 0, 0]);
  });
}

function check(name: string, block: Block): void {
  const record = golden.cases[name as keyof typeof golden.cases];
  const draw = lcg(1);
  const input = draw(record.input);
  const data = isRounded(name) ? input.data.map((v) => Math.round(4 * v) / 4) : input.data;
  const x = upload({ ...input, data });
  const { params, state, outputShape } = block.init(rng(1), record.input.slice(1));
  const named = flatten(params);
  const shapes = Object.fromEntries(named.map(([key, { shape }]) => [key, shape]));
  assert.deepEqual(shapes, record.params);
  assert.deepEqual([record.input[0], ...outputShape], record.outputShape);
  const leaves = named.map(([, { shape }]) => upload(draw(shape)));
  const weights = upload(draw(record.outputShape));
  const running: Tensors = mapTree(state, upload);
  let output = x;
  const score = (x: tf.Tensor, ...leaves: tf.Tensor[]): tf.Scalar => {
    const mode = { training: !name.includes("not training"), rng: rng(1) };
    const [y] = block.apply(unflatten(params, leaves), running, x, mode);
    output = tf.keep(y.clone());
    return tf.sum(tf.mul(y, weights));
  };
  const [inputGradient, ...gradients] = tf.grads(score)([x, ...leaves]);
  compare(output, record.output, "output");
  output.dispose();
  compare(inputGradient as tf.Tensor, record.inputGradient, "gradient of the input");
  named.forEach(([key], i) => {
    const expected = (record.gradients as Record<string, number[]>)[key] as number[];
    compare(gradients[i] as tf.Tensor, expected, `gradient of ${key}`);
  });
}
