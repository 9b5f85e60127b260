/**
 * The chapter of a report that measures what published habits add to a score.
 *
 * @module
 */
import { rng } from "lib/core/rng.ts";
import { idleValues } from "lib/experiment/parameters.ts";
import { swapTest } from "lib/protocol/significance.ts";
import { bestOfSeeds } from "lib/protocol/statistics.ts";
import { compareResults } from "lib/results/compare.ts";
import { range, score, signed } from "lib/results/format.ts";
import { leaks } from "lib/results/leaks.ts";
import { scoreMetrics } from "lib/results/scores.ts";
import type { Result } from "lib/results/types.ts";
import type { Cell, Part, Section } from "./part.ts";
import { relation } from "./rows.ts";
import type { Table } from "./tables.ts";

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
