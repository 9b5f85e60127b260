/**
 * The first screen of a report: what reproduces, what does not, how sure that is, and what was changed.
 *
 * @module
 */
import { published } from "experiments/published.ts";
import { mapSets } from "lib/experiment/data.ts";
import { plural, range, score, signed } from "lib/results/format.ts";
import { findPublished } from "lib/results/published.ts";
import type { SummaryRow } from "lib/results/summary.ts";
import { arithmeticOf } from "./audit.ts";
import { inflations } from "./inflation.ts";
import type { Cell, Part } from "./part.ts";
import { comparable, paperSource, relation } from "./rows.ts";
import { paperSets, type Table } from "./tables.ts";

/** The paper's own network. */
const own = "ms-resnet3d";

/** What {@linkcode glance} tells beside the tables. */
export interface GlanceFacts {
  /** How many departures from publications the code names. */
  readonly departures: number;
}

/** The answers to what a reader of the paper asks first, a line each. */
export function glance(tables: readonly Table[], { departures }: GlanceFacts): Part[] {
  const real = tables.filter(({ synthetic }) => !synthetic);
  const maps = real.filter(({ data }) => mapSets.includes(data));
  const drawn = tables.filter(({ synthetic, data }) => synthetic && data in paperSets);
  const rows: Cell[][] = [
    paperTable(real.filter(({ data }) => data in paperSets)),
    ...maps.map(methods),
    ...maps.flatMap(ownNetwork),
    ...habits(tables),
    arithmetic(),
    ...(drawn.length > 0 ? [wayFromFrames(drawn)] : []),
    changed(tables, departures),
  ];
  const head = ["question", "answer", "what it rests on"];
  return [{ kind: "table", caption: "At a glance", head, rows, stacks: true }];
}

/** A question, its answer, and the lines that it rests on. */
function line(question: string, answer: string, ...basis: readonly string[]): Cell[] {
  return [question, { strong: answer, lines: [] }, basis];
}

/** A row's outcome against what was published for it. */
type Outcome = "reproduced" | "higher" | "lower";

function outcomeOf({ scores }: SummaryRow, value: number): Outcome {
  const { low, high } = scores.intervals.uf1;
  return value < low ? "higher" : value > high ? "lower" : "reproduced";
}

/** The paper's own cells, where its clips are at hand. */
function paperTable(tables: readonly Table[]): Cell[] {
  const question = "Does the paper's Table 1 reproduce?";
  const printed = arithmeticOf(paperSource).cells.length;
  const cells = tables.flatMap(({ rows, data }) =>
    rows.filter(({ protocol }) => protocol === "strict").flatMap((row) =>
      findPublished(published, { row: row.row, data: paperSets[data]!, score: "f1" })
        .filter(({ source }) => source.id === paperSource)
        .map(({ value }) => outcomeOf(row, value))
    )
  );
  if (cells.length === 0) {
    return line(
      question,
      `Not tested: 0 of ${printed} cells`,
      "Its clips (SMIC-HS, SAMM, CASME II) are licensed, and no result on them is here.",
      "With your copies: deno task reproduce table1 --data raw",
    );
  }
  const of = (outcome: Outcome) => cells.filter((one) => one === outcome).length;
  return line(
    question,
    `${of("reproduced")} of ${cells.length} tested cells`,
    `The paper's F1 is in our 95 % interval in ${of("reproduced")}; ours is lower in ${
      of("lower")
    }, higher in ${of("higher")}.`,
    "Its protocol leaves out one clip, ours one subject, so a lower value is to be expected.",
  );
}

/** Each method on public real clips against its published number. */
function methods({ data, rows }: Table): Cell[] {
  const strict = rows.filter(({ protocol }) => protocol === "strict");
  const judged = strict.flatMap((row) => {
    const numbers = comparable(row);
    if (numbers.length === 0) return [];
    const found = numbers.map(({ value }) => outcomeOf(row, value));
    const outcome = found.includes("reproduced") ? "reproduced" : found[0]!;
    return [{ row, outcome, values: numbers.map(({ value }) => score(value)).join(", ") }];
  });
  const names = (outcome: Outcome) =>
    judged.filter((one) => one.outcome === outcome)
      .map(({ row, values }) =>
        `${row.title} (${score(row.scores.composite.uf1)}, published ${values})`
      )
      .join("; ");
  const told = ([title, text]: readonly [string, string]) =>
    text === "" ? [] : [`${title}: ${text}`];
  const alone = strict.filter((row) => comparable(row).length === 0).map(({ title }) => title);
  const good = judged.filter(({ outcome }) => outcome === "reproduced").length;
  return line(
    `Do methods reproduce on public real clips (${data})?`,
    judged.length === 0 ? "Nothing to compare" : `${good} of ${judged.length} do`,
    ...[
      ["reproduced, published UF1 in our 95 % interval", names("reproduced")] as const,
      ["not, ours is lower", names("lower")] as const,
      ["not, ours is higher", names("higher")] as const,
      ["nothing published without a choice on held-out labels", alone.join(", ")] as const,
    ].flatMap(told),
    "Subjects left out; numbers chosen on held-out labels are not counted.",
  );
}

