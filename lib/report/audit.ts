/**
 * The chapters of a report that ask what printed numbers can mean.
 *
 * @module
 */
import { knownSets } from "experiments/known_sets.ts";
import { published } from "experiments/published.ts";
import { averages } from "lib/audit/averages.ts";
import { chanceOfMatch } from "lib/audit/granularity.ts";
import { type AuditedCell, auditTable } from "lib/audit/table.ts";
import { score } from "lib/results/format.ts";
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
          "folds or over repetitions, or of other clips; in which of them it does not say.",
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
