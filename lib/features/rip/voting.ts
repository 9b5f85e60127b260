/**
 * One-vs-one support vector machines, each on the groups of features that tell its two classes apart.
 *
 * @module
 */
import { chooseByFolds } from "lib/protocol/selection.ts";
import type { Fold, SplitItem } from "lib/protocol/splits.ts";
import { trainSvm } from "../svm.ts";
import type { GroupTable } from "./groups.ts";
import { bestGroups, groupScores } from "./laplacian.ts";

/**
 * `linear`, or `chi-square`: exp(−γ Σ χ²) with 1/γ the mean distance of the training clips.
 *
 * DEVIATION: which of the two the article has is not known. With few clips, χ² distances of sparse histograms
 * are all about equal, and machines then prefer the larger class.
 */
export type GroupKernel = "chi-square" | "linear";

/** What {@linkcode voteByPairs} needs. */
export interface PairVoting {
  readonly table: GroupTable;
  readonly kernel: GroupKernel;
  /** The training samples, in the table's order. */
  readonly train: readonly SplitItem[];
  /** How many samples are to be classified. */
  readonly testCount: number;
  readonly classCount: number;
  /** Inner folds of the training samples. */
  readonly folds: readonly Fold[];
  /** Values of C to try. */
  readonly costs: readonly number[];
  /** Shares of groups to try. */
  readonly shares: readonly number[];
  /** A factor on C for each class. */
  readonly classWeights?: readonly number[];
}

interface Candidate {
  readonly C: number;
  readonly share: number;
}

/** The classes that were trained on, ascending, and every two of them. */
interface Pairs {
  readonly classes: readonly number[];
  readonly pairs: readonly Pair[];
}

/** Two classes and their training clips. */
interface Pair {
  readonly first: number;
  readonly second: number;
  readonly members: readonly number[];
  readonly labels: readonly number[];
  readonly scores: Float64Array;
}

/**
 * Chooses C and the share of groups, both the same for all pairs, by macro F1 on the inner folds, where groups are selected anew without
 * the clips that are predicted; then trains on all training samples, and scores the others. Of equals the
 * smallest C is taken, then the share that stands first.
 *
 * @returns scores as `SvmModel.scores` has them: votes, and within a third of a vote the sum of decision
 * values; −1 for a class that was not trained on
 */
export async function voteByPairs(task: PairVoting): Promise<number[][]> {
  const { train, testCount, folds, costs, shares } = task;
  const candidates = costs.toSorted((a, b) => a - b)
    .flatMap((C) => shares.map((share): Candidate => ({ C, share })));
  const inner = new Map(folds.map((fold) => [fold, pairsOf(task, fold.train)]));
  const { candidate } = await chooseByFolds({
    candidates,
    items: train,
    folds,
    predict: async (candidate, fold) => {
      const votes = await vote(task, { ...inner.get(fold)!, held: fold.test, candidate });
      return votes.map((row) => row.indexOf(Math.max(...row)));
    },
  });
  const held = Array.from({ length: testCount }, (_, i) => train.length + i);
  return await vote(task, { ...pairsOf(task, [...train.keys()]), held, candidate });
}

function pairsOf({ train, table }: PairVoting, some: readonly number[]): Pairs {
  const classes = [...new Set(some.map((i) => train[i]!.label))].sort((a, b) => a - b);
  const pairs = classes.flatMap((first, k) =>
    classes.slice(k + 1).map((second): Pair => {
      const members = some.filter((i) => [first, second].includes(train[i]!.label));
      const labels = members.map((i) => train[i]!.label);
      return { first, second, members, labels, scores: groupScores(table, { members, labels }) };
    })
  );
  return { classes, pairs };
}

interface Ballot extends Pairs {
  readonly held: readonly number[];
  readonly candidate: Candidate;
}

async function vote(
  task: PairVoting,
  { classes, pairs, held, candidate }: Ballot,
): Promise<number[][]> {
  const votes = held.map(() => new Array<number>(task.classCount).fill(0));
  const confidence = held.map(() => new Array<number>(task.classCount).fill(0));
  for (const pair of pairs) {
    const { first, second } = pair;
    (await decide(task, { pair, held, candidate })).forEach((value, i) => {
      votes[i]![value > 0 ? first : second]!++;
      confidence[i]![first]! += value;
      confidence[i]![second]! -= value;
    });
  }
  const trained = new Set(classes);
  return votes.map((row, i) =>
    row.map((count, c) => {
      const sum = confidence[i]![c]!;
      return trained.has(c) ? count + sum / (3 * (Math.abs(sum) + 1)) : -1;
    })
  );
}

interface Question {
  readonly pair: Pair;
  readonly held: readonly number[];
  readonly candidate: Candidate;
}

/** Decision values for the pair's first class. */
async function decide(
  task: PairVoting,
  { pair: { members, labels, scores }, held, candidate: { C, share } }: Question,
): Promise<number[]> {
  const { classWeights } = task;
  const kernels = kernelsOf(task, { groups: bestGroups(scores, share), members, held });
  const machine = await trainSvm(kernels.train, labels, {
    kernel: { kind: "precomputed" },
    C,
    ...(classWeights && { classWeights }),
  });
  return machine.decide(kernels.held).map(([value = 0]) => value);
}

interface Part {
  readonly groups: readonly number[];
  readonly members: readonly number[];
  readonly held: readonly number[];
}

/** Kernel values over some groups: among the members, and of the held-out ones against them. */
function kernelsOf(
  { table, kernel }: PairVoting,
  { groups, members, held }: Part,
): { readonly train: Float64Array[]; readonly held: Float64Array[] } {
  const values = kernel === "linear" ? table.products! : table.distances;
  const sums = (rows: readonly number[]) =>
    rows.map((row) =>
      Float64Array.from(members, (column) => {
        let sum = 0;
        for (const group of groups) sum += values[row]![column * table.groups + group]!;
        return sum;
      })
    );
  const [train, others] = [sums(members), sums(held)];
  if (kernel === "linear") return { train, held: others };
  // The distance of a clip to itself is 0 and does not count.
  const total = train.reduce((sum, row) => sum + row.reduce((a, b) => a + b), 0);
  const mean = total / Math.max(1, members.length * (members.length - 1));
  const gamma = mean > 0 ? 1 / mean : 1;
  const similar = (row: Float64Array) => row.map((distance) => Math.exp(-gamma * distance));
  return { train: train.map(similar), held: others.map(similar) };
}
