/**
 * The chapters of a report that ask what printed numbers can mean: arithmetic and measurements.
 *
 * @module
 */
import { knownSets } from "experiments/known_sets.ts";
import { published } from "experiments/published.ts";
import { idleValues } from "lib/experiment/parameters.ts";
import { averages } from "lib/audit/averages.ts";
import { chanceOfMatch } from "lib/audit/granularity.ts";
import { type AuditedCell, auditTable } from "lib/audit/table.ts";
import { compareResults } from "lib/results/compare.ts";
import { rng } from "lib/core/rng.ts";
import { bestOfSeeds, swapTest } from "lib/protocol/statistics.ts";
import { probability, range, score, signed } from "lib/results/format.ts";
import { leaks } from "lib/results/leaks.ts";
import { scoreMetrics } from "lib/results/scores.ts";
import type { Result } from "lib/results/types.ts";
import type { Cell, Part, Section } from "./part.ts";
import type { Table } from "./tables.ts";

/** What comes out of the arithmetic of a printed table. */
export interface Arithmetic {
  readonly cells: readonly AuditedCell[];
  /** Cells that can be a share of the stated clips. */
  readonly possible: readonly AuditedCell[];
  /** How many of numbers drawn at random could be. */
  readonly expected: number;
  /** Cells below the share of the largest class. */
  readonly below: readonly AuditedCell[];
}

/** The arithmetic of a source's Table 1. */
export function arithmeticOf(source = "jin2024"): Arithmetic {
  const cells = auditTable(published, source, knownSets);
  return {
    cells,
    possible: cells.filter(({ sets }) => isPossible(sets[0]!)),
    expected: cells.reduce(
      (sum, { printed, sets }) => sum + chanceOfMatch(printed.digits, sets[0]!.clips),
      0,
    ),
    below: cells.filter(({ printed, majority }) => printed.percent < majority),
  };
}

/** The arithmetic of the paper's Table 1, as a chapter. */
export function auditSection(source = "jin2024"): Section {
  const { cells, possible: stated, expected, below } = arithmeticOf(source);
  const lines = cells.map((cell): Cell[] => {
    const [own, ...others] = cell.sets;
    return [
      cell.method,
      cell.data,
      `${cell.printed.percent.toFixed(cell.printed.digits)} %`,
      `${own!.clips}: ${hitsText(own!)}`,
      others.filter(({ hits }) => hits.length > 0)
        .map((set) => `${set.clips} (${set.name}): ${hitsText(set)}`),
      `${cell.majority.toFixed(1)} %${
        cell.printed.percent < cell.majority ? ", above what is printed" : ""
      }`,
    ];
  });
  return {
    id: "audit",
    title: "Arithmetic of the paper's Table 1",
    parts: [
      {
        kind: "text",
        text:
          "With one clip left out at a time (equation 4.5), an accuracy is a whole number of right " +
          `answers divided by the number of clips. Of ${cells.length} printed accuracies ` +
          `${stated.length} can be such a share of the stated clips at the printed precision; of ` +
          `numbers drawn at random ${
            expected.toFixed(1)
          } would be. That says that the printed numbers ` +
          "were made in another way than counts over the stated clips, such as means over unequal " +
          "folds or over repetitions, or of other clips; not in which.",
      },
      {
        kind: "text",
        text: `${below.length} of them lie below the share of the largest class under the stated ` +
          `choice of classes: ${
            below.map(({ method, data }) => `${method} on ${data}`).join(", ")
          }.`,
      },
      {
        kind: "table",
        caption: "Right answers that would be printed so, by number of clips",
        head: [
          "method",
          "data set",
          "printed",
          "of the stated clips",
          "of other known choices",
          "largest class",
        ],
        rows: lines,
      },
    ],
  };
}

function isPossible({ hits }: AuditedCell["sets"][number]): boolean {
  return hits.some(({ by }) => by === "rounding");
}

