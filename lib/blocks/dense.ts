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

/**
 * Multiplies `[in]` by a kernel `[out, in]` and adds a bias.
 *
 * Outputs come first, as in PyTorch: oneDNN's product by a matrix whose rows are 4 KiB apart, as they are
 * for 1024 outputs the other way round, takes twice as long.
 */
export function dense({ units, bias = true, init = "torch" }: DenseOptions): Block {
  return {
    init(rng, inputShape) {
      if (inputShape.length !== 1) {
        throw new RangeError(
          `dense takes [features], not [${inputShape.join(", ")}]: flatten first`,
        );
      }
      const fanIn = inputShape[0] as number;
      const kernel = { shape: [units, fanIn], fanIn, fanOut: units };
      const params = {
        kernel: drawKernel(rng.fork("kernel"), kernel, init),
        ...(bias ? { bias: drawBias(rng.fork("bias"), { channels: units, fanIn }, init) } : {}),
      };
      return { params, state: {}, outputShape: [units] };
    },
    apply(params, state, x, _mode) {
      const kernel = leafOf(params, "kernel") as tf.Tensor2D;
      const y = tf.matMul(x as tf.Tensor2D, kernel, false, true);
      return [bias ? addBias(y, leafOf(params, "bias")) : y, state];
    },
  };
}
