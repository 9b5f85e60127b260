/**
 * What the runner installs in a kernel before the first cell.
 *
 * @module
 */

/** An error that surfaced outside any cell's own run. */
export interface LateError {
  readonly name: string;
  readonly message: string;
  readonly stack: string;
}

/** Media type of the display message that ends a flush. */
export const flushType = "application/vnd.fleeting.flush+json";

/** Code that installs the runner's side of the kernel. */
export function preambleCode(): string {
  return `(${install.toString()})(${JSON.stringify(flushType)}); undefined`;
}

/**
 * Code that sends `marker` over stdout, stderr and as a display message, after `settleMs` in which
 * late errors may surface. The display message carries the late errors seen since the last flush.
 */
export function flushCode(marker: string, settleMs: number): string {
  return `await globalThis[Symbol.for("fleeting.flush")](${JSON.stringify(marker)}, ${settleMs});` +
    "undefined";
}

// Runs in the kernel, as text: it may use nothing from outside its own body.
function install(flushType: string): void {
  const late: unknown[] = [];
  const { log, error: logError } = console;
  const describe = (e: unknown) =>
    e instanceof Error
      ? { name: e.name, message: e.message, stack: e.stack ?? "" }
      : { name: "Error", message: String(e), stack: "" };
  // Without these two an unhandled rejection passes unseen, and a throw in a timer stalls the kernel
  // for 30 seconds and is then forgotten.
  globalThis.addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    late.push(describe(event.reason));
  });
  globalThis.addEventListener("error", (event) => {
    event.preventDefault();
    late.push(describe(event.error ?? event.message));
  });
  const flush = async (marker: string, settleMs: number) => {
    await new Promise((resolve) => setTimeout(resolve, settleMs));
    log(marker);
    logError(marker);
    const data = { [flushType]: { marker, late: late.splice(0) } };
    await Deno.jupyter.broadcast("display_data", { data, metadata: {}, transient: {} });
  };
  Object.defineProperty(globalThis, Symbol.for("fleeting.flush"), { value: flush });
}
