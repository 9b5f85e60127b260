/**
 * What a block is: two pure functions, one that draws its parameters and one that applies them.
 *
 * Shapes leave out the batch: `[height, width, channels]` or `[depth, height, width, channels]`.
 *
 * @module
 */
import type { Rng } from "lib/core/rng.ts";
import type { Volume } from "lib/core/volume.ts";
import type { tf } from "lib/train/backend.ts";
import type { Tree } from "./tree.ts";

/** A shape without the batch axis; the last axis is channels. */
export type Shape = readonly number[];

/** Arrays on the backend. */
export type Tensors = Tree<tf.Tensor>;

/** What {@linkcode Block.init} gives, all of it on the host. */
export interface Initialised {
  /** What is learned. */
  readonly params: Tree<Volume>;
  /** What is kept from step to step without being learned: running statistics. */
  readonly state: Tree<Volume>;
  readonly outputShape: Shape;
}

/** How a block is applied. */
export interface Mode {
  /** Whether dropout drops and batch norm uses the batch's own statistics. */
  readonly training: boolean;
  /** Where the random numbers of this step come from; not drawn from when not training. */
  readonly rng: Rng;
}

/** A differentiable function with named parameters. */
export interface Block {
  /**
   * Draws the parameters for an input shape.
   *
   * @throws RangeError when the block cannot take this shape
   */
  init(rng: Rng, inputShape: Shape): Initialised;
  /**
   * Applies the block to a batch. Returns the output and the next state. State tensors that are new
   * are kept (`tf.keep`): whoever stores the state disposes of the old one.
   */
  apply(params: Tensors, state: Tensors, x: tf.Tensor, mode: Mode): [tf.Tensor, Tensors];
}

/**
 * A block without parameters and state.
 *
 * @param outputShape the shape that `apply` gives for an input shape
 * @param apply the function itself
 */
export function stateless(
  outputShape: (inputShape: Shape) => Shape,
  apply: (x: tf.Tensor, mode: Mode) => tf.Tensor,
): Block {
  return {
    init: (_rng, inputShape) => ({ params: {}, state: {}, outputShape: outputShape(inputShape) }),
    apply: (_params, state, x, mode) => [apply(x, mode), state],
  };
}
