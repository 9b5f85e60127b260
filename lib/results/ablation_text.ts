/**
 * The ablation as a table of text.
 *
 * @module
 */
import type { Ablation, AblationBar } from "./ablation.ts";
import { markdownTable, plural, range, score as digits } from "./format.ts";
import type { PublishedGain } from "./published.ts";
import { scoreTitles } from "./scores.ts";

/** The ablations as cells of text, with notes. */
export interface AblationText {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly cautions: readonly string[];
  readonly notes: readonly string[];
}

/** The table of gains: each step's score, what it adds to the one before it, and what the paper says. */
export function ablationText(all: readonly Ablation[]): AblationText {
  const title = scoreTitles[all[0]?.score ?? "accuracy"];
  const gains = all.flatMap(({ bars }) => bars.flatMap(({ paper }) => paper));
  return {
    head: [
      "data",
      "protocol",
      "step",
      title,
      "95 % interval",
      "gain, points",
      "95 % interval",
      "paper's gain",
    ],
    rows: all.flatMap((one) => one.bars.map((bar) => barCells(one, bar))),
    cautions: [...new Set(all.flatMap(({ cautions }) => cautions))],
    notes: [
      ...all.map((one) => `${nameOf(one)}: ${sizeOf(one)}.`),
      `Gain: percentage points of ${title} over the step before, with a paired interval by resampling ` +
      "subjects.",
      ...(gains.length > 0
        ? [
          "The paper's gain, in percentage points, is on the real clips of the set, a clip left out at a " +
          `time (${[...new Set(gains.map(({ place }) => place))].join(", ")}); it gives no others.`,
        ]
        : []),
      ...(gains.some(({ selectsOnTestFold }) => selectsOnTestFold)
        ? ["† a step of the published procedure looks at the held-out labels."]
        : []),
    ],
  };
}

function barCells(one: Ablation, { title, optimistic, value, gain, paper }: AblationBar): string[] {
  return [
    one.data + (one.synthetic ? " (synthetic)" : ""),
    one.protocol,
    title + (optimistic ? " (optimistic)" : ""),
    digits(value.estimate),
    range(value),
    gain ? points(gain.estimate) : "–",
    gain?.interval ? `${points(gain.interval.low)} to ${points(gain.interval.high)}` : "–",
    paper.map(paperGain).join(", ") || "–",
  ];
}

/** A data set and the protocol, as titles name them. */
export function nameOf({ data, synthetic, protocol }: Ablation): string {
  return `${data}${synthetic ? " (synthetic)" : ""}, ${protocol} protocol`;
}

/** How many clips, subjects and seeds. */
export function sizeOf({ clips, subjects, seeds }: Ablation): string {
  return [plural(clips, "clip"), plural(subjects, "subject"), plural(seeds, "seed")].join(", ");
}

/** A difference of scores in percentage points, with its sign. */
export function points(share: number): string {
  const text = (100 * share).toFixed(1).replace("-", "−");
  return share > 0 ? `+${text}` : text;
}

/** A gain as the paper prints it, marked where its procedure looks at the held-out labels. */
export function paperGain({ points, approximate, selectsOnTestFold }: PublishedGain): string {
  return `${approximate ? "about " : ""}+${points}${selectsOnTestFold ? "†" : ""}`;
}

/** The table of gains as Markdown: cautions first, then the table and its notes. */
export function ablationMarkdown(all: readonly Ablation[]): string {
  const { head, rows, cautions, notes } = ablationText(all);
  return `${
    [
      ...cautions.map((text) => `> **${text}**`),
      markdownTable(head, rows, { right: false }),
      notes.map((text) => `- ${text}`).join("\n"),
    ].join("\n\n")
  }\n`;
}
