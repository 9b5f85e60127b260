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
import { openBatches } from "./batches.ts";
import { type CheckpointPlace, keeper, takeUp } from "./checkpoint.ts";
import type { OptimiserSettings } from "./optimiser_settings.ts";
import type { Loss } from "./objective.ts";
import { type Batch, openTrainer, type Trainer } from "./trainer.ts";

/** How a network is trained. The learning rate is constant and the last epoch counts. */
export interface FitSettings extends OptimiserSettings {
  readonly epochs: number;
  /** Samples a step; all of them where they are fewer. */
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
  /** Called after each step with the share of steps done. */
  readonly onProgress?: (share: number) => void;
  /** Where training that was broken off is taken up, and left from time to time. */
  readonly checkpoint?: CheckpointPlace;
  /** What is made small; the cross-entropy of the outputs when left out. */
  readonly loss?: Loss;
}

/**
 * Trains from scratch, or from where a checkpoint was left. Draws from three streams: `init`, `shuffle`
 * and `dropout`. After each step other work of the process gets its turn.
 *
 * @returns the trained network, for the caller to use and to dispose of
 * @throws RangeError when there are no samples or their shapes differ
 */
export async function fit(options: FitOptions): Promise<Trainer> {
  const { block, train, settings, rng, checkpoint } = options;
  const [first] = train;
  if (first === undefined) throw new RangeError("Cannot train on no samples");
  const initial = block.init(rng.fork("init"), first.input.shape);
  const streams = { shuffle: rng.fork("shuffle"), dropout: rng.fork("dropout") };
  const found = await takeUp(checkpoint, initial.state);
  if (found) {
    streams.shuffle.restore(found.shuffle);
    streams.dropout.restore(found.dropout);
  }
  const saved = found ? { saved: found.trainer } : {};
  const loss = options.loss ? { loss: options.loss } : {};
  const trainer = openTrainer({
    block,
    initial,
    rng: streams.dropout,
    ...settings,
    ...saved,
    ...loss,
  });
  const keep = keeper(checkpoint, { trainer, dropout: streams.dropout });
  const weights = clipWeights(options);
  const size = settings.batchSize;
  const batches = openBatches({ clips: train.length, size }, streams.shuffle, found?.step);
  const stepCount = batches.count(settings.epochs);
  try {
    for (let step = found?.step ?? 0; step < stepCount;) {
      const chosen = batches.next().map((i) => train[i] as Sample);
      tf.tidy(() => void trainer.step(batchOf(chosen, weights)));
      step++;
      options.onProgress?.(step / stepCount);
      await new Promise((resolve) => setTimeout(resolve));
      await keep({ step, shuffle: batches.stand() });
    }
    return trainer;
  } catch (error) {
    trainer.dispose();
    throw error;
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

/** What an error of each class costs, if not the same. */
function clipWeights({ train, classes, settings }: FitOptions): readonly number[] | undefined {
  if (settings.classWeights === "none") return undefined;
  return balancedWeights(train.map(({ label }) => label), classes);
}

function batchOf(samples: readonly Sample[], weights: readonly number[] | undefined): Batch {
  const labels = samples.map(({ label }) => label);
  return {
    x: stackInputs(samples),
    labels: tf.tensor1d(labels, "int32"),
    ...(weights ? { weights: tf.tensor1d(labels.map((label) => weights[label] as number)) } : {}),
  };
}