function hitsText({ hits }: AuditedCell["sets"][number]): string {
  if (hits.length === 0) return "none";
  return hits.map(({ hits, by }) => by === "rounding" ? `${hits}` : `${hits} if cut off`).join(
    ", ",
  );
}

/** The same predictions under several scores called F1. */
export function averagesSection(tables: readonly Table[]): Section {
  const strict = ({ metadata }: Result) => metadata.protocol === "strict";
  const parts = tables.filter(({ results }) => results.some(strict)).map((table): Part => {
    const lines = table.results.filter(strict).map((result) => ({
      title: result.metadata.experiment.title,
      values: averages(result),
    }));
    const [first] = lines;
    return {
      kind: "table",
      caption: `${table.data}${table.synthetic ? " (synthetic)" : ""}, first seed`,
      head: ["method", ...first!.values.map(({ name }) => name)],
      rows: lines.map(({ title, values }) => [title, ...values.map(({ value }) => score(value))]),
    };
  });
  const [sample] = tables.flatMap(({ results }) => results);
  const meanings = averages(sample!).map(({ name, what }) => `${name}: ${what}`);
  return {
    id: "averages",
    title: "One set of predictions, several numbers called F1",
    parts: [{ kind: "list", items: meanings }, ...parts],
  };
}

/** What published ways of counting are worth, measured on the same clips. */
export function inflationSections(tables: readonly Table[]): Section[] {
  const [protocols, seeds] = [inflations(tables).map(protocolLine), seedLines(tables)];
  const parts: Part[] = [];
  if (protocols.length > 0) {
    parts.push(
      {
        kind: "text",
        text:
          "The same method on the same clips with the same seeds, once under strict and once with a " +
          "published habit. The interval of the difference resamples subjects; p is how probable so " +
          "large a difference is if it did not matter which of the two a subject's predictions come " +
          "from (all predictions of a subject are swapped at random). Where copies of clips are " +
          "counted too, the difference is that on the clips themselves.",
      },
      {
        kind: "table",
        caption: "UF1 under strict and under published protocols",
        head: ["method", "data set", "what is different", "strict", "published protocol", "adds"],
        rows: protocols,
      },
    );
  }
  if (seeds.length > 0) {
    parts.push(
      {
        kind: "text",
        text:
          "Several seeds, of which only the best is told. In each resample of subjects the best " +
          "one is chosen anew; there is nothing to test, since the best cannot be below the mean.",
      },
      {
        kind: "table",
        caption: "UF1 of the best seed and of all seeds",
        head: ["method", "data set", "seeds", "mean of all", "best", "adds"],
        rows: seeds,
      },
    );
  }
  parts.push(...missingHabits(tables));
  return [{ id: "inflation", title: "What a published protocol adds, measured", parts }];
}

/** One result under `paper` against its strict one. */
export interface Inflation {
  readonly title: string;
  readonly data: string;
  readonly synthetic: boolean;
  readonly optimistic: boolean;
  /** The habits that are known as such; empty where only other settings differ. */
  readonly habits: readonly string[];
  /** Every parameter that differs, with its value under `paper`. */
  readonly different: readonly string[];
  readonly strict: number;
  readonly paper: number;
  readonly adds: number;
  /** Null where the two do not have the same clips. */
  readonly interval: { readonly low: number; readonly high: number } | null;
  readonly p: number | null;
}

/** How the known ways to look at held-out clips are called. */
const habitNames: Readonly<Record<string, string>> = {
  split: "one clip left out, not one subject",
  augment: "augmentation before the split",
  epochSelection: "best epoch by held-out labels",
  headSelection: "best head by each held-out label",
  fitOn: "codebooks, scaling and components fitted on all clips",
};

