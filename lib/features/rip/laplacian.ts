/**
 * Which groups of features tell two classes apart.
 *
 * @module
 */
import type { GroupTable } from "./groups.ts";

/**
 * The Laplacian score of each feature of some items (X. He, D. Cai, P. Niyogi, "Laplacian score for feature
 * selection", NIPS 2005) in its supervised form: two items are neighbours where they are of one category,
 * with the weight 1 / (its size). The score is then the sum of squares within the categories divided by the
 * total one: 0 is best, 1 worst. A feature that is constant gets 1.
 *
 * DEVIATION: the article names the Laplacian method without its graph being known here. In this form it has
 * nothing to choose: neither how many neighbours, nor how their weight falls with distance.
 *
 * @param items `[item][feature]`, one after the other
 * @param categories of each item
 */
export function laplacianScores(items: Float64Array, categories: readonly number[]): Float64Array {
  const features = items.length / categories.length;
  const everything = [...categories.keys()];
  const [within, total] = [new Float64Array(features), new Float64Array(features)];
  for (const category of new Set(categories)) {
    addScatter(items, everything.filter((i) => categories[i] === category), within);
  }
  addScatter(items, everything, total);
  // What is left of equal numbers is rounding.
  return total.map((sum, k) => sum > 1e-24 ? within[k]! / sum : 1);
}

/** Adds the sum of squares about the mean of some items, feature by feature. */
function addScatter(items: Float64Array, some: readonly number[], sums: Float64Array): void {
  const features = sums.length;
  const means = new Float64Array(features);
  for (const i of some) {
    for (let k = 0; k < features; k++) means[k]! += items[i * features + k]! / some.length;
  }
  for (const i of some) {
    for (let k = 0; k < features; k++) sums[k]! += (items[i * features + k]! - means[k]!) ** 2;
  }
}

/** The training clips that {@linkcode groupScores} looks at. */
export interface PairMembers {
  /** Numbers of training samples of two classes. */
  readonly members: readonly number[];
  /** The class of each of them. */
  readonly labels: readonly number[];
}

/**
 * The Laplacian score of each group between two classes: items are pairs of their training clips, a
 * feature is their χ² distance in a group, and the two categories are pairs of one class and of both.
 *
 * DEVIATION: that dissimilarities of pairs are compared is the article's, that by χ² is not known to be.
 *
 * @param table of the training samples; no other rows are read
 */
export function groupScores(
  { distances, groups }: GroupTable,
  { members, labels }: PairMembers,
): Float64Array {
  const count = members.length * (members.length - 1) / 2;
  const items = new Float64Array(count * groups);
  const categories: number[] = [];
  members.forEach((one, i) => {
    for (let j = 0; j < i; j++) {
      const start = members[j]! * groups;
      items.set(distances[one]!.subarray(start, start + groups), categories.length * groups);
      categories.push(labels[i] === labels[j] ? 0 : 1);
    }
  });
  return laplacianScores(items, categories);
}

/** The groups with the lowest scores, ascending; of equal ones the first. At least one. */
export function bestGroups(scores: Float64Array, share: number): number[] {
  const order = [...scores.keys()].sort((a, b) => scores[a]! - scores[b]! || a - b);
  return order.slice(0, Math.max(1, Math.round(share * scores.length))).sort((a, b) => a - b);
}
