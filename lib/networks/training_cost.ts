/**
 * What training a network costs, calculated without running it.
 *
 * @module
 */
import type { Block, Shape } from "lib/blocks/block.ts";
import { cost } from "lib/blocks/cost.ts";
import type { Wired } from "lib/blocks/graph.ts";

/** FLOPs of a multiply-add: the convention of this module. */
export const flopsPerMultiplyAdd = 2;

/** How much a step forth and back costs of a step forth: gradients by inputs and by weights come to it. */
export const forthAndBack = 3;

/** What is trained how often. */
export interface TrainingPlan {
  readonly network: Block & Wired;
  /** Of one clip, without the batch. */
  readonly inputShape: Shape;
  readonly clips: number;
  /** As many as clips when one clip is left out at a time, as subjects when one subject is. */
  readonly folds: number;
  readonly epochs: number;
  /** Clips a step. */
  readonly batchSize: number;
  /** How many times each training clip is there, with its augmented copies; default 1. */
  readonly copies?: number;
  /**
   * Inner folds of each fold's training clips on which a head is chosen, for each of which the network
   * is trained on the others; default 0, otherwise at least 2.
   */
  readonly innerFolds?: number;
}

/** FLOPs of convolutions and fully connected layers, two for each multiply-add. */
export interface TrainingCost {
  /** One clip, forth. */
  readonly forward: number;
  /** One full batch, forth and back. */
  readonly step: number;
  /** One pass over the training clips of a fold. */
  readonly epoch: number;
  /** A fold with all its epochs and its inner folds. */
  readonly fold: number;
  /** All folds. */
  readonly protocol: number;
  readonly folds: number;
}

/**
 * The FLOPs of a training. Every clip is held out in just one fold, so a fold trains on
 * clips × (1 − 1/folds) of them on average, whatever the sizes of the folds: `epoch` and `fold` are such
 * means, `protocol` is exact. An inner fold trains on all but its share, so k of them cost k − 1 trainings
 * more. Predicting held-out clips (one step forth each) and passes that multiply nothing are left out.
 *
 * @throws RangeError when a number is out of range or the network cannot take the shape
 */
export function trainingCost(plan: TrainingPlan): TrainingCost {
  const { network, inputShape, clips, folds, epochs, batchSize, copies = 1, innerFolds = 0 } = plan;
  requireWhole({ clips, folds, epochs, batchSize, copies });
  if (folds < 2 || folds > clips) {
    throw new RangeError(`Cannot hold out ${clips} clips in ${folds} folds`);
  }
  if (innerFolds !== 0 && (!Number.isInteger(innerFolds) || innerFolds < 2)) {
    throw new RangeError(`innerFolds must be 0 or an integer >= 2, got ${innerFolds}`);
  }
  const rows = cost(network, inputShape);
  const forward = flopsPerMultiplyAdd * rows.reduce((sum, row) => sum + row.multiplyAdds, 0);
  const trained = clips * (folds - 1) * copies;
  const trainings = Math.max(1, innerFolds);
  const protocol = trainingFlops(forward, trained * epochs * trainings);
  return {
    forward,
    step: forthAndBack * forward * batchSize,
    epoch: forthAndBack * forward * trained / folds,
    fold: protocol / folds,
    protocol,
    folds,
  };
}

/** FLOPs of so many clips forth and back, given those of one clip forth. */
export function trainingFlops(forward: number, clips: number): number {
  return forthAndBack * forward * clips;
}

/** What computes. */
export interface Machine {
  readonly name: string;
  /** Reached while training, 10⁹ FLOPs a second: measured, or a peak times an assumed share of it. */
  readonly gflops: number;
  /** Where that number is from, in words. */
  readonly basis: string;
  /** How many of it work at once, each on whole folds; default 1. */
  readonly nodes?: number;
}

/**
 * Hours that all folds take. Folds are independent, so n nodes take as long as the one with the most
 * folds, ceil(folds / n) of mean size.
 *
 * @throws RangeError when the speed or the number of nodes is not above 0
 */
export function trainingHours(
  { fold, folds }: Pick<TrainingCost, "fold" | "folds">,
  { gflops, nodes = 1 }: Pick<Machine, "gflops" | "nodes">,
): number {
  requireWhole({ nodes });
  if (!(gflops > 0)) throw new RangeError(`gflops must be above 0, got ${gflops}`);
  return Math.ceil(folds / nodes) * fold / (gflops * 1e9) / 3600;
}

function requireWhole(numbers: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(numbers)) {
    if (!Number.isInteger(value) || value < 1) {
      throw new RangeError(`${name} must be an integer >= 1, got ${value}`);
    }
  }
}

/** A data set as the paper uses it. */
export interface PaperSet {
  readonly name: string;
  readonly clips: number;
  readonly subjects: number;
  readonly classes: number;
}

/** The paper's three data sets with its classes (section 4.1). */
export const paperSets: readonly PaperSet[] = [
  { name: "SMIC", clips: 164, subjects: 16, classes: 3 },
  { name: "SAMM", clips: 159, subjects: 29, classes: 4 },
  { name: "CASME II", clips: 246, subjects: 26, classes: 4 },
];

/** A training on one of the paper's data sets. */
export interface PaperCost {
  readonly set: PaperSet;
  /** What is left out at a time. */
  readonly holdOut: "clip" | "subject";
  readonly copies: number;
  readonly cost: TrainingCost;
}

/**
 * What the paper's experiment costs: for each data set, leaving a clip out as the paper does and leaving a
 * subject out, with each training clip once and `copies` times.
 *
 * @param build the network for so many classes
 * @throws RangeError as {@linkcode trainingCost}
 */
export function paperCosts(
  build: (classes: number) => Block & Wired,
  { copies, ...plan }:
    & Pick<TrainingPlan, "inputShape" | "epochs" | "batchSize" | "innerFolds">
    & { readonly copies: readonly number[] },
): PaperCost[] {
  return paperSets.flatMap((set) => {
    const network = build(set.classes);
    return (["clip", "subject"] as const).flatMap((holdOut) => {
      const { clips } = set;
      const folds = holdOut === "clip" ? clips : set.subjects;
      return copies.map((times): PaperCost => ({
        set,
        holdOut,
        copies: times,
        cost: trainingCost({ ...plan, network, clips, folds, copies: times }),
      }));
    });
  });
}
