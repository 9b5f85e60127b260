/**
 * What set-up shows while it works.
 *
 * @module
 */

/** How far one step is. */
export interface StepState {
  /** What is being done: "Download tensorflow-cpu 2.21.0". */
  readonly label: string;
  /** Number of the step and of all steps. */
  readonly step: readonly [number, number];
  /** Bytes done and in all; absent for a step without a measure. */
  readonly bytes?: readonly [number, number | undefined];
  /** Seconds since the step began. */
  readonly seconds: number;
}

/** Shows the steps of one set-up. */
export interface Progress {
  /** Begins a step, and ends the one before. */
  step(label: string): void;
  /** Reports bytes done, and in all when it is known. */
  bytes(done: number, total: number | undefined): void;
  /** Prints a line of its own. */
  say(line: string): void;
  /** Ends the last step. */
  end(): void;
}

/** One line: `[1/4] Download tensorflow-cpu 2.21.0: 120 of 274 MB, 44 %, 12 s, about 15 s left`. */
export function formatStep({ label, step: [step, steps], bytes, seconds }: StepState): string {
  const facts: string[] = [];
  if (bytes) {
    const [done, total] = bytes;
    if (total && total > 0) {
      const share = Math.min(1, done / total);
      facts.push(`${megabytes(Math.min(done, total))} of ${megabytes(total)} MB`);
      facts.push(`${Math.floor(share * 100)} %`, `${Math.round(seconds)} s`);
      const left = seconds * (1 / share - 1);
      if (share > 0.02 && share < 1) facts.push(`about ${Math.ceil(left)} s left`);
    } else {
      facts.push(`${megabytes(done)} MB`, `${Math.round(seconds)} s`);
    }
  } else if (seconds >= 1) {
    facts.push(`${Math.round(seconds)} s`);
  }
  return `[${step}/${steps}] ${label}${facts.length > 0 ? `: ${facts.join(", ")}` : ""}`;
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1e6);
}

/** Where progress goes; a terminal by default, or a log. */
export interface ProgressTarget {
  /** Whether one line can be written over and over. */
  readonly terminal: boolean;
  /** Columns of the terminal. */
  readonly columns: () => number;
  readonly write: (text: string) => void;
}

/**
 * Shows steps on standard error: one line that renews itself on a terminal; elsewhere a line when a
 * step begins and one every ten seconds.
 *
 * @param steps how many there will be
 */
export function openProgress(steps: number, target: ProgressTarget = standardError()): Progress {
  let state: StepState | undefined;
  let began = 0;
  let shown = 0;
  const show = (force: boolean): void => {
    if (!state) return;
    const now = performance.now();
    if (!force && now - shown < (target.terminal ? 200 : 10_000)) return;
    shown = now;
    const line = formatStep({ ...state, seconds: (now - began) / 1000 });
    target.write(target.terminal ? `\r\x1b[K${line.slice(0, target.columns() - 1)}` : `${line}\n`);
  };
  // A step without bytes shows at least that its time passes.
  const clock = target.terminal ? setInterval(() => show(false), 1000) : undefined;
  const finish = (): void => {
    if (!state) return;
    if (target.terminal) {
      show(true);
      target.write("\n");
    }
    state = undefined;
  };
  let count = 0;
  return {
    step(label) {
      finish();
      began = performance.now();
      state = { label, step: [++count, Math.max(count, steps)], seconds: 0 };
      show(true);
    },
    bytes(done, total) {
      if (!state) return;
      state = { ...state, bytes: [done, total] };
      show(false);
    },
    say(line) {
      finish();
      target.write(`${line}\n`);
    },
    end() {
      finish();
      clearInterval(clock);
    },
  };
}

function standardError(): ProgressTarget {
  const encoder = new TextEncoder();
  return {
    terminal: Deno.stderr.isTerminal(),
    columns: () => {
      try {
        return Deno.consoleSize().columns;
      } catch {
        return 80;
      }
    },
    write: (text) => void Deno.stderr.writeSync(encoder.encode(text)),
  };
}
