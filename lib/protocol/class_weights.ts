/**
 * What an error costs, by class.
 *
 * @module
 */

/**
 * Weights that give each class the same total: n / (classes there × clips of the class). A class without
 * clips gets 0.
 *
 * @param labels class indices
 * @param classes how many classes there are
 */
export function balancedWeights(labels: readonly number[], classes: number): number[] {
  const counts = Array<number>(classes).fill(0);
  for (const label of labels) counts[label] = (counts[label] ?? 0) + 1;
  const present = counts.filter((count) => count > 0).length;
  return counts.map((count) => count === 0 ? 0 : labels.length / (present * count));
}
