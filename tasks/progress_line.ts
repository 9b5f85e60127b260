/**
 * The progress of one notebook on the terminal: one line that updates itself, or plain lines where
 * standard error is not a terminal (a log file, CI).
 *
 * @module
 */
import cliProgress from "cli-progress";
import type { NotebookEvent } from "lib/notebook/execute.ts";
import { type ProgressState, timeLeft } from "lib/notebook/progress.ts";

/** Shows what happens in a notebook while it runs. */
export interface ProgressLine {
  readonly onEvent: (event: NotebookEvent) => void;
  /** The notebook has finished; prints its summary. */
  done(): void;
  /** The notebook has failed; leaves the line as it is. */
  failed(): void;
}

/** Wide enough for the longest row on the longest data set, so that bars stand below each other. */
const width = 42;

function describe(state: ProgressState): string {
  const cached = state.cached > 0 ? ` (${state.cached} from cache)` : "";
  const left = state.secondsLeft === null ? "" : `, ${timeLeft(state.secondsLeft)}`;
  return `${state.done}/${state.total} ${state.unit ?? "folds"}${cached}${left}`;
}

/**
 * Opens the progress line of a notebook.
 *
 * @param name what is shown, such as `table1/bi-woof`
 */
export function progressLine(name: string): ProgressLine {
  return Deno.stderr.isTerminal() ? terminalLine(name) : plainLines(name);
}

function seconds(since: number): string {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}

function terminalLine(name: string): ProgressLine {
  const started = performance.now();
  const bar = new cliProgress.SingleBar({
    format: `${name.padEnd(width)} {bar} {text}`,
    clearOnComplete: true,
    hideCursor: true,
    linewrap: false,
    barsize: 24,
    // The library would otherwise stop the process on Ctrl-C before our own handler has run.
    gracefulExit: false,
  }, cliProgress.Presets.shades_classic);
  bar.start(1, 0, { text: "starting" });
  let last: ProgressState | undefined;
  return {
    onEvent(event) {
      if (event.type !== "progress") return;
      last = event.state;
      bar.setTotal(Math.max(1, last.total));
      bar.update(last.done, { text: describe(last) });
    },
    done() {
      bar.stop();
      console.error(`${name.padEnd(width)} done in ${seconds(started)}${suffix(last)}`);
    },
    failed: () => bar.stop(),
  };
}

function plainLines(name: string): ProgressLine {
  const started = performance.now();
  let last: ProgressState | undefined;
  let printed = started;
  console.error(`${name}: starting`);
  return {
    onEvent(event) {
      if (event.type !== "progress") return;
      last = event.state;
      // A line every ten seconds is enough for a log.
      if (performance.now() - printed < 10_000) return;
      printed = performance.now();
      console.error(`${name}: ${describe(last)}`);
    },
    done: () => console.error(`${name}: done in ${seconds(started)}${suffix(last)}`),
    failed: () => console.error(`${name}: failed after ${seconds(started)}`),
  };
}

function suffix(last: ProgressState | undefined): string {
  if (last === undefined) return "";
  const note = last.note === undefined ? "" : `, ${last.note}`;
  return `, ${last.total} ${last.unit ?? "folds"}, ${last.cached} from cache${note}`;
}
