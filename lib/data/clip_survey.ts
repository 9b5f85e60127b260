/**
 * Opens a set of clips: finds frames and sheet, brings them together, and lists everything that is
 * wrong, missing or corrected.
 *
 * @module
 */
import { join, resolve } from "@std/path";
import { DataError } from "lib/core/errors.ts";
import { exists } from "lib/core/files.ts";
import { sha256 } from "lib/core/json.ts";
import type { Clip, ClipSet, LabelScheme } from "./clip.ts";
import { clipOverFiles } from "./clip_files.ts";
import { findClipFiles, type FoundFiles } from "./clip_find.ts";
import type { Annotated, ClipLayout } from "./clip_layout.ts";
import { type ClipRules, type Parts, type Sorted, sortOut, type Usable } from "./clip_sorting.ts";
import { countEmotions, describeDifferences, type Expected } from "./expected.ts";
import { type FactOptions, type FrameFact, frameFacts } from "./frame_facts.ts";
import { labelSchemes } from "./labels.ts";
import { readSheet } from "./sheet.ts";

/** An opened data set, with what keeps it from being used. */
export interface ClipSurvey {
  /** Without the clips that have problems. */
  readonly set: ClipSet;
  readonly problems: readonly DataError[];
  /** Expressions of the sheet by emotion, with frames or without. */
  readonly emotions: Readonly<Record<string, number>>;
  readonly expected: Expected;
}

/** A data set in three numbers. */
export interface ClipGlance {
  readonly clips: number;
  readonly subjects: number;
  readonly classes: readonly string[];
}

/** A file that says of an official layout that its clips were generated. */
export const syntheticMark = "SYNTHETIC.txt";

/** How a data set is opened. */
export interface SurveyOptions extends FactOptions {
  readonly labels: LabelScheme;
}

/** Sheet and folders brought together, before any frame is read. */
interface Opened {
  readonly parts: Parts;
  readonly found: FoundFiles;
  readonly read: Annotated;
  readonly sorted: Sorted;
}

async function open(
  folder: string,
  layout: ClipLayout,
  rules: ClipRules,
  labels: LabelScheme,
): Promise<Opened> {
  const found = await findClipFiles(folder, layout);
  const sheetFile = join(folder, found.sheet);
  const rows = found.sheet === "" ? [] : await readSheet(folder, found.sheet, layout.sheet.columns);
  const sheet = found.sheet === "" ? "" : sheetFile;
  const read = layout.annotate({ rows, folders: found.folders, sheet });
  const parts = { folder, layout, rules, scheme: labelSchemes[layout.set][labels], sheetFile };
  return { parts, found, read, sorted: sortOut(read.annotations, parts) };
}

/**
 * Counts the clips of a data set without reading a frame.
 *
 * @throws DataError when it cannot be opened at all
 */
export async function glanceAtClips(
  path: string,
  layout: ClipLayout,
  rules: ClipRules,
  labels: LabelScheme,
): Promise<ClipGlance> {
  const { parts, sorted: { usable } } = await open(resolve(path), layout, rules, labels);
  return {
    clips: usable.length,
    subjects: new Set(usable.map(({ annotation }) => annotation.subject)).size,
    classes: parts.scheme.classes,
  };
}

/**
 * Opens a data set and lists what is wrong with it.
 *
 * @throws DataError when it cannot be opened at all: no frames, no sheet, a sheet without a column
 */
export async function surveyClips(
  path: string,
  layout: ClipLayout,
  rules: ClipRules,
  options: SurveyOptions,
): Promise<ClipSurvey> {
  const folder = resolve(path);
  const { parts, found, read, sorted } = await open(folder, layout, rules, options.labels);
  const { classes } = parts.scheme;
  const { clips, problems } = await makeClips(sorted.usable, parts, options);
  const marked = !rules.synthetic && await exists(join(folder, syntheticMark));
  const notes = [
    ...(marked ? [`These are generated clips: '${syntheticMark}' lies beside them.`] : []),
    ...describeDifferences(rules.expected, read.annotations, found.folders),
    ...found.notes,
    ...read.notes,
    ...sorted.usable.flatMap(({ frames }) => frames.notes),
    ...apexNotes(sorted.usable, layout),
  ];
  return {
    set: {
      name: rules.name,
      synthetic: rules.synthetic || marked,
      folder,
      classes,
      clips,
      leftOut: sorted.leftOut.sort((a, b) => (a.clip < b.clip ? -1 : 1)),
      notes,
      digest: setDigest(clips, classes),
    },
    problems: [...read.problems, ...sorted.problems, ...problems],
    emotions: countEmotions(read.annotations.map(({ emotion }) => emotion)),
    expected: rules.expected,
  };
}

/** Clips without an apex, where the sheet has a column for it. */
function apexNotes(usable: readonly Usable[], { sheet: { columns } }: ClipLayout): string[] {
  if (columns.apex === undefined) return [];
  const without = usable.filter(({ annotation }) => annotation.apex === undefined);
  return without.map(({ clip }) => `${clip}: the sheet has no apex.`);
}

function setDigest(clips: readonly Clip[], classes: readonly string[]): string {
  const lines = clips.map(({ clip, label, digest }) => `${digest} ${classes[label]} ${clip}\n`);
  return sha256(lines.join(""));
}

/** Reads the facts of all frames and makes the clips whose frames are sound. */
async function makeClips(
  usable: readonly Usable[],
  { folder, layout }: Parts,
  options: FactOptions,
): Promise<{ clips: Clip[]; problems: DataError[] }> {
  const names = usable.map(({ frames }) => frames.frames.map(({ path }) => path));
  const facts = await frameFacts(folder, [...new Set(names.flat())], options);
  const [clips, problems]: [Clip[], DataError[]] = [[], []];
  usable.forEach(({ annotation, clip, label, frames: { onset, apex, offset } }, i) => {
    const found = names[i]!.map((name) => facts.get(name)!);
    const bad = found.find((fact) => fact instanceof DataError);
    try {
      if (bad !== undefined) throw bad;
      clips.push(clipOverFiles({
        folder,
        facts: found.filter((fact): fact is FrameFact => !(fact instanceof DataError)),
        clip,
        subject: `${layout.set}/${annotation.subject}`,
        database: layout.set,
        emotion: annotation.emotion,
        label,
        fps: layout.fps,
        frameNames: names[i]!,
        onset,
        offset,
        ...(apex === undefined ? {} : { apex }),
      }));
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
      problems.push(error);
    }
  });
  return { clips, problems };
}

/**
 * The set, if nothing is wrong with it.
 *
 * @throws DataError the first problem, with the number of the others
 */
export function soundSet({ set, problems }: ClipSurvey): ClipSet {
  const [first, ...others] = problems;
  if (first === undefined) return set;
  if (others.length === 0) throw first;
  const { fix, ...place } = first.place;
  throw new DataError(first.what, {
    ...place,
    fix: `${fix === undefined ? "" : `${fix}. `}There are ${others.length} more: ` +
      `deno task data inspect ${set.name} lists them`,
  });
}
