/**
 * Running several notebooks at the same time.
 *
 * @module
 */
import { exitCode } from "lib/core/errors.ts";

/**
 * How many notebooks run at the same time. One worker each keeps all cores busy even while notebooks
 * start and draw, and a process learns a network once; but few notebooks end sooner one after the other,
 * with all workers each. More than four would take much memory.
 */
export function lanesFor(notebooks: number, workers: number): number {
  return notebooks >= 2 * workers ? Math.min(workers, 4) : 1;
}

/** The first of each list, then the second of each, …: [[1, 2], [3]] → [1, 3, 2]. */
export function alternate<T>(lists: readonly (readonly T[])[]): T[] {
  const longest = Math.max(0, ...lists.map(({ length }) => length));
  return Array.from({ length: longest }, (_, i) => lists.flatMap((list) => list.slice(i, i + 1)))
    .flat();
}

/**
 * Runs items in order, some at a time. After one that does not end well no other is begun; those under
 * way are awaited.
 *
 * @param run returns an exit code
 * @returns the first exit code that is not 0, or 0
 * @throws what the first item throws that throws, once all have ended
 */
export async function inLanes<T>(
  lanes: number,
  items: readonly T[],
  run: (item: T) => Promise<number>,
): Promise<number> {
  const waiting = [...items];
  const failures: number[] = [];
  const errors: unknown[] = [];
  const lane = async () => {
    while (failures.length + errors.length === 0) {
      const item = waiting.shift();
      if (item === undefined) return;
      try {
        const code = await run(item);
        if (code !== exitCode.ok) failures.push(code);
      } catch (error) {
        errors.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  if (errors.length > 0) throw errors[0];
  return failures[0] ?? exitCode.ok;
}
