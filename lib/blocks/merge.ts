/**
 * A block with several inputs.
 *
 * @module
 */
import type { tf } from "lib/train/backend.ts";
import type { Block, Initialised, Mode, Shape, Tensors } from "./block.ts";

/** A differentiable function of several inputs; otherwise as {@linkcode Block}. */
export interface Merge {
  /**
   * Draws the parameters for the inputs' shapes.
   *
   * @throws RangeError when it cannot take these shapes
   */
  init(rng: Parameters<Block["init"]>[0], inputShapes: readonly Shape[]): Initialised;
  /** Applies it to one batch of each input. Returns the output and the next state. */
  apply(
    params: Tensors,
    state: Tensors,
    inputs: readonly tf.Tensor[],
    mode: Mode,
  ): [tf.Tensor, Tensors];
}

/**
 * A merge without parameters and state.
 *
 * @param outputShape the shape that `apply` gives for the inputs' shapes
 * @param apply the function itself
 */
export function statelessMerge(
  outputShape: (inputShapes: readonly Shape[]) => Shape,
  apply: (inputs: readonly tf.Tensor[]) => tf.Tensor,
): Merge {
  return {
    init: (_rng, inputShapes) => ({
      params: {},
      state: {},
      outputShape: outputShape(inputShapes),
    }),
    apply: (_params, state, inputs) => [apply(inputs), state],
  };
}

/**
 * The shape that all inputs have.
 *
 * @param what who asks, for the message
 * @throws RangeError when they differ, or when there are none
 */
export function commonShape(inputShapes: readonly Shape[], what: string): Shape {
  const [first] = inputShapes;
  if (first === undefined) throw new RangeError(`${what} needs an input`);
  const odd = inputShapes.find((shape) => shape.join() !== first.join());
  if (odd) {
    throw new RangeError(
      `${what} needs inputs of one shape, not [${first.join(", ")}] and [${odd.join(", ")}]`,
    );
  }
  return first;
}
