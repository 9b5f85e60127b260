/**
 * What `deno task data inspect` prints of a set of clips.
 *
 * @module
 */
import { join } from "@std/path";
import { DataError, exitCode } from "lib/core/errors.ts";
import { writeAtomic } from "lib/core/files.ts";
import type { ClipSet } from "lib/data/clip.ts";
import { decodeAll } from "lib/data/clip_decode.ts";
import type { ClipSurvey } from "lib/data/clip_survey.ts";
import { type ClipCall, type ClipSource, surveyClipSet } from "lib/data/mod.ts";
import { countBySubject, expressionLengths } from "lib/data/summary.ts";
import { root } from "lib/experiment/find.ts";
import { contactSheet } from "./contact_sheet.ts";
import { countLine } from "./count_line.ts";
import { table } from "./table.ts";

/** Which clips are inspected, and how closely. */
export interface InspectCall extends ClipCall {
  /** Whether every frame is decoded, which finds damage inside of images. */
  readonly decode: boolean;
}

/** Prints counts, what differs from the published set, and problems; draws a contact sheet. */
export async function inspectClips(source: ClipSource, call: InspectCall): Promise<number> {
  const line = countLine(source.name);
  const survey = await surveyClipSet(source.name, { ...call, onProgress: line.show });
  const damage = call.decode ? await decodeAll(survey.set.clips, line.show) : [];
  line.end();
  const { set } = survey;
  const synthetic = set.synthetic ? " (synthetic)" : "";
  console.log(`${source.title}${synthetic}`);
  console.log(`folder   ${set.folder}`);
  console.log(`licence  ${source.licence}`);
  console.log(`labels   ${call.labels ?? "paper"}: ${set.classes.join(", ")}`);
  const problems = [...survey.problems, ...damage];
  const described = set.clips.length > 0 && await attempt(() => describeFrames(set), problems);
  if (described) console.log(described);
  console.log(`digest   ${set.digest}\n`);
  console.log(`${table(emotionRows(survey))}\n`);
  console.log(table(subjectRows(set)));
  printList("left out", set.leftOut.map(({ clip, reason }) => `${clip}: ${reason}`));
  printList("notes", set.notes);
  const picture = set.clips.length > 0 && await attempt(() => contactSheet(set), problems);
  printList("problems", [...new Set(problems.map(({ message }) => message))]);
  if (picture) {
    const file = join(root, ".cache", "inspect", `${source.name}.png`);
    await writeAtomic(file, picture);
    console.log(`\ncontact sheet  ${file}`);
  }
  return problems.length === 0 ? exitCode.ok : exitCode.usage;
}

/** A damaged image is one more problem, and no reason not to list the others. */
async function attempt<T>(make: () => Promise<T>, problems: DataError[]): Promise<T | undefined> {
  try {
    return await make();
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    problems.push(error);
    return undefined;
  }
}

async function describeFrames(set: ClipSet): Promise<string> {
  const rates = [...new Set(set.clips.map(({ fps }) => fps))].join(", ");
  const firsts = await Promise.all(set.clips.map((clip) => clip.frame(clip.onset)));
  const sizes = [...new Set(firsts.map(({ width, height }) => `${width}×${height}`))].sort();
  const kinds = [...new Set(firsts.map(({ channels }) => (channels === 1 ? "grey" : "colour")))];
  const { min, median, max } = expressionLengths(set);
  return `frames   ${sizes.slice(0, 5).join(", ")}${sizes.length > 5 ? ", …" : ""}, ` +
    `${kinds.sort().join(" and ")}, ${rates} a second\n` +
    `lengths  ${min} to ${max} frames from onset to offset, median ${median}`;
}

function emotionRows({ emotions, expected }: ClipSurvey): string[][] {
  const names = [...new Set([...Object.keys(emotions), ...Object.keys(expected.emotions)])].sort();
  const sum = (counts: Readonly<Record<string, number>>) =>
    Object.values(counts).reduce((a, b) => a + b, 0);
  return [
    ["emotion", "in the sheet", "expected"],
    ...names.map((name) => [
      name,
      ...[emotions[name] ?? 0, expected.emotions[name] ?? 0].map(String),
    ]),
    ["all", ...[sum(emotions), expected.clips].map(String)],
  ];
}

function subjectRows(set: ClipSet): string[][] {
  return [
    ["subject", "clips", ...set.classes],
    ...countBySubject(set).map(({ subject, clips, byClass }) => [
      subject,
      ...[clips, ...byClass].map(String),
    ]),
  ];
}

function printList(title: string, lines: readonly string[]): void {
  if (lines.length === 0) return;
  console.log(`\n${title} (${lines.length})`);
  for (const line of lines) console.log(`  ${line}`);
}
