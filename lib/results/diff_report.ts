/**
 * Differences of result files, for people.
 *
 * @module
 */
import type { Cause } from "./causes.ts";
import type { Flip, ResultDifference } from "./compare.ts";
import type { FileMarks } from "./diff.ts";
import type { FileDifference } from "./diff.ts";
import { plural, probability, range, score, shortDigest, signed } from "./format.ts";
import type { Block } from "./report.ts";
import { scoreTitles } from "./scores.ts";

/** How many clips and causes are listed one by one; JSON output lists all. */
const listed = 30;

/** A report of differences: one line when there is none, else a section a file. */
export function diffReport(differences: readonly FileDifference[]): Block[] {
  const changed = differences.filter(({ status }) => status !== "same");
  const same = differences.length - changed.length;
  if (changed.length === 0) {
    return [{ text: `no change (${plural(same, "result file")})` }];
  }
  const rest = same > 0 ? [{ text: `no change in ${plural(same, "other file")}` }] : [];
  return [...changed.flatMap(fileBlocks), ...rest];
}

function fileBlocks(entry: FileDifference): Block[] {
  switch (entry.status) {
    case "changed":
      return [{ heading: heading(entry) }, ...changeBlocks(entry.difference)];
    case "added":
    case "removed":
      return [{ heading: heading(entry) }, { text: `${entry.status}; UF1 ${score(entry.uf1)}` }];
    case "unreadable":
      return [{ heading: entry.file }, { text: `unreadable: ${entry.problem}` }];
    case "same":
      return [];
  }
}

function heading({ file, synthetic, optimistic }: FileMarks & { readonly file: string }): string {
  const marks = [...(synthetic ? ["synthetic"] : []), ...(optimistic ? ["optimistic"] : [])];
  return marks.length > 0 ? `${file} (${marks.join(", ")})` : file;
}

function changeBlocks(difference: ResultDifference): Block[] {
  const { scores, test, flips, movedScores, causes } = difference;
  const table: Block = {
    head: ["score", "before", "after", "change", "95 % interval over subjects"],
    rows: scores.map((one) => [
      scoreTitles[one.score],
      score(one.before),
      score(one.after),
      signed(one.change),
      one.interval === null ? "other clips, none" : range(one.interval),
    ]),
  };
  return [
    table,
    ...(test === null ? [] : [{
      text: `McNemar, seed ${test.seed}: ${test.onlyBefore} clips right only before, ` +
        `${test.onlyAfter} only after, p ${test.p < 0.001 ? "" : "= "}${probability(test.p)}`,
    }]),
    ...flipBlocks(flips, movedScores),
    ...causeBlocks(causes),
  ];
}

function flipBlocks(flips: readonly Flip[], movedScores: number): Block[] {
  if (flips.length === 0) {
    const moved = movedScores > 0
      ? `; ${plural(movedScores, "prediction")} scored differently`
      : "";
    return [{ text: `no clip flipped${moved}` }];
  }
  const of = (now: Flip["now"]) => flips.filter((flip) => flip.now === now).length;
  const more = flips.length - listed;
  return [
    {
      text: `${plural(flips.length, "flip")}: ${of("right")} to right, ${of("wrong")} to wrong, ` +
        `${of("still wrong")} from wrong to wrong`,
    },
    {
      head: ["clip", "subject", "seed", "truth", "from", "to", "now"],
      rows: flips.slice(0, listed).map(({ clip, subject, seeds, truth, from, to, now }) => [
        clip,
        subject,
        seeds.join(", "),
        truth,
        from,
        to,
        now,
      ]),
    },
    ...(more > 0 ? [{ text: `and ${more} more (--json lists all)` }] : []),
  ];
}

function causeBlocks(causes: readonly Cause[]): Block[] {
  if (causes.length === 0) return [{ text: "nothing that is recorded changed" }];
  const more = causes.length - listed;
  return [
    { items: causes.slice(0, listed).map(causeLine) },
    ...(more > 0 ? [{ text: `and ${more} more (--json lists all)` }] : []),
  ];
}

function causeLine({ kind, name, before, after }: Cause): string {
  if (kind === "clips") return `clip ${before === null ? "added" : "removed"}: ${name}`;
  const isDigest = kind === "code" || (kind === "data" && name === "digest");
  const show = (value: string | null) => {
    if (value === null) return "(none)";
    return isDigest ? shortDigest(value) : value.length > 80 ? `${value.slice(0, 77)}...` : value;
  };
  return kind === name
    ? `${kind}: ${show(before)} → ${show(after)}`
    : `${kind} ${name}: ${show(before)} → ${show(after)}`;
}
