/**
 * A small training, for tests of determinism. As a program it prints the digest of the weights.
 *
 * @module
 */
import { batchNorm } from "lib/blocks/batch_norm.ts";
import type { Block } from "lib/blocks/block.ts";
import { conv2d } from "lib/blocks/conv.ts";
import { dense } from "lib/blocks/dense.ts";
import { dropout } from "lib/blocks/dropout.ts";
import { flatten } from "lib/blocks/flatten.ts";
import { maxPool2d } from "lib/blocks/pool.ts";
import { relu } from "lib/blocks/relu.ts";
import { serial } from "lib/blocks/serial.ts";
import { lcg } from "lib/blocks/testdata/lcg.ts";
import { rng } from "lib/core/rng.ts";
import type { Sample } from "lib/data/types.ts";
import { openBackend } from "../backend.ts";
import { fit, type FitOptions, type FitSettings } from "../fit.ts";
import { encodeWeights } from "../weights.ts";

/** Every kind of layer once. */
export function smallNetwork(): Block {
  return serial({
    conv: conv2d({ filters: 4, kernel: 3, padding: 1 }),
    relu: relu(),
    norm: batchNorm(),
    pool: maxPool2d({ window: 2 }),
    drop: dropout(0.5),
    flatten: flatten(),
    scores: dense({ units: 2 }),
  });
}

/** So many clips of noise, with alternating labels. */
export function noise(count: number): Sample[] {
  const draw = lcg(9);
  return Array.from({ length: count }, (_, i) => ({
    clip: `clip ${i}`,
    subject: `subject ${i % 3}`,
    database: "noise",
    input: draw([6, 6, 2]),
    label: i % 2,
  }));
}

/** Seven clips in batches of three: some batches begin in one epoch and end in the next. */
export function smallFit(changes: Partial<FitSettings> = {}): FitOptions {
  return {
    block: smallNetwork(),
    train: noise(7),
    classes: 2,
    settings: {
      epochs: 3,
      batchSize: 3,
      learningRate: 0.01,
      weightDecay: 0.001,
      optimiser: "adam",
      classWeights: "none",
      ...changes,
    },
    rng: rng(1),
  };
}

/** The bytes of the trained weights. */
export async function trainedBytes(changes: Partial<FitSettings> = {}): Promise<Uint8Array> {
  const trainer = await fit(smallFit(changes));
  try {
    const { params, state } = trainer.weights();
    return encodeWeights({ params, state });
  } finally {
    trainer.dispose();
  }
}

if (import.meta.main) {
  await openBackend();
  const digest = await crypto.subtle.digest("SHA-256", await trainedBytes() as BufferSource);
  console.log(new Uint8Array(digest).toHex());
}
