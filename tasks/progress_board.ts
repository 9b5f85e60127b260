/**
 * The progress of notebooks on the terminal: a line for each that runs and one for all, which update
 * themselves; or plain lines where standard error is not a terminal (a log file, CI).
 *
 * @module
 */
import cliProgress from "cli-progress";
import { type ProgressState, timeLeft } from "lib/notebook/progress.ts";

/** Shows what happens in notebooks while they run. */
export interface ProgressBoard {
  /**
   * Opens a line.
   *
   * @param name what is shown, such as `table1/bi-woof on synthetic-smic`
   * @param notebook whether it is one of the notebooks that are counted
   */
  start(name: string, notebook?: boolean): ProgressLine;
  /** A notebook need not run. */
  skip(name: string): void;
  /** Prints a line above those of the notebooks. */
  say(text: string): void;
  /** Takes the lines away. */
  end(): void;
}

/** The line of one notebook, or of what has to be done before any. */
export interface ProgressLine {
  /** Shows how far it is. */
  show(state: ProgressState): void;
  /** It has finished; prints a summary. */
  done(): void;
  /** It has failed. */
  failed(): void;
}

/** What is to be shown. */
export interface BoardOptions {
  /** How many notebooks there are to run. */
  readonly total: number;
  /** About how long everything that is left takes; null while that is not known. */
  readonly secondsLeft: () => number | null;
}

/** Wide enough for the longest row on the longest data set, so that bars stand below each other. */
const width = 42;

/** Opens the board. */
export function progressBoard(options: BoardOptions): ProgressBoard {
  return Deno.stderr.isTerminal() ? terminalBoard(options) : plainBoard(options);
}

function describe(state: ProgressState): string {
  const cached = state.cached > 0 ? ` (${state.cached} from cache)` : "";
  const known = state.secondsLeft !== null && state.done < state.total;
  const left = known ? `, ${timeLeft(state.secondsLeft!)}` : "";
  return `${state.done}/${state.total} ${state.unit ?? "folds"}${cached}${left}`;
}

function seconds(since: number): string {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}

function summaryOf(name: string, started: number, last: ProgressState | undefined): string {
  const done = `${name} done in ${seconds(started)}`;
  if (last === undefined) return done;
  const note = last.note === undefined ? "" : `, ${last.note}`;
  return `${done}, ${last.total} ${last.unit ?? "folds"}, ${last.cached} from cache${note}`;
}

/** Counts notebooks, and says how long the rest takes. */
function overall(
  { total, secondsLeft }: BoardOptions,
): { finish(): void; readonly done: number; text(): string } {
  let done = 0;
  return {
    finish: () => void done++,
    get done() {
      return done;
    },
    text() {
      const seconds = secondsLeft();
      const left = seconds === null || done === total ? "" : `, ${timeLeft(seconds)}`;
      return `${done}/${total} notebooks${left}`;
    },
  };
}

function terminalBoard(options: BoardOptions): ProgressBoard {
  const bars = new cliProgress.MultiBar({
    // A lane without a notebook has an empty line.
    format: (options, { progress }, { name, text }) =>
      name === ""
        ? ""
        : `${name.padEnd(width)} ${cliProgress.Format.BarFormat(progress, options)} ${text}`,
    clearOnComplete: true,
    hideCursor: true,
    linewrap: false,
    barsize: 24,
    // The library would otherwise stop the process on Ctrl-C before our own handler has run.
    gracefulExit: false,
  }, cliProgress.Presets.shades_classic);
  const all = overall(options);
  const free: cliProgress.SingleBar[] = [];
  const lane = () => bars.create(1, 0, { name: "", text: "" });
  const total = options.total > 1
    ? bars.create(options.total, 0, { name: "all", text: all.text() })
    : undefined;
  // The rest of the line may hold a bar.
  const print = (line: string) => bars.log(`${line}\x1b[K\n`);
  return {
    start(name, notebook = true) {
      const started = performance.now();
      const bar = free.pop() ?? lane();
      bar.update(0, { name, text: "starting" });
      let last: ProgressState | undefined;
      const leave = () => {
        free.push(bar);
        bar.update(0, { name: "", text: "" });
      };
      return {
        show(state) {
          last = state;
          bar.setTotal(Math.max(1, last.total));
          bar.update(last.done, { text: describe(last) });
          total?.update(all.done, { text: all.text() });
        },
        done() {
          leave();
          if (notebook) all.finish();
          total?.update(all.done, { text: all.text() });
          print(summaryOf(name.padEnd(width), started, last));
        },
        failed: leave,
      };
    },
    skip: (name) => print(`${name.padEnd(width)} unchanged`),
    say: print,
    end() {
      // Stopping alone would lose what was said last.
      bars.update();
      bars.stop();
    },
  };
}

function plainBoard(options: BoardOptions): ProgressBoard {
  const all = overall(options);
  return {
    start(name, notebook = true) {
      const started = performance.now();
      let last: ProgressState | undefined;
      let printed = started;
      console.error(`${name}: starting`);
      return {
        show(state) {
          last = state;
          // A line every ten seconds is enough for a log.
          if (performance.now() - printed < 10_000) return;
          printed = performance.now();
          console.error(`${name}: ${describe(last)}; all: ${all.text()}`);
        },
        done() {
          if (notebook) all.finish();
          console.error(summaryOf(`${name}:`, started, last));
          if (notebook && options.total > 1) console.error(all.text());
        },
        failed: () => console.error(`${name}: failed after ${seconds(started)}`),
      };
    },
    skip: (name) => console.error(`${name}: unchanged`),
    say: (text) => console.error(text),
    end() {},
  };
}
