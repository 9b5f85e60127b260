/**
 * Taking turns: whoever is compared runs once a round, so that a machine that slows down slows down
 * everybody.
 *
 * @module
 */

/** The middle one of some numbers; the upper of two. */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError("No numbers, no median");
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}

/** How {@linkcode takeTurns} runs. */
export interface TurnOptions {
  readonly rounds: number;
  /** What is measured, for the progress lines on standard error. */
  readonly title: string;
}

/**
 * Runs everybody once a round. Each round begins with another one, so that nobody always follows the
 * same neighbour.
 *
 * @param contenders by name, functions that return one time
 * @returns the times by name, in the order of the rounds
 */
export async function takeTurns(
  contenders: Readonly<Record<string, () => Promise<number> | number>>,
  { rounds, title }: TurnOptions,
): Promise<Record<string, number[]>> {
  const names = Object.keys(contenders);
  const times = Object.fromEntries(names.map((name) => [name, [] as number[]]));
  for (let round = 0; round < rounds; round++) {
    console.error(`${title}: round ${round + 1} of ${rounds}`);
    for (let i = 0; i < names.length; i++) {
      const name = names[(round + i) % names.length]!;
      times[name]!.push(await contenders[name]!());
    }
  }
  return times;
}
