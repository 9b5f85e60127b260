/**
 * Predictions for tests of statistics.
 *
 * @module
 */
import { rng } from "lib/core/rng.ts";
import type { Prediction } from "lib/results/types.ts";

/** The classes of {@linkcode randomPredictions}. */
export const classes: readonly string[] = ["negative", "positive", "surprise"];

/** Predictions that are right with a chance of their own for each subject. */
export function randomPredictions(
  { subjects = 20, clips = 10, seeds = 1, skill = 0.6, spread = 0 } = {},
): Prediction[] {
  return Array.from({ length: seeds * subjects * clips }, (_, i): Prediction => {
    const [seed, who, clip] = [
      1 + Math.floor(i / (subjects * clips)),
      Math.floor(i / clips) % subjects,
      i % clips,
    ];
    const stream = rng(1, "predictions", seed, who, clip);
    const chance = skill + spread * (who % 2 === 0 ? 1 : -1);
    const truth = classes[(who + clip) % 3]!;
    const predicted = stream.next() < chance ? truth : classes[stream.integer(3)]!;
    const subject = `s${who}`;
    const name = `${subject}/${clip}`;
    return {
      seed,
      fold: subject,
      clip: name,
      subject,
      database: "x",
      truth,
      predicted,
      scores: [],
    };
  });
}
