/**
 * The blocks of the paper's network beside PyTorch's: the same tests for each backend.
 *
 * @module
 */
import assert from "node:assert/strict";
import { rng } from "lib/core/rng.ts";
import type { Volume } from "lib/core/volume.ts";
import { tf } from "lib/train/backend.ts";
import { affa } from "../affa.ts";
import { attention } from "../attention.ts";
import { backConv } from "../back_conv.ts";
import type { Block } from "../block.ts";
import { channelAttention } from "../channel_attention.ts";
import { convNorm } from "../conv_norm.ts";
import { head } from "../heads.ts";
import type { Merge } from "../merge.ts";
import { rc1 } from "../multi_scale/rc1.ts";
import { rc2 } from "../multi_scale/rc2.ts";
import { rc3 } from "../multi_scale/rc3.ts";
import { basicUnit, bottleneckUnit } from "../residual_unit.ts";
import { flatten, mapTree, unflatten } from "../tree.ts";
import { lcg } from "./lcg.ts";
import golden from "./multi_scale_golden.json" with { type: "json" };

/** Every n-th value of an array, with spaces between, and the norm of all. */
interface Sampled {
  readonly step: number;
  readonly norm: number;
  readonly values: string;
}

/** What PyTorch gave for one block or network. */
export interface GoldenRecord {
  readonly seed: number;
  readonly inputs: readonly (readonly number[])[];
  readonly outputShape: readonly number[];
  readonly output: Sampled;
  readonly inputGradients: readonly Sampled[];
  readonly params: Readonly<
    Record<string, Sampled & { shape: readonly number[]; scale: number; offset: number }>
  >;
}

const merges: Readonly<Record<string, Merge>> = {
  "affa": affa({ channels: 8 }),
  "backConv": backConv(),
};

const blocks: Readonly<Record<string, Block>> = {
  "convNorm 3x7x7, strides (1, 2, 2)": convNorm({
    filters: 4,
    kernel: [3, 7, 7],
    strides: [1, 2, 2],
  }),
  "convNorm 1x1x7": convNorm({ filters: 4, kernel: [1, 1, 7], rectify: false }),
  "basicUnit": basicUnit({ inputChannels: 8, outputChannels: 8, stride: 1 }),
  "basicUnit, stride 2": basicUnit({ inputChannels: 8, outputChannels: 16, stride: 2 }),
  "bottleneckUnit, stride 2": bottleneckUnit({ inputChannels: 8, outputChannels: 16, stride: 2 }),
  "attention": attention(),
  "rc1": rc1({ channels: 8 }),
  "rc1, residual": rc1({ channels: 8, residual: true }),
  "rc2": rc2({ channels: 8 }),
  "rc2, stacked 5": rc2({ channels: 8, stacked: 5 }),
  "rc3": rc3({ channels: 8 }),
  "channelAttention": channelAttention({ channels: 8 }),
  "head": head({ classes: 3, hidden: 5, drop: 0 }),
};

/** Registers one test a block, on the backend that is open. */
export function testBlocksAgainstPyTorch(): void {
  for (const [name, record] of Object.entries(golden.blocks)) {
    Deno.test(`${name} agrees with PyTorch, forth and back`, () => {
      const merge = merges[name];
      const part = merge ?? asMerge(blocks[name] as Block);
      tf.tidy(() => compareWithPyTorch(part, record, { forth: 1e-4, back: 1e-3 }));
    });
  }
}

/** A block with its input in a list. */
export function asMerge(block: Block): Merge {
  return {
    init: (rng, [shape]) => block.init(rng, shape as readonly number[]),
    apply: (params, state, [x], mode) => block.apply(params, state, x as tf.Tensor, mode),
  };
}

/**
 * Compares the output, the gradients by the inputs and those by all parameters, of a training batch, with
 * the record. Tolerances are shares of the largest value of the array, and of its norm.
 */
export function compareWithPyTorch(
  part: Merge,
  record: GoldenRecord,
  { forth, back }: { readonly forth: number; readonly back: number },
): void {
  const draw = lcg(record.seed);
  const inputs = record.inputs.map((shape) => upload(draw(shape)));
  const blank = part.init(rng(1), record.inputs.map((shape) => shape.slice(1)));
  const names = flatten(blank.params).map(([name]) => name);
  assert.deepEqual([record.inputs[0]?.[0], ...blank.outputShape], record.outputShape);
  assert.deepEqual(
    Object.fromEntries(flatten(blank.params).map(([name, { shape }]) => [name, shape])),
    Object.fromEntries(Object.entries(record.params).map(([name, { shape }]) => [name, shape])),
  );
  const drawn = Object.fromEntries(
    Object.entries(record.params).map(([name, { shape, scale, offset }]) => {
      const { data } = draw(shape);
      return [name, upload({ shape, data: data.map((value) => value * scale + offset) })];
    }),
  );
  const weights = upload(draw(record.outputShape));
  const state = mapTree(blank.state, upload);
  let output = weights;
  const score = (...values: tf.Tensor[]): tf.Scalar => {
    const params = unflatten(blank.params, values.slice(inputs.length));
    const mode = { training: true, rng: rng(1) };
    const [y] = part.apply(params, state, values.slice(0, inputs.length), mode);
    output = tf.keep(y.clone());
    // A back-convolution's second input counts by its shape alone, and tfjs wants a way to each.
    const nothing = tf.mul(0, tf.sum(values[inputs.length - 1] as tf.Tensor));
    return tf.add(tf.sum(tf.mul(y, weights)), nothing);
  };
  const leaves = names.map((name) => drawn[name] as tf.Tensor);
  const found = tf.grads(score)([...inputs, ...leaves]);
  compare(output, record.output, { what: "output", tolerance: forth });
  output.dispose();
  record.inputGradients.forEach((expected, i) =>
    compare(found[i] as tf.Tensor, expected, { what: `gradient of input ${i}`, tolerance: back })
  );
  names.forEach((name, i) => {
    const expected = record.params[name] as Sampled;
    const gradient = found[inputs.length + i] as tf.Tensor;
    compare(gradient, expected, { what: `gradient of ${name}`, tolerance: back });
  });
}

function compare(
  found: tf.Tensor,
  { step, norm, values: text }: Sampled,
  { what, tolerance }: { readonly what: string; readonly tolerance: number },
): void {
  const values = text.split(" ").map(Number);
  const all = found.dataSync();
  const length = tf.norm(found).dataSync()[0] as number;
  const worst = Math.max(...values.map((value, i) => Math.abs(value - (all[i * step] as number))));
  // Where PyTorch's values are all close to 0, so must ours be: the norm's share alone decides.
  const scale = Math.max(...values.map(Math.abs), norm / Math.sqrt(all.length));
  assert.ok(worst <= tolerance * scale, `${what}: off by ${worst} where values reach ${scale}`);
  assert.ok(Math.abs(length - norm) <= tolerance * norm, `${what}: norm ${length}, not ${norm}`);
}

function upload({ data, shape }: Volume): tf.Tensor {
  return tf.tensor(data, [...shape]);
}
