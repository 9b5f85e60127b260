/**
 * Attention to frames, then to places: gates between 0 and 1 that the features are multiplied by.
 *
 * DEVIATION: the paper (section 3.2) says only that "the temporal and spatial attention mechanism is
 * added after the 1st block". These are the gates of CBAM (Woo et al. 2018, equations 2 and 3), its
 * channel gate laid along time.
 *
 * @module
 */
import { tf } from "lib/train/backend.ts";
import type { Block, Shape } from "./block.ts";
import { conv2d } from "./conv.ts";
import type { Priced } from "./cost.ts";
import { dense } from "./dense.ts";
import { graph, type Wired } from "./graph.ts";
import { maximumOver } from "./maximum.ts";
import { relu } from "./relu.ts";
import { serial } from "./serial.ts";

/** Both gates. */
export interface AttentionOptions {
  /** Frames for each hidden unit of the temporal gate; default 1: of few units all may be dead. */
  readonly reduction?: number;
  /** Side of the spatial gate's kernel, odd; default 7. */
  readonly kernel?: number;
}

/** The temporal gate, then the spatial one; keeps `[frames, height, width, channels]`. */
export function attention({ reduction = 1, kernel = 7 }: AttentionOptions = {}): Block & Wired {
  return graph({ temporal: temporalGate(reduction), spatial: spatialGate(kernel) });
}

/**
 * x times a gate for each frame: sigmoid(MLP(mean) + MLP(maximum)), where mean and maximum are those of
 * a frame over pixels and channels, and the MLP has one hidden layer. Bound to the number of frames
 * that it was initialised with.
 *
 * @param reduction frames for each hidden unit; there is at least one
 */
export function temporalGate(reduction: number): Block & Priced {
  const perceptron = (frames: number): Block =>
    serial({
      hidden: dense({ units: Math.ceil(frames / reduction) }),
      relu: relu(),
      restore: dense({ units: frames }),
    });
  return {
    init: (rng, inputShape) => ({
      ...perceptron(inputShape[0] as number).init(rng, [inputShape[0] as number]),
      outputShape: inputShape,
    }),
    apply(params, state, x, mode) {
      const [batch, frames] = x.shape as [number, number];
      const each = (y: tf.Tensor): tf.Tensor => tf.reshape(y, [batch, frames]);
      const both = tf.concat([each(tf.mean(x, [2, 3, 4])), each(maximumOver(x, [2, 3, 4]))], 0);
      const [scores] = perceptron(frames).apply(params, state, both, mode);
      const gate = tf.sigmoid(tf.sum(tf.reshape(scores, [2, batch, frames]), 0));
      return [tf.mul(x, tf.reshape(gate, [batch, frames, 1, 1, 1])), state];
    },
    price([inputShape]) {
      const [frames] = inputShape as [number];
      const hidden = Math.ceil(frames / reduction);
      return {
        outputShape: inputShape as Shape,
        parameters: 2 * frames * hidden + hidden + frames,
        // Two layers, each for the means and for the maxima.
        multiplyAdds: 4 * frames * hidden,
      };
    },
  };
}

/**
 * x times a gate for each place of each frame: sigmoid(1×k×k convolution of the mean and the maximum
 * over channels).
 *
 * @param kernel k, odd
 */
export function spatialGate(kernel: number): Block {
  const conv = conv2d({ filters: 1, kernel, padding: "same" });
  return {
    init: (rng, inputShape) => ({
      ...conv.init(rng, [...planeOf(inputShape), 2]),
      outputShape: inputShape,
    }),
    apply(params, state, x, mode) {
      const [batch, ...shape] = x.shape as [number, ...number[]];
      const [frames] = shape as [number];
      const pair = tf.concat([tf.mean(x, [4], true), maximumOver(x, [4])], 4);
      const images = tf.reshape(pair, [batch * frames, ...planeOf(shape), 2]);
      const [scores] = conv.apply(params, state, images, mode);
      const gate = tf.reshape(tf.sigmoid(scores), [batch, ...shape.slice(0, 3), 1]);
      return [tf.mul(x, gate), state];
    },
  };
}

function planeOf(shape: Shape): number[] {
  return shape.slice(1, 3);
}
