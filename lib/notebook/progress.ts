/**
 * A progress line inside a notebook.
 *
 * @module
 */
import { escapeHtml, inKernel, show } from "./show.ts";

/** How far a piece of work is. */
export interface ProgressState {
  /** What is being done. */
  readonly title: string;
  /** Units finished, those from the cache included. */
  readonly done: number;
  readonly total: number;
  /** What is counted, if not folds. */
  readonly unit?: string;
  /** How many of the finished units came from the cache. */
  readonly cached: number;
  /** Units being worked on now. */
  readonly running: number;
  /** Estimated seconds to the end; null while unknown. */
  readonly secondsLeft: number | null;
  /** Anything worth saying, such as what is running. */
  readonly note?: string;
}

/** A progress line; in Jupyter it changes in place. */
export interface ProgressDisplay {
  /** Shows a newer state. Several a second are fine: at most four are sent. Never rejects. */
  update(state: ProgressState): Promise<void>;
  /** Replaces the line by a final text, which is what an executed notebook keeps. Never rejects. */
  done(summary: string): Promise<void>;
}

/** Settings for {@linkcode progressDisplay}. */
export interface ProgressOptions {
  /** Called with each shown state instead of displaying it; the default outside a kernel. */
  readonly onUpdate?: (state: ProgressState) => void;
  /** Least time between two shown states, in milliseconds. */
  readonly everyMs?: number;
}

/** Media type under which a {@linkcode ProgressState} travels to the program that runs a notebook. */
export const progressType = "application/vnd.fleeting.progress+json";

let displays = 0;

/**
 * Opens a progress line below the current cell. States are shown at most every quarter of a second,
 * the latest one always. Outside a kernel nothing is displayed.
 */
export function progressDisplay(title: string, options: ProgressOptions = {}): ProgressDisplay {
  const { onUpdate, everyMs = 250 } = options;
  const id = `fleeting-progress-${displays++}`;
  let shown = -Infinity, opened = false, finished = false;
  let waiting: ProgressState | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const send = async (bundle: Readonly<Record<string, string | object>>) => {
    if (!inKernel()) return;
    const update = opened;
    opened = true;
    // Progress is a courtesy: work goes on when it cannot be shown.
    await show(bundle, { id, update }).catch(() => {});
  };
  const present = async (state: ProgressState) => {
    shown = performance.now();
    waiting = undefined;
    if (onUpdate) onUpdate(state);
    else await send(progressBundle(state));
  };
  return {
    async update(state) {
      if (finished) return;
      const wait = shown + everyMs - performance.now();
      if (wait <= 0) return await present({ ...state, title: state.title || title });
      waiting = state;
      timer ??= setTimeout(() => {
        timer = undefined;
        if (waiting && !finished) void present(waiting);
      }, wait);
    },
    async done(summary) {
      finished = true;
      clearTimeout(timer);
      await send({ "text/plain": summary, "text/html": `<p>${escapeHtml(summary)}</p>` });
    },
  };
}

function progressBundle(state: ProgressState): Readonly<Record<string, string | object>> {
  const text = progressText(state);
  const style = "vertical-align:middle;width:16em;margin-right:1em";
  const bar = `<progress style="${style}" value="${state.done}" max="${state.total || 1}">` +
    "</progress>";
  return {
    "text/plain": text,
    "text/html": `<div>${bar}${escapeHtml(text)}</div>`,
    [progressType]: state,
  };
}

/** A progress state in words: `Table 1: 12 of 68 (5 cached), 2 running, about 3 min left`. */
export function progressText(state: ProgressState): string {
  const parts = [
    `${state.title}: ${state.done} of ${state.total}` +
    (state.cached > 0 ? ` (${state.cached} cached)` : ""),
    state.running > 0 ? `${state.running} running` : "",
    state.secondsLeft === null || state.done === state.total ? "" : timeLeft(state.secondsLeft),
    state.note ?? "",
  ];
  return parts.filter((part) => part !== "").join(", ");
}

/** An estimated time in words, coarser the longer it is: `about 3 min left`. */
export function timeLeft(seconds: number): string {
  if (seconds < 90) return `about ${Math.max(1, Math.round(seconds))} s left`;
  if (seconds < 90 * 60) return `about ${Math.round(seconds / 60)} min left`;
  return `about ${(seconds / 3600).toFixed(1)} h left`;
}
