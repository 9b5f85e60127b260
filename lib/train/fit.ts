/**
 * Training a network on labelled samples.
 *
 * @module
 */
import type { Block } from "lib/blocks/block.ts";
import type { Rng } from "lib/core/rng.ts";
import type { Sample, UnlabelledSample } from "lib/data/types.ts";
import { balancedWeights } from "lib/protocol/class_weights.ts";
import { tf } from "./backend.ts";
import type { OptimiserSettings } from "./optimiser.ts";
import { type Batch, openTrainer, type Trainer } from "./trainer.ts";

/** How a network is trained. The learning rate is constant and the last epoch counts. */
export interface FitSettings extends OptimiserSettings {
  readonly epochs: number;
  /** Samples a step; the last step of an epoch takes what is left. */
  readonly batchSize: number;
  /** `balanced`: all classes weigh the same in the loss, however many clips they have. */
  readonly classWeights: "none" | "balanced";
}

/** What {@linkcode fit} is given. */
export interface FitOptions {
  readonly block: Block;
  readonly train: readonly Sample[];
  /** How many classes there are. */
  readonly classes: number;
  readonly settings: FitSettings;
  readonly rng: Rng;
  /** Called after each epoch with the share of epochs done. */
  readonly onProgress?: (share: number) => void;
}

/**
 * Trains from scratch. Draws from three streams: `init`, `shuffle` and `dropout`. After each epoch
 * other work of the process gets its turn.
 *
 * @returns the trained network, for the caller to use and to dispose of
 * @throws RangeError when there are no samples or their shapes differ
 */
export async function fit(options: FitOptions): Promise<Trainer> {
  const { block, train, settings, rng } = options;
  const [first] = train;
  if (first === undefined) throw new RangeError("Cannot train on no samples");
  const initial = block.init(rng.fork("init"), first.input.shape);
  const data = uploadSamples(options);
  const trainer = openTrainer({ block, initial, rng: rng.fork("dropout"), ...settings });
  const shuffle = rng.fork("shuffle");
  const indices = train.map((_, i) => i);
  try {
    for (let epoch = 1; epoch <= settings.epochs; epoch++) {
      const order = shuffle.shuffle(indices);
      for (let start = 0; start < order.length; start += settings.batchSize) {
        const chosen = order.slice(start, start + settings.batchSize);
        tf.tidy(() => void trainer.step(pick(data, chosen)));
      }
      options.onProgress?.(epoch / settings.epochs);
      await new Promise((resolve) => setTimeout(resolve));
    }
    return trainer;
  } catch (error) {
    trainer.dispose();
    throw error;
  } finally {
    tf.dispose(Object.values(data));
  }
}

/**
 * The inputs of samples as one tensor `[samples, ...input shape]`.
 *
 * @throws RangeError when shapes differ
 */
export function stackInputs(samples: readonly UnlabelledSample[]): tf.Tensor {
  const shape = samples[0]?.input.shape ?? [];
  const size = samples[0]?.input.data.length ?? 0;
  const all = new Float32Array(samples.length * size);
  samples.forEach(({ clip, input }, i) => {
    if (input.shape.join() !== shape.join()) {
      throw new RangeError(`${clip} is [${input.shape.join(", ")}], not [${shape.join(", ")}]`);
    }
    all.set(input.data, i * size);
  });
  return tf.tensor(all, [samples.length, ...shape]);
}

/** All samples on the backend, once. */
function uploadSamples({ train, classes, settings }: FitOptions): Batch {
  const labels = train.map(({ label }) => label);
  const x = stackInputs(train);
  const data = { x, labels: tf.tensor1d(labels, "int32") };
  if (settings.classWeights === "none") return data;
  const weights = balancedWeights(labels, classes);
  return { ...data, weights: tf.tensor1d(labels.map((label) => weights[label] as number)) };
}

function pick({ x, labels, weights }: Batch, chosen: readonly number[]): Batch {
  const indices = tf.tensor1d([...chosen], "int32");
  return {
    x: tf.gather(x, indices),
    labels: tf.gather(labels, indices),
    ...(weights ? { weights: tf.gather(weights, indices) } : {}),
  };
}
