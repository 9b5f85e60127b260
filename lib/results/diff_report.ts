/**
 * Differences of result files, for people.
 *
 * @module
 */
import { basename, dirname } from "@std/path";
import type { Cause } from "./causes.ts";
import type { Flip, ResultDifference } from "./compare.ts";
import type { FileMarks } from "./diff.ts";
import type { FileDifference } from "./diff.ts";
import { plural, probability, range, score, shortDigest, signed } from "./format.ts";
import type { Block } from "./report.ts";
import { scoreTitles } from "./scores.ts";

/** How many clips and causes are listed one by one; JSON output lists all. */
const listed = 30;

/** How many modules of the code are listed one by one. */
const listedModules = 8;

/**
 * A report of differences: one line when there is none; else a line a file and a section a file. Files in
 * which no clip flipped share a section where the same is recorded as changed.
 */
export function diffReport(differences: readonly FileDifference[]): Block[] {
  const changed = differences.filter(({ status }) => status !== "same");
  const same = differences.length - changed.length;
  if (changed.length === 0) {
    return [{ text: `no change (${plural(same, "result file")})` }];
  }
  const quiet = differences.filter(isQuiet);
  const loud = changed.filter((entry) => !isQuiet(entry));
  const groups = Map.groupBy(
    quiet,
    (entry) => JSON.stringify([entry.synthetic, entry.optimistic, entry.difference.causes]),
  );
  const rest = same > 0 ? [{ text: `no change in ${plural(same, "other file")}` }] : [];
  const lines = overview(loud);
  return [
    ...lines,
    // Of what came or went, a line says all.
    ...loud.filter(({ status }) => lines.length === 0 || !/added|removed/.test(status))
      .flatMap(fileBlocks),
    ...[...groups.values()].flatMap(quietBlocks),
    ...rest,
  ];
}

type Changed = Extract<FileDifference, { readonly status: "changed" }>;

/** Whether other bytes say the same: no clip flipped or came or went, so that no score moved. */
function isQuiet(entry: FileDifference): entry is Changed {
  if (entry.status !== "changed") return false;
  const { flips, scores, causes } = entry.difference;
  return flips.length === 0 && scores.every(({ change }) => change === 0) &&
    causes.every(({ kind }) => kind !== "clips" && kind !== "seeds");
}

/** A line a file, where there are several to look at. */
function overview(entries: readonly FileDifference[]): Block[] {
  if (entries.length < 2) return [];
  const gap = ["", "", "", ""];
  const rows = entries.map((entry): string[] => {
    switch (entry.status) {
      case "changed": {
        const { scores, test, flips, causes } = entry.difference;
        const uf1 = scores.find((one) => one.score === "uf1")!;
        return [
          heading(entry),
          `${score(uf1.before)} → ${score(uf1.after)}`,
          signed(uf1.change),
          uf1.interval === null ? "other clips" : range(uf1.interval),
          test === null ? "–" : probability(test.p),
          String(flips.length),
          kindsOf(causes),
        ];
      }
      case "added":
        return [heading(entry), `– → ${score(entry.uf1)}`, ...gap, "added"];
      case "removed":
        return [heading(entry), `${score(entry.uf1)} → –`, ...gap, "removed"];
      default:
        return [entry.file, "–", ...gap, entry.status];
    }
  });
  const head = ["file", "UF1", "change", "95 % interval", "p", "flips", "what is different"];
  return [{ text: `${plural(entries.length, "file")} with other numbers` }, { head, rows }];
}

/** Causes by kind: the name where there is one of a kind, else how many. */
function kindsOf(causes: readonly Cause[]): string {
  const kinds = Map.groupBy(causes, ({ kind }) => kind);
  const texts = [...kinds].map(([kind, own]) => {
    if (own.length > 1) return `${kind} (${own.length})`;
    return kind === own[0]!.name ? kind : `${kind} ${own[0]!.name}`;
  });
  return texts.join(", ") || "nothing recorded";
}

/** Files that say the same with other bytes, for the same reasons. */
function quietBlocks(entries: readonly Changed[]): Block[] {
  const [first] = entries as [Changed];
  const moved = entries.filter(({ difference }) => difference.movedScores > 0);
  const folders = Map.groupBy(entries, ({ file }) => dirname(file));
  const several = entries.length > 1;
  const predictions = moved.reduce((sum, { difference }) => sum + difference.movedScores, 0);
  const note = moved.length === 0
    ? ""
    : `; ${plural(predictions, "prediction")} scored differently${
      several ? ` in ${plural(moved.length, "file")}` : ""
    }`;
  const title = several ? plural(entries.length, "file") : first.file;
  return [
    { heading: heading({ ...first, file: title }) },
    { text: `no clip flipped, no score moved${note}` },
    ...(several
      ? [{
        items: [...folders].map(([folder, own]) =>
          `${folder}: ${own.map(({ file }) => basename(file, ".arrow")).join(", ")}`
        ),
      }]
      : []),
    ...(several ? [{ text: "for all of them:" }] : []),
    ...causeBlocks(first.difference.causes),
  ];
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
  const [code, others] = [
    causes.filter(({ kind }) => kind === "code"),
    causes.filter(({ kind }) => kind !== "code"),
  ];
  const names = code.slice(listedModules).map(({ name }) => name);
  const more = others.length - listed;
  return [
    {
      items: [
        // What was set stands before what was written.
        ...others.slice(0, listed).map(causeLine),
        ...(more > 0 ? [`and ${more} more (--json lists all)`] : []),
        ...code.slice(0, listedModules).map(causeLine),
        ...(names.length > 0 ? [`code, ${names.length} more: ${shortList(names)}`] : []),
      ],
    },
  ];
}

function shortList(names: readonly string[]): string {
  const more = names.length - listed;
  return names.slice(0, listed).join(", ") + (more > 0 ? ` and ${more} (--json lists all)` : "");
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
