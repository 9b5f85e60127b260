/**
 * The table of all benches as Markdown, and what the README shows of it.
 *
 * @module
 */
import { markdownTable } from "lib/results/format.ts";
import type { BenchRecord, BenchTable } from "./record.ts";

/** The whole table, a section a bench. */
export function benchMarkdown(table: BenchTable): string {
  const sections = Object.entries(table).flatMap(([part, { records, facts }]) => [
    `## ${part}`,
    facts.join("; "),
    recordTable(records),
  ]);
  return [
    "# Benches",
    "Ours beside what one would use instead, from all benches; what each was and how it was measured is " +
    "in the file of the bench. *Times as fast* is above 1 where ours is faster, or takes less memory. " +
    "A measurement, so a repetition differs. Made by `deno task bench`; `bench.arrow` has the same numbers.",
    ...sections,
  ].join("\n\n") + "\n";
}

function recordTable(records: readonly BenchRecord[]): string {
  const head = ["what", "unit", "ours", "beside", "theirs", "times as fast", "goal", "accuracy"];
  const rows = records.map(({ what, unit, ours, peer, theirs, ratio, goal, met, accuracy }) => [
    ...[what, unit, digits(ours), peer, digits(theirs)],
    met === "missed" ? `${digits(ratio)} (missed)` : digits(ratio),
    Number.isNaN(goal) ? "–" : `≥ ${digits(goal)}`,
    accuracy,
  ]);
  return markdownTable(head, rows);
}

/** Three digits; a dash where nothing was measured. */
function digits(value: number): string {
  if (Number.isNaN(value)) return "–";
  const text = value >= 100 ? value.toFixed(0) : value.toPrecision(3);
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

/** What is said of equal things on several inputs. */
interface Group {
  readonly what: string;
  readonly peer: string;
  readonly records: readonly BenchRecord[];
}

/** Records of the same thing beside the same peer, whatever the sizes. */
function groups(table: BenchTable): Group[] {
  const records = Object.values(table).flatMap(({ records }) => records);
  const kept = records.filter(({ met }) => met !== "not measured");
  const keyed = Map.groupBy(
    kept,
    ({ what, unit, peer }) =>
      JSON.stringify([`${what.split(",")[0]}${unit === "MB" ? " (memory)" : ""}`, peer]),
  );
  return [...keyed].map(([key, records]) => {
    const [what, peer] = JSON.parse(key);
    return { what, peer, records };
  });
}

/** The lines between which the README has the table. */
export const readmeMarks = { begin: "<!-- bench: begin -->", end: "<!-- bench: end -->" } as const;

/** What stands between the marks: a line for what is compared with whom, and the machine. */
export function readmeTable(table: BenchTable): string {
  const rows = groups(table).map(({ what, peer, records }) => {
    const ratios = records.map(({ ratio }) => ratio);
    const goals = [
      ...new Set(records.map(({ goal }) => goal).filter((goal) => !Number.isNaN(goal))),
    ];
    const judged = records.filter(({ met }) => met === "met" || met === "missed");
    const reached = judged.filter(({ met }) => met === "met");
    return [
      what,
      peer,
      span(ratios),
      goals.length === 0 ? "–" : `≥ ${span(goals)}`,
      judged.length === 0
        ? "–"
        : reached.length === judged.length
        ? "met"
        : `${reached.length} of ${judged.length}`,
    ];
  });
  // The machine is the last fact of each part.
  const machines = [...new Set(Object.values(table).flatMap(({ facts }) => facts.at(-1) ?? []))];
  const head = ["what", "beside", "times as fast", "goal", "goals met"];
  return `${markdownTable(head, rows)}\n\nMeasured on ${machines.join(", and on ")}.`;
}

/**
 * Whether a README shows the table as it is now, however its columns are padded and its lines are broken.
 */
export function showsTable(readme: string, table: BenchTable): boolean {
  const plain = (text: string) =>
    text.replaceAll(/\s+/g, " ").replaceAll(/-{3,}/g, "---").replaceAll(/ (?=\|)|(?<=\|) /g, "");
  return plain(readme).includes(plain(readmeTable(table)));
}

function span(values: readonly number[]): string {
  const [least, most] = [digits(Math.min(...values)), digits(Math.max(...values))];
  return least === most ? least : `${least} to ${most}`;
}

/**
 * The README with the table as it is now.
 *
 * @returns the text unchanged where it has no marks
 */
export function withTable(readme: string, table: BenchTable): string {
  const { begin, end } = readmeMarks;
  const [from, to] = [readme.indexOf(begin), readme.indexOf(end)];
  if (from < 0 || to < from) return readme;
  return `${readme.slice(0, from + begin.length)}\n\n${readmeTable(table)}\n\n${readme.slice(to)}`;
}
