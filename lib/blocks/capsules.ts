/**
 * Capsules: groups of values whose length says whether something is there, and whose direction how.
 *
 * S. Sabour, N. Frosst, G. E. Hinton, "Dynamic routing between capsules", NIPS 2017.
 *
 * @module
 */
import { sizeOf, volume } from "lib/core/volume.ts";
import { tf } from "lib/train/backend.ts";
import { type Block, stateless } from "./block.ts";
import { leafOf } from "./tree.ts";

/** Below the square root of a squared length, whose gradient has no value at 0. */
const tiny = 1e-12;

/**
 * The values of each place as capsules of so many values, squashed: `[height, width, channels]` to
 * `[height · width · channels / length, length]`.
 *
 * @throws RangeError on init when the channels are no multiple of the length
 */
export function capsulesOf(length: number): Block {
  return stateless(
    (shape) => {
      const channels = shape.at(-1) as number;
      if (channels % length !== 0) {
        throw new RangeError(`${channels} channels cannot be capsules of ${length} values`);
      }
      return [sizeOf(shape) / length, length];
    },
    (x) => squash(tf.reshape(x, [x.shape[0] as number, -1, length])),
  );
}

/**
 * Squashes vectors along the last axis to a length below 1 (equation 1):
 * ‖s‖² / (1 + ‖s‖²) · s / (‖s‖ + 1e-8).
 */
export function squash(s: tf.Tensor): tf.Tensor {
  const squared = tf.sum(tf.square(s), -1, true);
  const length = tf.sqrt(tf.add(squared, tiny));
  return tf.mul(s, tf.div(squared, tf.mul(tf.add(squared, 1), tf.add(length, 1e-8))));
}

/** Routed capsules. */
export interface RoutingOptions {
  /** How many there are. */
  readonly capsules: number;
  /** Values of each. */
  readonly length: number;
  /** Rounds of routing; default 3. */
  readonly rounds?: number;
}

/**
 * Routing by agreement (procedure 1): `[inputs, values]` to `[capsules, length]`. Each input capsule votes
 * for each output capsule by a matrix of its own; votes count the more the better they agree with what
 * came out of the round before. The weights of the votes are taken as given when learning, as in the
 * authors' code of CapsuleNet: the gradient goes through the last round's sum alone.
 */
export function routedCapsules({ capsules, length, rounds = 3 }: RoutingOptions): Block {
  return {
    init(rng, inputShape) {
      const [inputs = 0, values = 0] = inputShape;
      if (inputShape.length !== 2) {
        throw new RangeError(`Capsules are routed from [inputs, values], not [${inputShape}]`);
      }
      const shape = [inputs, values, capsules * length];
      const draws = Float32Array.from({ length: sizeOf(shape) }, () => 0.01 * rng.normal());
      const params = { votes: volume(draws, shape) };
      return { params, state: {}, outputShape: [capsules, length] };
    },
    apply(params, state, x, _mode) {
      const [batch = 0, inputs = 0] = x.shape;
      // A product of matrices for each input capsule, over the batch.
      const product = tf.matMul(tf.transpose(x, [1, 0, 2]), leafOf(params, "votes"));
      const apart = tf.reshape(product, [inputs, batch, capsules, length]);
      const votes = tf.transpose(apart, [1, 2, 0, 3]);
      return [gather(votes, couplings(votes, rounds)), state];
    },
  };
}

/** The squashed sum of votes, `[batch, capsules, inputs, length]`, by weights `[batch, capsules, inputs]`. */
function gather(votes: tf.Tensor, weights: tf.Tensor): tf.Tensor {
  const sums = tf.matMul(tf.expandDims(weights, 2), votes);
  return squash(tf.squeeze(sums, [2]));
}

/** The weights of the last round; without a gradient. */
function couplings(votes: tf.Tensor, rounds: number): tf.Tensor {
  return tf.customGrad((votes) => {
    let agreement: tf.Tensor = tf.zeros((votes as tf.Tensor).shape.slice(0, 3));
    for (let round = 1; round < rounds; round++) {
      const found = gather(votes as tf.Tensor, overCapsules(agreement));
      const told = tf.matMul(votes as tf.Tensor, tf.expandDims(found, 3));
      agreement = tf.add(agreement, tf.squeeze(told, [3]));
    }
    return { value: overCapsules(agreement), gradFunc: () => tf.zerosLike(votes as tf.Tensor) };
  })(votes);
}

/** Softmax over the output capsules: each input divides itself among them. */
function overCapsules(agreement: tf.Tensor): tf.Tensor {
  const last = tf.transpose(agreement, [0, 2, 1]);
  return tf.transpose(tf.softmax(last), [0, 2, 1]);
}

/** The length of each capsule: `[capsules, values]` to `[capsules]`. */
export function capsuleLengths(): Block {
  return stateless(
    ([capsules = 0]) => [capsules],
    (x) => tf.sqrt(tf.add(tf.sum(tf.square(x), -1), tiny)),
  );
}
