/**
 * What each bench measured as records of the one table.
 *
 * @module
 */
import type { BatchMemory } from "./memory.ts";
import { clipGoal, type Comparison, type WholeClip } from "./preprocessing_table.ts";
import { type BenchRecord, benchRecord } from "./record.ts";
import { best, type Measurement, trainingGoals } from "./training_table.ts";
import { workersGoal, type WorkerTimes } from "./workers.ts";

/** Comparisons as preprocessing and descriptors have them. */
export function recordsOfComparisons(
  part: string,
  comparisons: readonly Comparison[],
): BenchRecord[] {
  return comparisons.map(({ what, unit, ours, beside, theirs, goal, note }) => {
    const amount = (ms: number) => unit === "frames/s" ? 1000 / ms : ms;
    const measured = typeof theirs === "number";
    return benchRecord({
      ...{ part, what, unit, goal, peer: beside },
      ours: amount(ours),
      theirs: measured ? amount(theirs) : undefined,
      accuracy: measured ? note : `not measured: ${theirs.missing}`,
    });
  });
}

/** Whole clips beside the time that we want them to take. */
export function recordsOfClips(part: string, clips: readonly WholeClip[]): BenchRecord[] {
  return clips.map(({ what, ms }) =>
    benchRecord({
      ...{ part, what: `a clip from files to input, ${what}`, unit: "ms", ours: ms },
      ...{ peer: "the time we want", theirs: clipGoal, goal: 1, accuracy: "–" },
    })
  );
}

/** Training steps beside the fastest of PyTorch's variants, by thread and by machine. */
export function recordsOfTraining(
  measurements: readonly Measurement[],
  torch: string,
): BenchRecord[] {
  return measurements.flatMap(({ network, batch, ours, torch: theirs }) =>
    ours.flatMap(({ isa, oneThread, twoWorkers }) => {
      const common = { part: "training", unit: "ms", accuracy: "–" };
      const what = `training step of ${network.split(",")[0]}, ${network} (${batch}), ${isa}`;
      return [
        benchRecord({
          ...{ ...common, what: `${what}, 1 thread`, ours: oneThread, peer: torch },
          theirs: best(theirs, "oneThread"),
          goal: 1 / trainingGoals.oneThread,
        }),
        benchRecord({
          ...{ ...common, what: `${what}, 2 workers`, ours: twoWorkers },
          peer: `${torch} with 2 threads`,
          theirs: best(theirs, "twoThreads"),
          goal: 1 / trainingGoals.machine,
        }),
      ];
    })
  );
}

/** The memory of a training step. */
export function recordsOfMemory(memory: readonly BatchMemory[], torch: string): BenchRecord[] {
  return memory.map(({ batch, ours, torch: theirs }) =>
    benchRecord({
      ...{ part: "memory", what: `training step of ms-resnet3d, a batch of ${batch}`, unit: "MB" },
      ...{ ours: ours.megabytes, theirs: theirs.megabytes, peer: torch, accuracy: "–" },
    })
  );
}

/** Two workers beside one. */
export function recordsOfWorkers({ row, one, two }: WorkerTimes): BenchRecord[] {
  return [benchRecord({
    ...{ part: "workers", what: `folds of ${row}, 2 workers`, unit: "folds/s", ours: two },
    ...{ peer: "1 worker", theirs: one, goal: workersGoal, accuracy: "the same folds" },
  })];
}
