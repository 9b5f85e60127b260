/**
 * Turns of the event loop without waiting, for processes that train.
 *
 * @module
 */
import { setImmediate } from "node:timers";

/**
 * Lets timers for which no delay is given come due at the next turn, after whatever else of the process is
 * ready; they cannot be cleared. Training gives other work its turn after each step by such a timer, and
 * Deno's own has it wait two milliseconds then, a third of what a step of a small network takes.
 *
 * @returns puts the timers back as they were
 */
export function hastenTurns(): () => void {
  const own = globalThis.setTimeout;
  globalThis.setTimeout = ((...given: Parameters<typeof own>) => {
    const [work, delay] = given;
    if (delay !== undefined || typeof work !== "function") return own(...given);
    setImmediate(work);
    return 0;
  }) as typeof own;
  return () => void (globalThis.setTimeout = own);
}
