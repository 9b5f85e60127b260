/**
 * A network in training: one step, and its use as it is.
 *
 * @module
 */
import type { Block, Initialised, Tensors } from "lib/blocks/block.ts";
import { flatten, mapTree, type Tree, unflatten } from "lib/blocks/tree.ts";
import type { Rng } from "lib/core/rng.ts";
import type { Volume } from "lib/core/volume.ts";
import { tf } from "./backend.ts";
import { crossEntropy } from "./losses.ts";
import { openOptimiser, type OptimiserSettings, type OptimiserState } from "./optimiser.ts";

/** Samples of one step. */
export interface Batch {
  /** `[batch, ...input shape]`. */
  readonly x: tf.Tensor;
  /** Class indices, int32 `[batch]`. */
  readonly labels: tf.Tensor;
  /** Of the samples in the loss, `[batch]`. */
  readonly weights?: tf.Tensor;
}

/** A network with its parameters on the backend. */
export interface Trainer {
  /** One step of the optimiser; returns the batch's loss before it, for the caller to dispose of. */
  step(batch: Batch): tf.Scalar;
  /** The gradients of a batch's loss by name, without a step and with the state left as it is. */
  gradients(batch: Batch): Record<string, tf.Tensor>;
  /**
   * Class scores before the softmax, `[batch, classes]` or `[batch, heads, classes]`, with running
   * statistics and no dropout.
   */
  predict(x: tf.Tensor): tf.Tensor;
  /** The parameters and the state as they are now. */
  weights(): Pick<Initialised, "params" | "state">;
  /** All that the next step depends on, but for the stream of dropout. */
  save(): TrainerState;
  dispose(): void;
}

/** A network in training as it stands, on the host. */
export interface TrainerState {
  readonly optimiser: OptimiserState;
  /** Running statistics. */
  readonly state: Initialised["state"];
}

/** What a {@linkcode Trainer} is made of. */
export interface TrainerOptions extends OptimiserSettings {
  readonly block: Block;
  /** What `block.init` gave, or saved weights. */
  readonly initial: Pick<Initialised, "params" | "state">;
  /** Where dropout draws from. */
  readonly rng: Rng;
  /** What {@linkcode Trainer.save} gave, to go on from there. */
  readonly saved?: TrainerState;
}

/** Puts a network on the backend. */
export function openTrainer(options: TrainerOptions): Trainer {
  const { block, initial, rng, saved, ...settings } = options;
  const named = flatten(initial.params);
  const optimiser = openOptimiser(settings, named.map(([, values]) => values), saved?.optimiser);
  let state: Tensors = mapTree(saved?.state ?? initial.state, upload);

  /** Loss, gradients in the order of `named`, and the next state. */
  const differentiate = ({ x, labels, weights }: Batch) => {
    let next: Tensors = state;
    const loss = (...params: tf.Tensor[]): tf.Scalar => {
      const [logits, after] = block.apply(unflatten(initial.params, params), state, x, {
        training: true,
        rng,
      });
      next = after;
      return crossEntropy(logits, labels, weights);
    };
    const params = optimiser.read();
    const { value, grads } = tf.valueAndGrads(loss)(params);
    tf.dispose(params);
    return { loss: value as tf.Scalar, gradients: grads, next };
  };

  return {
    step(batch) {
      const { loss, gradients, next } = differentiate(batch);
      optimiser.update(gradients);
      tf.dispose(gradients);
      replace(next);
      return loss;
    },
    gradients(batch) {
      const { loss, gradients, next } = differentiate(batch);
      loss.dispose();
      for (const [tensor, kept] of pairs(next, state)) if (tensor !== kept) tensor.dispose();
      return Object.fromEntries(named.map(([name], i) => [name, gradients[i] as tf.Tensor]));
    },
    predict(x) {
      return tf.tidy(() => {
        const params = unflatten(initial.params, optimiser.read());
        return block.apply(params, state, x, { training: false, rng })[0];
      });
    },
    weights() {
      const params = optimiser.read();
      const values = params.map(download);
      tf.dispose(params);
      return { params: unflatten(initial.params, values), state: mapTree(state, download) };
    },
    save: () => ({ optimiser: optimiser.save(), state: mapTree(state, download) }),
    dispose() {
      optimiser.dispose();
      for (const [, tensor] of flatten(state)) tensor.dispose();
    },
  };

  function replace(next: Tensors): void {
    for (const [tensor, old] of pairs(next, state)) if (tensor !== old) old.dispose();
    state = next;
  }
}

/** The arrays of two trees of the same structure. */
function pairs<A extends tf.Tensor>(a: Tree<A>, b: Tree<A>): [A, A][] {
  const others = flatten(b);
  return flatten(a).map(([, leaf], i) => [leaf, (others[i] as [string, A])[1]]);
}

function upload({ data, shape }: Volume): tf.Tensor {
  return tf.keep(tf.tensor(data, [...shape]));
}

function download(tensor: tf.Tensor): Volume {
  return { data: tensor.dataSync<"float32">().slice(), shape: tensor.shape };
}
