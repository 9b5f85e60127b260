/**
 * Optimiser steps composed of tfjs operations, for backends without TensorFlow's kernels.
 *
 * @module
 */
import type { Volume } from "lib/core/volume.ts";
import { tf } from "./backend.ts";
import {
  constants,
  momentCount,
  type Optimiser,
  type OptimiserSettings,
  type OptimiserState,
} from "./optimiser_settings.ts";

/** A parameter and its moments: two for Adam, one for SGD. */
type Slot = readonly tf.Tensor[];

/** Keeps parameters as plain tensors, replaced at each step. */
export function openComposed(
  settings: OptimiserSettings,
  initial: readonly Volume[],
  saved?: OptimiserState,
): Optimiser {
  const step = settings.optimiser === "adam" ? adam : sgd;
  const count = momentCount[settings.optimiser];
  let steps = saved?.steps ?? 0;
  let slots = initial.map(({ data, shape }, i): Slot =>
    saved === undefined
      ? [tf.tensor(data, [...shape]), ...Array.from({ length: count }, () => tf.zeros([...shape]))]
      : saved.values.slice(i * (count + 1), (i + 1) * (count + 1))
        .map((value) => tf.tensor(value.data, [...shape]))
  );
  return {
    read: () => slots.map(([parameter]) => tf.clone(parameter as tf.Tensor)),
    update(gradients) {
      steps++;
      const next = tf.tidy(() =>
        slots.map((slot, i) => {
          const decay = tf.mul(slot[0] as tf.Tensor, settings.weightDecay);
          return step(slot, tf.add(gradients[i] as tf.Tensor, decay), {
            steps,
            rate: settings.learningRate,
          }).map(tf.keep);
        })
      );
      tf.dispose(slots as tf.Tensor[][]);
      slots = next;
    },
    save: () => ({
      steps,
      values: slots.flat().map((tensor) => ({
        data: tensor.dataSync<"float32">().slice(),
        shape: tensor.shape,
      })),
    }),
    dispose: () => tf.dispose(slots as tf.Tensor[][]),
  };
}

/** How far training is. */
interface Progress {
  readonly steps: number;
  readonly rate: number;
}

function adam(slot: Slot, gradient: tf.Tensor, { steps, rate }: Progress): Slot {
  const { beta1, beta2, epsilon } = constants;
  const [parameter, first, second] = slot as [tf.Tensor, tf.Tensor, tf.Tensor];
  const m = tf.add(tf.mul(first, beta1), tf.mul(gradient, 1 - beta1));
  const v = tf.add(tf.mul(second, beta2), tf.mul(tf.square(gradient), 1 - beta2));
  const root = tf.sqrt(tf.div(v, 1 - beta2 ** steps));
  const change = tf.div(tf.div(m, 1 - beta1 ** steps), tf.add(root, epsilon));
  return [tf.sub(parameter, tf.mul(change, rate)), m, v];
}

function sgd(slot: Slot, gradient: tf.Tensor, { rate }: Progress): Slot {
  const [parameter, velocity] = slot as [tf.Tensor, tf.Tensor];
  const next = tf.add(tf.mul(velocity, constants.momentum), gradient);
  return [tf.sub(parameter, tf.mul(next, rate)), next];
}
