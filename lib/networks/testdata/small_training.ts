/**
 * Training steps of the small network, for tests on each backend.
 *
 * @module
 */
import type { Block, Tensors } from "lib/blocks/block.ts";
import { lcg } from "lib/blocks/testdata/lcg.ts";
import { flatten, mapTree, unflatten } from "lib/blocks/tree.ts";
import { rng } from "lib/core/rng.ts";
import type { Volume } from "lib/core/volume.ts";
import { tf } from "lib/train/backend.ts";

/** Samples of noise with labels in turn. */
export interface Batch {
  readonly x: tf.Tensor;
  readonly labels: tf.Tensor1D;
}

/** A batch of noise, so many samples of this shape in three classes. */
export function noise(count: number, shape: readonly number[]): Batch {
  const { data } = lcg(4)([count, ...shape]);
  const labels = Array.from({ length: count }, (_, i) => i % 3);
  return { x: tf.tensor(data, [count, ...shape]), labels: tf.tensor1d(labels, "int32") };
}

/** What moves the parameters; the optimisers of the trainer fit, and tests bring one. */
export interface Mover {
  /** The parameters as they are now. */
  read(): tf.Tensor[];
  update(gradients: readonly tf.Tensor[]): void;
  dispose(): void;
}

/** A network in training on the mean of its heads' cross-entropies. */
export interface SmallTraining {
  /** One step; returns the loss before it. */
  step(batch: Batch): number;
  /** The gradients by name. */
  gradients(batch: Batch): Record<string, Float32Array>;
  /** Class scores of each head. */
  scores(x: tf.Tensor, training: boolean): tf.Tensor;
  dispose(): void;
}

/** Starts a training from fresh parameters. */
export function startTraining(
  block: Block,
  shape: readonly number[],
  open: (initial: readonly Volume[]) => Mover,
): SmallTraining {
  const initial = block.init(rng(1), shape);
  const upload = ({ data, shape }: Volume): tf.Tensor => tf.keep(tf.tensor(data, [...shape]));
  const named = flatten(initial.params);
  const mover = open(named.map(([, values]) => values));
  let state: Tensors = mapTree(initial.state, upload);
  const mode = { training: true, rng: rng(2) };

  const differentiate = ({ x, labels }: Batch) => {
    let next = state;
    const loss = (...params: tf.Tensor[]): tf.Scalar => {
      const [scores, after] = block.apply(unflatten(initial.params, params), state, x, mode);
      next = after;
      const [, heads, classes] = scores.shape as [number, number, number];
      const wanted = tf.tile(tf.expandDims(tf.oneHot(labels, classes), 1), [1, heads, 1]);
      const each = tf.neg(tf.sum(tf.mul(tf.logSoftmax(scores), wanted), 2));
      return tf.mean(each);
    };
    const found = tf.valueAndGrads(loss)(mover.read());
    tf.dispose(flatten(state).map(([, tensor]) => tensor));
    state = next;
    return found;
  };

  return {
    step: (batch) =>
      tf.tidy(() => {
        const { value, grads } = differentiate(batch);
        mover.update(grads);
        return value.dataSync()[0] as number;
      }),
    gradients: (batch) =>
      tf.tidy(() => {
        const { grads } = differentiate(batch);
        return Object.fromEntries(
          named.map(([name], i) => [name, (grads[i] as tf.Tensor).dataSync<"float32">().slice()]),
        );
      }),
    scores: (x, training) =>
      tf.tidy(() => {
        const params = unflatten(initial.params, mover.read());
        const [scores, next] = block.apply(params, state, x, { ...mode, training });
        if (training) tf.dispose(flatten(next).map(([, tensor]) => tensor));
        return scores;
      }),
    dispose() {
      mover.dispose();
      tf.dispose(flatten(state).map(([, tensor]) => tensor));
    },
  };
}
