/**
 * Many tasks in a pool: how they stand together, and what is said when some fail.
 *
 * @module
 */
import { UserError } from "lib/core/errors.ts";
import { Dropped, type Pool, type Task } from "./pool.ts";

/** Who is told how tasks go. */
export interface TaskCall {
  /** Called after each change, with the number of ended tasks and the shares of the running ones. */
  readonly onProgress?: (done: number, running: readonly number[]) => void;
  /** Called for each task that is done, with the seconds it took and whether a process was started for it. */
  readonly onDone?: (seconds: number, fresh: boolean) => void;
}

/** Failures that are told in full: a defect of a method would otherwise fill the screen. */
const told = 5;

/**
 * Does every task; returns when all of them are done.
 *
 * @throws UserError when a task fails for a reason the user can mend: nothing else is begun then
 * @throws Dropped when the pool was told to stop
 * @throws Error after the other tasks when tasks failed, with their names and messages
 */
export async function runTasks(
  pool: Pool,
  tasks: readonly Task[],
  { onProgress, onDone }: TaskCall = {},
): Promise<void> {
  const shares = new Map<Task, number>();
  const failures: string[] = [];
  let done = 0;
  let stop: Error | undefined;
  const report = () => onProgress?.(done, [...shares.values()]);
  await Promise.all(tasks.map(async (task) => {
    let fresh = false;
    try {
      const seconds = await pool.run({
        ...task,
        onStart: () => void (fresh = true),
        onShare(share) {
          shares.set(task, share);
          task.onShare?.(share);
          report();
        },
      });
      onDone?.(seconds, fresh);
    } catch (error) {
      if (error instanceof Dropped) stop ??= error;
      else if (error instanceof UserError) stop = error;
      else failures.push((error as Error).message);
    }
    done++;
    shares.delete(task);
    report();
  }));
  if (stop) throw stop;
  if (failures.length > 0) {
    const shown = failures.slice(0, told).join("\n");
    const more = failures.length > told ? `\nand ${failures.length - told} more` : "";
    throw new Error(`${failures.length} of ${tasks.length} jobs failed:\n${shown}${more}`);
  }
}
