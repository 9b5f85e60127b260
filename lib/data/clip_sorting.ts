/**
 * Which annotations become clips, which are left out, and which are wrong.
 *
 * @module
 */
import { join } from "@std/path";
import { DataError, didYouMean } from "lib/core/errors.ts";
import { type ClipFrames, clipFrames } from "./clip_frames.ts";
import type { Annotation, ClipLayout } from "./clip_layout.ts";
import type { Correction, KnownGap } from "./corrections.ts";
import type { Expected } from "./expected.ts";
import { emotionKey, emotions, type Labels } from "./labels.ts";

/** What is known of a data set beside its layout. */
export interface ClipRules {
  readonly name: string;
  readonly synthetic: boolean;
  readonly expected: Expected;
  /** Known faults of the published set; a generated one has none. */
  readonly corrections: readonly Correction[];
  readonly gaps: readonly KnownGap[];
  /** Whether the clips that a scheme names are left out; a generated set has other clips. */
  readonly exclusions: boolean;
}

/** What is needed to judge annotations. */
export interface Parts {
  readonly folder: string;
  readonly layout: ClipLayout;
  readonly rules: ClipRules;
  readonly scheme: Labels;
  readonly sheetFile: string;
}

/** An annotation with a class and its frames. */
export interface Usable {
  readonly annotation: Annotation;
  readonly clip: string;
  readonly label: number;
  readonly frames: ClipFrames;
}

/** Annotations by what becomes of them. */
export interface Sorted {
  readonly usable: Usable[];
  readonly leftOut: { clip: string; reason: string }[];
  readonly problems: DataError[];
}

/** Separates what can be used from what is left out and what is wrong. */
export function sortOut(annotations: readonly Annotation[], parts: Parts): Sorted {
  const sorted: Sorted = { usable: [], leftOut: [], problems: [] };
  const seen = new Map<string, Annotation>();
  for (const annotation of annotations) {
    const clip = `${parts.layout.set}/${annotation.subject}/${annotation.name}`;
    try {
      refuseTwin(clip, annotation, seen, parts);
      const verdict = judge(clip, annotation, parts);
      if ("reason" in verdict) sorted.leftOut.push(verdict);
      else sorted.usable.push(verdict);
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
      sorted.problems.push(error);
    }
  }
  sorted.usable.sort((a, b) => (a.clip < b.clip ? -1 : 1));
  return sorted;
}

function refuseTwin(
  clip: string,
  annotation: Annotation,
  seen: Map<string, Annotation>,
  { sheetFile }: Parts,
): void {
  const twin = seen.get(clip);
  seen.set(clip, twin ?? annotation);
  if (twin === undefined) return;
  throw new DataError(`${clip} is there twice, as in row ${twin.row}`, {
    file: sheetFile,
    field: `row ${annotation.row}`,
    fix: "Keep the row that came with the data set",
  });
}

function judge(
  clip: string,
  annotation: Annotation,
  { folder, layout, rules, scheme, sheetFile }: Parts,
): Usable | { clip: string; reason: string } {
  const emotion = emotionKey(annotation.emotion);
  if (!emotions[layout.set].includes(emotion)) {
    throw new DataError(`${clip}: unknown emotion '${annotation.emotion}'`, {
      file: sheetFile,
      ...(annotation.row === undefined ? {} : { field: `row ${annotation.row}, emotion` }),
      fix: didYouMean(emotion, emotions[layout.set]),
    });
  }
  const short = `${annotation.subject}/${annotation.name}`;
  const excluded = rules.exclusions ? scheme.excluded?.[short] : undefined;
  if (excluded !== undefined) return { clip, reason: excluded };
  const label = scheme.classes.indexOf(scheme.classOf[emotion] ?? "");
  if (label === -1) return { clip, reason: `'${annotation.emotion}' has no class in this scheme` };
  const frameFolder = annotation.folder;
  if (frameFolder === undefined) return { clip, reason: "its folder of frames is not there" };
  const frames = clipFrames({ ...annotation, folder: frameFolder }, {
    clip,
    sheetFile,
    folderFile: join(folder, frameFolder.path),
    corrections: rules.corrections.filter((c) => c.set === layout.set && c.clip === short),
    gap: rules.gaps.find((gap) => gap.set === layout.set && gap.clip === short),
  });
  return { annotation, clip, label, frames };
}
