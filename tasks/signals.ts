/**
 * Ctrl-C: once to stop, twice to end.
 *
 * @module
 */
import { exitCode } from "lib/core/errors.ts";

/** `deno task` passes on what the terminal has sent already: one press comes up to three times. */
const onePressMs = 500;

/**
 * Ctrl-C, or the end of the terminal, stops kernels and workers before this process ends. The second time it
 * ends at once: kernels are killed all the same, and workers end with their input.
 */
export function abortOnSignal(): AbortController {
  const abort = new AbortController();
  let first: number | undefined;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    Deno.addSignalListener(signal, () => {
      first ??= performance.now();
      if (performance.now() - first > onePressMs) Deno.exit(exitCode.interrupted);
      abort.abort();
    });
  }
  return abort;
}

/** Waits for something, but no longer than until a signal aborts. */
export async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const stopped = Promise.withResolvers<never>();
  const stop = () => stopped.reject(signal.reason);
  signal.addEventListener("abort", stop);
  try {
    signal.throwIfAborted();
    return await Promise.race([work, stopped.promise]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
