/**
 * Training steps: a loss, its gradients, and what an optimiser makes of them.
 *
 * @module
 */
import type { Rng } from "lib/core/rng.ts";
import type { Volume } from "lib/core/volume.ts";
import { hasRawOps, type tf } from "./backend.ts";
import { openCompiledSteps } from "./graph/compiled_steps.ts";
import type { OptimiserSettings, OptimiserState } from "./optimiser_settings.ts";
import { openEagerSteps } from "./steps_eager.ts";

/** What a step learns from, by name. */
export type StepInputs = Readonly<Record<string, tf.Tensor>>;

/** What {@linkcode Differentiate} gives. */
export interface Differentiated {
  readonly loss: tf.Scalar;
  /** In the order of the parameters. */
  readonly gradients: readonly tf.Tensor[];
  /** The next state; what is new in it is kept (`tf.keep`). */
  readonly next: readonly tf.Tensor[];
}

/**
 * A loss with its gradients by parameters. It depends on its arguments only, by shape alone takes the
 * same way through its code, and draws from `rng` only for {@linkcode dropout}.
 */
export type Differentiate = (
  params: readonly tf.Tensor[],
  state: readonly tf.Tensor[],
  inputs: StepInputs,
  rng: Rng,
) => Differentiated;

/** Where training stands, on the host. */
export interface StepsState {
  readonly optimiser: OptimiserState;
  readonly state: readonly Volume[];
}

/** What {@linkcode openSteps} is given. */
export interface StepsOptions {
  readonly settings: OptimiserSettings;
  readonly params: readonly Volume[];
  readonly state: readonly Volume[];
  readonly differentiate: Differentiate;
  readonly rng: Rng;
  /** What {@linkcode Steps.save} gave, to go on from there. */
  readonly saved?: StepsState | undefined;
}

/** Parameters in training. */
export interface Steps {
  /** Makes one step and gives the loss before it, for the caller to dispose of. */
  step(inputs: StepInputs): tf.Scalar;
  /** The parameters as they are now, for the caller to dispose of. */
  params(): tf.Tensor[];
  /** The state as it is now, for the caller to dispose of. */
  state(): tf.Tensor[];
  /** Where training stands; opened with it, the next steps are the same to the bit. */
  save(): StepsState;
  /** Gives the memory back. */
  dispose(): void;
}

/**
 * Opens training: on TensorFlow a step is computed as one graph, elsewhere operation by operation.
 */
export function openSteps(options: StepsOptions): Steps {
  return hasRawOps() ? openCompiledSteps(options) : openEagerSteps(options);
}
