/**
 * What all optimisers share.
 *
 * @module
 */
import type { Volume } from "lib/core/volume.ts";
import type { tf } from "./backend.ts";

/** What an optimiser needs to know. */
export interface OptimiserSettings {
  /**
   * `adam`: Kingma and Ba 2015, algorithm 1, β₁ 0.9, β₂ 0.999, ε 1e-8. `sgd`: with momentum 0.9, not
   * Nesterov's.
   */
  readonly optimiser: "adam" | "sgd";
  readonly learningRate: number;
  /** Times the parameter, added to its gradient (L2, as in `torch.optim.Adam`). */
  readonly weightDecay: number;
}

/** Parameters in training, with the optimiser's memory of them. */
export interface Optimiser {
  /** The parameters as they are now, in the order given; for the caller to dispose of. */
  read(): tf.Tensor[];
  /** Makes one step. Tensors from {@linkcode read} should be gone: else they are copied first. */
  update(gradients: readonly tf.Tensor[]): void;
  /** Where it stands, on the host; opening one with it goes on from there, to the bit. */
  save(): OptimiserState;
  /** Gives the memory back. */
  dispose(): void;
}

/** An optimiser as it stands. */
export interface OptimiserState {
  /** Steps made. */
  readonly steps: number;
  /** The parameters with their moments, in an order of the optimiser's own. */
  readonly values: readonly Volume[];
}

/** Moments of each parameter. */
export const momentCount = { adam: 2, sgd: 1 } as const;

/** β₁, β₂ and ε of Adam, and the momentum of SGD. */
export const constants = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, momentum: 0.9 } as const;
