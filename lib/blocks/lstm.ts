/**
 * Long short-term memory.
 *
 * @module
 */
import type { Rng } from "lib/core/rng.ts";
import { tf } from "lib/train/backend.ts";
import { addBias } from "./bias.ts";
import type { Block, Initialised } from "./block.ts";
import type { Priced } from "./cost.ts";
import { drawBias, drawKernel } from "./initialise.ts";
import { leafOf, subtreeOf } from "./tree.ts";

/**
 * One layer of LSTM over `[steps, features]`, which gives its output after each step, `[steps, units]`
 * (Hochreiter and Schmidhuber 1997, with the forget gate of Gers et al. 2000). It begins with zeros.
 * Kernels `[4 units, in]` of input, forget gate, cell and output lie below each other, and there are two
 * biases, as in PyTorch, whose bounds ±1/√units all are drawn by.
 *
 * @throws RangeError on init for anything but a sequence of features
 */
export function lstm(units: number): Block & Priced {
  return {
    init(rng, inputShape) {
      const [steps, features, ...more] = inputShape;
      if (steps === undefined || features === undefined || more.length > 0) {
        throw new RangeError(`An LSTM takes [steps, features], not [${inputShape.join(", ")}]`);
      }
      const params = {
        input: drawn(rng.fork("input"), units, features),
        recurrent: drawn(rng.fork("recurrent"), units, units),
      };
      return { params, state: {}, outputShape: [steps, units] };
    },
    apply(params, state, x) {
      const [input, recurrent] = ["input", "recurrent"].map((name) => subtreeOf(params, name));
      const [batch, steps, features] = x.shape as [number, number, number];
      const rows = tf.reshape(x, [batch * steps, features]);
      const kernel = leafOf(recurrent!, "kernel") as tf.Tensor2D;
      const bias = tf.add(leafOf(input!, "bias"), leafOf(recurrent!, "bias"));
      const fromInput = addBias(
        tf.matMul(rows as tf.Tensor2D, leafOf(input!, "kernel") as tf.Tensor2D, false, true),
        bias,
      );
      // The gradient of unstacking a single step fails in tfjs.
      const each = steps === 1
        ? [fromInput]
        : tf.unstack(tf.reshape(fromInput, [batch, steps, 4 * units]), 1);
      let hidden: tf.Tensor = tf.zeros([batch, units]);
      let cell: tf.Tensor = hidden;
      const outputs = each.map((gates) => {
        const fromBefore = tf.matMul(hidden as tf.Tensor2D, kernel, false, true);
        [hidden, cell] = step(tf.add(gates, fromBefore), cell);
        return hidden;
      });
      return [tf.stack(outputs, 1), state];
    },
    price([shape = []]) {
      const [steps, features] = shape as [number, number];
      const kernels = 4 * units * (features + units);
      return {
        outputShape: [steps, units],
        parameters: kernels + 8 * units,
        multiplyAdds: steps * kernels,
      };
    },
  };
}

function step(gates: tf.Tensor, cell: tf.Tensor): [hidden: tf.Tensor, cell: tf.Tensor] {
  const [input, forget, fresh, output] = tf.split(gates, 4, 1) as [
    tf.Tensor,
    tf.Tensor,
    tf.Tensor,
    tf.Tensor,
  ];
  const kept = tf.mul(tf.sigmoid(forget), cell);
  const next = tf.add(kept, tf.mul(tf.sigmoid(input), tf.tanh(fresh)));
  return [tf.mul(tf.sigmoid(output), tf.tanh(next)), next];
}

/** All bounds go by the units, whatever there is to sum over. */
function drawn(rng: Rng, units: number, features: number): Initialised["params"] {
  const kernel = { shape: [4 * units, features], fanIn: units, fanOut: 4 * units };
  return {
    kernel: drawKernel(rng.fork("kernel"), kernel, "torch"),
    bias: drawBias(rng.fork("bias"), { channels: 4 * units, fanIn: units }, "torch"),
  };
}