/** Each result under `paper` against its strict one. */
export function inflations(tables: readonly Table[]): Inflation[] {
  return tables.flatMap(({ data, results, synthetic }) =>
    results.filter(({ metadata }) => metadata.protocol === "paper").flatMap((theirs) => {
      const { id, title } = theirs.metadata.experiment;
      const strict = results.find(({ metadata }) =>
        metadata.protocol === "strict" && metadata.experiment.id === id
      );
      return strict === undefined ? [] : [{ title, data, synthetic, ...inflation(strict, theirs) }];
    })
  );
}

function inflation(
  strict: Result,
  theirs: Result,
): Omit<Inflation, "title" | "data" | "synthetic"> {
  const clips = new Set(strict.predictions.map(({ clip }) => clip));
  const predictions = theirs.predictions.filter(({ clip }) => clips.has(clip));
  // Copies of clips have no counterpart under strict.
  const shared = { ...theirs, predictions };
  const uf1 = compareResults(strict, shared).scores.find((one) => one.score === "uf1")!;
  const whole = compareResults(strict, theirs).scores.find((one) => one.score === "uf1")!;
  const { metadata } = theirs;
  return {
    optimistic: metadata.optimistic,
    habits: leaks.filter(({ parameter, value }) => metadata.parameters[parameter] === value)
      .map(({ parameter }) => habitNames[parameter]!),
    different: differentParameters(strict, theirs),
    strict: uf1.before,
    paper: whole.after,
    adds: uf1.change,
    interval: uf1.interval,
    p: uf1.interval === null ? null : swapped(strict, shared),
  };
}

function protocolLine(one: Inflation): Cell[] {
  return [
    one.title,
    one.data + (one.synthetic ? " (synthetic)" : ""),
    { strong: one.habits.join("; "), lines: one.different },
    score(one.strict),
    score(one.paper) + (one.optimistic ? " (optimistic)" : ""),
    {
      strong: signed(one.adds),
      lines: one.interval === null || one.p === null
        ? ["other clips"]
        : [range(one.interval), `p ${relation(one.p)}`],
    },
  ];
}

/** Which habits no result measures, and how to. */
function missingHabits(tables: readonly Table[]): Part[] {
  const measured = new Set(inflations(tables).flatMap(({ habits }) => habits));
  const missing = leaks.filter(({ parameter }) => !measured.has(habitNames[parameter]!));
  if (missing.length === 0) return [];
  const flag = (name: string) => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return [
    { kind: "text", text: "Not measured by a result here, and how it would be:" },
    {
      kind: "list",
      items: missing.map(({ parameter, value }) =>
        `${habitNames[parameter]}: deno task reproduce table1 <row> --protocol paper ` +
        `--${flag(parameter)} ${value}`
      ),
    },
  ];
}

function swapped(strict: Result, theirs: Result): number {
  const pair = { first: theirs.predictions, second: strict.predictions };
  return swapTest(pair, scoreMetrics.uf1, { rng: rng(1, "swap") });
}

function relation(p: number): string {
  const text = probability(p);
  return text.startsWith("<") ? text : `= ${text}`;
}

/** The best seed of each strict result with several. */
function seedLines(tables: readonly Table[]): Cell[][] {
  return tables.flatMap(({ data, results, synthetic }) =>
    results.filter(({ metadata }) => metadata.protocol === "strict").flatMap((result): Cell[][] => {
      const found = bestOfSeeds(result.predictions, scoreMetrics.uf1, { rng: rng(1, "best seed") });
      if (found === undefined) return [];
      const { seeds, mean, best, adds } = found;
      return [[
        result.metadata.experiment.title,
        data + (synthetic ? " (synthetic)" : ""),
        String(seeds),
        score(mean),
        score(best),
        { strong: signed(adds.estimate), lines: [range(adds)] },
      ]];
    })
  );
}

function differentParameters(strict: Result, theirs: Result): string[] {
  const [a, b] = [strict.metadata.parameters, theirs.metadata.parameters];
  return Object.keys(b).filter((name) =>
    name !== "protocol" && (a[name] ?? idleValues[name]) !== b[name]
  )
    .map((name) => `${name}: ${b[name]}`);
}
