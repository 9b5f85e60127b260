/**
 * Fully connected layer.
 *
 * @module
 */
import { tf } from "lib/train/backend.ts";
import { addBias } from "./bias.ts";
import type { Block } from "./block.ts";
import { drawBias, drawKernel, type Initialiser } from "./initialise.ts";
import { leafOf } from "./tree.ts";

/** A fully connected layer. */
export interface DenseOptions {
  /** Output features. */
  readonly units: number;
  /** Whether there is a bias; default true. */
  readonly bias?: boolean;
  /** Default `torch`. */
  readonly init?: Initialiser;
}

/** Multiplies `[features]` by a kernel `[in, out]` and adds a bias. */
export function dense({ units, bias = true, init = "torch" }: DenseOptions): Block {
  return {
    init(rng, inputShape) {
      if (inputShape.length !== 1) {
        throw new RangeError(`dense takes [features], not [${inputShape.join(", ")}]: flatten first`);
      }
      const shape = [inputShape[0] as number, units];
      const params = {
        kernel: drawKernel(rng.fork("kernel"), shape, init),
        ...(bias ? { bias: drawBias(rng.fork("bias"), shape, init) } : {}),
      };
      return { params, state: {}, outputShape: [units] };
    },
    apply(params, state, x, _mode) {
      const y = tf.matMul(x as tf.Tensor2D, leafOf(params, "kernel") as tf.Tensor2D);
      return [bias ? addBias(y, leafOf(params, "bias")) : y, state];
    },
  };
}
