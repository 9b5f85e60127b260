/**
 * The measured preprocessing as Markdown.
 *
 * @module
 */
import type { ClipSettings } from "lib/pipeline/settings.ts";
import { markdownTable } from "lib/results/format.ts";

/** What a number of a row means. */
export type Unit = "ms" | "frames/s";

/** Ours beside one other program, on equal input, one thread each. */
export interface Comparison {
  /** What is computed, and on what: `TV-L1, 134×134`. */
  readonly what: string;
  readonly unit: Unit;
  /** Milliseconds; absent when nothing was measured. */
  readonly ours: number;
  /** The other program with its version. */
  readonly beside: string;
  /** Its milliseconds, or why there are none. */
  readonly theirs: number | { readonly missing: string };
  /** How many times as fast we want to be. */
  readonly goal?: number;
  /** How well the two agree, or how accurate both are. */
  readonly note: string;
}

/** A whole clip, from files to network input. */
export interface WholeClip {
  /** Such as `640×480, 70 frames, JPEG`. */
  readonly what: string;
  /** Milliseconds a clip. */
  readonly ms: number;
  /** Milliseconds of each stage, in their order. */
  readonly stages: readonly { readonly stage: string; readonly ms: number }[];
  /** How it was prepared. */
  readonly settings: ClipSettings;
  /** From onset to offset. */
  readonly frames: number;
}

/** The milliseconds that we want a whole clip to take at most. */
export const clipGoal = 1000;

/** What all tables of comparisons have in common. */
export const howMeasured =
  "Ours beside what one would use instead: the same input, one thread each, everybody in turns; " +
  "medians of all rounds. *Times as fast* is their time over ours. A measurement, so a repetition " +
  "differs.";

/** The whole report. */
export function preprocessingReport(
  { comparisons, clips }: {
    readonly comparisons: readonly Comparison[];
    readonly clips: readonly WholeClip[];
  },
  facts: readonly string[],
): string {
  return [
    "# Preprocessing",
    howMeasured,
    facts.join("; "),
    comparisonTable(comparisons),
    "## From files to network input",
    "One clip after the other on one core, warm; the landmark finder is open.",
    ...clips.flatMap((clip) => [clipSentence(clip), stageTable(clip)]),
  ].join("\n\n");
}

/** A row a comparison. */
export function comparisonTable(comparisons: readonly Comparison[]): string {
  const head = ["what", "unit", "ours", "beside", "theirs", "times as fast", "goal", "accuracy"];
  const rows = comparisons.map(({ what, unit, ours, beside, theirs, goal, note }) => {
    const measured = typeof theirs === "number";
    return [
      what,
      unit,
      quantity(ours, unit),
      beside,
      measured ? quantity(theirs, unit) : `not measured: ${theirs.missing}`,
      measured ? times(theirs / ours, goal) : "–",
      goal === undefined ? "–" : `≥ ${goal}`,
      note,
    ];
  });
  return markdownTable(head, rows);
}

function quantity(ms: number, unit: Unit): string {
  if (unit === "frames/s") return (1000 / ms).toFixed(0);
  return ms < 10 ? ms.toFixed(2) : ms.toFixed(1);
}

function times(ratio: number, goal: number | undefined): string {
  const text = ratio < 10 ? ratio.toFixed(2) : ratio.toFixed(1);
  return goal !== undefined && ratio < goal ? `${text} (missed)` : text;
}

function clipSentence({ what, ms }: WholeClip): string {
  const verdict = ms < clipGoal ? "met" : "missed";
  return `${what}: ${(ms / 1000).toFixed(2)} s a clip, ${
    (1000 / ms).toFixed(1)
  } clips a second and ` +
    `core (goal: less than ${clipGoal / 1000} s; ${verdict}).`;
}

function stageTable({ ms, stages }: WholeClip): string {
  const rest = ms - stages.reduce((sum, stage) => sum + stage.ms, 0);
  const rows = [...stages, { stage: "everything else", ms: Math.max(0, rest) }].map((
    { stage, ms: part },
  ) => [stage, part.toFixed(1), `${(100 * part / ms).toFixed(1)} %`]);
  return markdownTable(["stage", "ms", "share"], rows);
}
