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
import type { Loss } from "./objective.ts";
import type { OptimiserSettings, OptimiserState } from "./optimiser_settings.ts";
import { type Differentiate, openSteps } from "./steps.ts";

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
  /** What is made small; the cross-entropy of the outputs when left out. */
  readonly loss?: Loss;
}

/** Puts a network on the backend. */
export function openTrainer(options: TrainerOptions): Trainer {
  const { block, initial, rng, saved, loss: lossOf = crossEntropy, ...settings } = options;
  const named = flatten(initial.params);
  const volumes = (tree: Tree<Volume>): Volume[] => flatten(tree).map(([, volume]) => volume);
  const arrange = (params: readonly tf.Tensor[], state: readonly tf.Tensor[]) =>
    [unflatten(initial.params, params), unflatten(initial.state, state)] as const;

  const differentiate: Differentiate = (params, state, inputs, rng) => {
    let next: Tensors = {};
    const loss = (...params: tf.Tensor[]): tf.Scalar => {
      const mode = { training: true, rng };
      const [logits, after] = block.apply(...arrange(params, state), inputs.x!, mode);
      next = after;
      return lossOf(logits, inputs.labels!, inputs.weights);
    };
    const { value, grads } = tf.valueAndGrads(loss)([...params]);
    return {
      loss: value as tf.Scalar,
      gradients: grads,
      next: flatten(next).map(([, tensor]) => tensor),
    };
  };
  const steps = openSteps({
    settings,
    params: volumes(initial.params),
    state: volumes(initial.state),
    differentiate,
    rng,
    saved: saved && { optimiser: saved.optimiser, state: volumes(saved.state) },
  });

  return {
    step: (batch) => steps.step({ ...batch }),
    gradients(batch) {
      const [params, state] = [steps.params(), steps.state()];
      const { loss, gradients, next } = differentiate(params, state, { ...batch }, rng);
      next.forEach((tensor, i) => {
        if (tensor !== state[i]) tensor.dispose();
      });
      tf.dispose([loss, ...params, ...state]);
      return Object.fromEntries(named.map(([name], i) => [name, gradients[i] as tf.Tensor]));
    },
    predict(x) {
      return tf.tidy(() => {
        const [params, state] = arrange(steps.params(), steps.state());
        return block.apply(params, state, x, { training: false, rng })[0];
      });
    },
    weights() {
      const [params, state] = arrange(steps.params(), steps.state());
      return { params: mapTree(params, download), state: mapTree(state, download) };
    },
    save() {
      const { optimiser, state } = steps.save();
      return { optimiser, state: unflatten(initial.state, state) };
    },
    dispose: steps.dispose,
  };
}

function download(tensor: tf.Tensor): Volume {
  const data = tensor.dataSync<"float32">().slice();
  tensor.dispose();
  return { data, shape: tensor.shape };
}