/** Where the paper's own network stands, which its paper puts first. */
function ownNetwork({ data, rows }: Table): Cell[][] {
  const strict = rows.filter(({ protocol }) => protocol === "strict")
    .toSorted((a, b) => b.scores.composite.uf1 - a.scores.composite.uf1);
  const place = strict.findIndex(({ row }) => row === own);
  const found = strict[place];
  const [best] = strict;
  if (found === undefined || best === undefined || strict.length < 2) return [];
  const { scores, title, split } = found;
  const apart = strict.filter(({ scores: { intervals } }) =>
    intervals.uf1.low > scores.intervals.uf1.high
  );
  return [line(
    `Is the paper's own network the best, as in its Table 1 (${data})?`,
    place === 0 ? "It has the highest score" : `No: place ${place + 1} of ${strict.length}`,
    `${title} ${score(scores.composite.uf1)} (${
      range(scores.intervals.uf1)
    }); highest: ${best.title} ${score(best.scores.composite.uf1)}. ${
      apart.length === 0
        ? "No method's interval lies wholly above its own."
        : `Wholly above its interval: ${apart.map(({ title }) => title).join(", ")}.`
    }`,
    `In the small demo size${
      split ? `, ${split}` : ""
    }; a ready flow map has no time axis, which this ` +
      "network is about, so one is made of it.",
  )];
}

/** What published habits add: the largest difference of each on each kind of data. */
function habits(tables: readonly Table[]): Cell[][] {
  const found = inflations(tables).filter(({ habits, interval }) =>
    habits.length > 0 && interval !== null
  ).toSorted((a, b) => Number(a.synthetic) - Number(b.synthetic) || b.adds - a.adds);
  if (found.length === 0) return [];
  const clear = found.filter(({ p }) => p !== null && p < 0.05);
  const shown = found.slice(0, 5).map(({ habits, title, data, adds, interval, p, synthetic }) =>
    `${signed(adds)} (${range(interval!)}, p ${relation(p!)}): ${
      habits.join("; ")
    }; ${title}, ${data}${synthetic ? " (synthetic)" : ""}`
  );
  const more = found.length - shown.length;
  return [line(
    "What do published habits add to UF1?",
    `${signed(found[0]!.adds)} on ${
      found[0]!.data
    }; ${clear.length} of ${found.length} measured differences are more than chance`,
    ...shown,
    ...(more > 0 ? [`and ${more} more, see “What a published protocol adds”`] : []),
  )];
}

function arithmetic(): Cell[] {
  const { cells, possible, expected, below } = arithmeticOf(paperSource);
  return line(
    "Can the printed accuracies be counts over the stated clips?",
    `${possible.length} of ${cells.length} can`,
    `Of numbers drawn at random ${
      expected.toFixed(1)
    } could. So they were made in another way, such as ` +
      "means over unequal folds, or of other clips; the digits do not tell in which.",
    `${below.length} lie below the share of the largest class.`,
  );
}

/** Whether anything is learned from the drawn clips. */
function wayFromFrames(tables: readonly Table[]): Cell[] {
  const rows = tables.flatMap(({ rows }) => rows.filter(({ protocol }) => protocol === "strict"));
  const told = rows.filter(({ scores }) => scores.chance.uf1 < 0.05);
  return line(
    "Does the way from frames to scores work?",
    `${told.length} of ${rows.length} scores on drawn clips are above chance`,
    "Synthetic: this says nothing about faces. p below 0.05, subjects left out.",
  );
}

function changed(tables: readonly Table[], departures: number): Cell[] {
  const results = tables.flatMap(({ results }) => results);
  const demo = results.filter(({ metadata }) => metadata.parameters.profile === "demo").length;
  const scratch = new Set(
    tables.flatMap(({ rows }) => rows.filter(({ start }) => start).map(({ title }) => title)),
  );
  return line(
    "What was changed?",
    `${plural(departures, "departure")} from publications, each with its reason`,
    `${demo} of ${results.length} results are in the small demo size.`,
    ...(scratch.size > 0
      ? [`Trained from scratch, their originators' were not: ${[...scratch].join(", ")}.`]
      : []),
  );
}
