/**
 * Training steps computed operation by operation, for backends without graphs.
 *
 * @module
 */
import type { Volume } from "lib/core/volume.ts";
import { tf } from "./backend.ts";
import { openComposed } from "./optimiser_composed.ts";
import type { Steps, StepsOptions } from "./steps.ts";

/** Opens training with parameters and state as plain tensors. */
export function openEagerSteps(options: StepsOptions): Steps {
  const { settings, params, differentiate, rng, saved } = options;
  const optimiser = openComposed(settings, params, saved?.optimiser);
  let state = (saved?.state ?? options.state).map(({ data, shape }) => tf.tensor(data, [...shape]));
  state.forEach(tf.keep);
  return {
    step(inputs) {
      const read = optimiser.read();
      const { loss, gradients, next } = differentiate(read, state, inputs, rng);
      tf.dispose(read);
      optimiser.update(gradients);
      tf.dispose([...gradients]);
      state.forEach((tensor, i) => {
        if (tensor !== next[i]) tensor.dispose();
      });
      state = [...next];
      return loss;
    },
    params: () => optimiser.read(),
    state: () => state.map((tensor) => tf.clone(tensor)),
    save: () => ({ optimiser: optimiser.save(), state: state.map(download) }),
    dispose() {
      optimiser.dispose();
      tf.dispose(state);
    },
  };
}

function download(tensor: tf.Tensor): Volume {
  return { data: tensor.dataSync<"float32">().slice(), shape: tensor.shape };
}
