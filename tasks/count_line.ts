/**
 * A count that goes up, on standard error: one line that renews itself on a terminal, and a line every
 * ten seconds elsewhere.
 *
 * @module
 */

/** Shows how many of a number of things are done. */
export interface CountLine {
  readonly show: (done: number, total: number) => void;
  /** Leaves the line, so that others can be printed. */
  end(): void;
}

/** Opens a count; nothing is printed within the first second. */
export function countLine(label: string): CountLine {
  const terminal = Deno.stderr.isTerminal();
  const write = (text: string) => Deno.stderr.writeSync(new TextEncoder().encode(text));
  const began = performance.now();
  let shown = began + (terminal ? 900 : 0);
  let open = false;
  return {
    show(done, total) {
      const now = performance.now();
      if (now - shown < (terminal ? 100 : 10_000)) return;
      shown = now;
      open = terminal;
      const line = `${label}: ${done} of ${total}`;
      write(terminal ? `\r\x1b[K${line}` : `${line}\n`);
    },
    end() {
      if (open) write("\r\x1b[K");
      open = false;
    },
  };
}
