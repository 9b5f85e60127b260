/**
 * From the frame numbers of an annotation to the frames of a clip, with every way in which the two can
 * disagree told apart.
 *
 * @module
 */
import { DataError } from "lib/core/errors.ts";
import type { Annotation } from "./clip_layout.ts";
import type { Correction, KnownGap } from "./corrections.ts";
import type { FrameFolder, NumberedFrame } from "./frame_folders.ts";

/** The frames of a clip; positions count from 0 in `frames`. */
export interface ClipFrames {
  readonly frames: readonly NumberedFrame[];
  readonly onset: number;
  readonly apex?: number;
  readonly offset: number;
  /** What was corrected, a full sentence each. */
  readonly notes: readonly string[];
}

/** What is needed to judge an annotation. */
export interface FrameCall {
  /** As messages name the clip: `casme2/sub01/EP02_01f`. */
  readonly clip: string;
  /** Files as messages name them. */
  readonly sheetFile: string;
  readonly folderFile: string;
  readonly corrections: readonly Correction[];
  readonly gap: KnownGap | undefined;
}

type Numbers = Pick<Annotation, "onset" | "apex" | "offset">;

/**
 * Finds the frames of an annotation: all that follow each other without a gap around onset..offset.
 *
 * @throws DataError naming clip, file and fix when onset or offset is absent, when they or the apex are
 * out of order, when a frame between them is missing, or when there is one frame only
 */
export function clipFrames(
  annotation: Annotation & { readonly folder: FrameFolder },
  call: FrameCall,
): ClipFrames {
  const { frames } = annotation.folder;
  const notes: string[] = [];
  const numbers = corrected(annotation, frames, call, notes);
  const { onset, offset } = orderedSpan(numbers, annotation, call);
  const inside = frames.filter(({ number }) => number >= onset && number <= offset);
  if (inside.length < offset - onset + 1) {
    const missing = missingNumbers(inside, onset, offset);
    const { gap } = call;
    if (gap === undefined || missing.length > gap.frames || inside.length < 2) {
      throw new DataError(
        `${call.clip}: ${listed(missing)} missing between ${onset} and ${offset}`,
        {
          file: call.folderFile,
          fix: "Copy the folder again, or remove it as a whole to go on without this clip",
        },
      );
    }
    notes.push(`${call.clip}: ${listed(missing)} missing, since ${gap.reason}.`);
  }
  const run = runAround(frames, inside, onset, offset);
  const positionOf = (frame: NumberedFrame | undefined) => run.indexOf(frame!);
  const apex = apexPosition(numbers.apex, run, call, notes);
  return {
    frames: run,
    onset: positionOf(inside[0]),
    offset: positionOf(inside.at(-1)),
    ...(apex === undefined ? {} : { apex }),
    notes,
  };
}

function rowPlace({ row }: Annotation, field: string, { sheetFile, folderFile }: FrameCall) {
  return row === undefined
    ? { file: folderFile }
    : { file: sheetFile, field: `row ${row}, ${field}` };
}

/** Applies the known corrections that still apply. */
function corrected(
  annotation: Annotation,
  frames: readonly NumberedFrame[],
  { clip, corrections }: FrameCall,
  notes: string[],
): Numbers {
  let numbers: Numbers = annotation;
  for (const { field, from, to, reason } of corrections) {
    const old = numbers[field];
    const applies = from === "impossible" ? isImpossible(field, numbers, frames) : old === from;
    if (!applies) continue;
    numbers = { ...numbers, [field]: to === "none" ? undefined : to };
    const change = to === "none" ? `${old} is passed over` : `${old} is taken for ${to}`;
    notes.push(`${clip}: the ${field} ${change}, since ${reason}.`);
  }
  return numbers;
}

function isImpossible(
  field: Correction["field"],
  { onset = -Infinity, apex, offset = Infinity, ...numbers }: Numbers,
  frames: readonly NumberedFrame[],
): boolean {
  const value = { ...numbers, onset, apex, offset }[field];
  if (value === undefined) return false;
  if (!frames.some(({ number }) => number === value)) return true;
  if (onset > offset) return true;
  return field !== "onset" && apex !== undefined && (apex < onset || apex > offset);
}

function orderedSpan(
  { onset, apex, offset }: Numbers,
  annotation: Annotation,
  call: FrameCall,
): { onset: number; offset: number } {
  const fix = "Correct the sheet; a known fault belongs into lib/data/corrections.ts";
  if (onset === undefined || offset === undefined) {
    const field = onset === undefined ? "onset" : "offset";
    throw new DataError(`${call.clip} has no ${field}`, {
      ...rowPlace(annotation, field, call),
      fix,
    });
  }
  if (offset < onset) {
    throw new DataError(`${call.clip}: the offset ${offset} precedes the onset ${onset}`, {
      ...rowPlace(annotation, "offset", call),
      fix,
    });
  }
  if (offset === onset) {
    throw new DataError(`${call.clip} has one frame only, ${onset}: nothing can move in it`, {
      ...rowPlace(annotation, "offset", call),
      fix: "Copy the folder again, or remove it as a whole to go on without this clip",
    });
  }
  if (apex !== undefined && (apex < onset || apex > offset)) {
    throw new DataError(
      `${call.clip}: the apex ${apex} is outside onset..offset, ${onset}..${offset}`,
      {
        ...rowPlace(annotation, "apex", call),
        fix,
      },
    );
  }
  return { onset, offset };
}

function missingNumbers(inside: readonly NumberedFrame[], onset: number, offset: number): number[] {
  const there = new Set(inside.map(({ number }) => number));
  const missing: number[] = [];
  // A sheet may claim millions of frames; a hundred are enough for a message.
  for (let number = onset; number <= offset && missing.length < 100; number++) {
    if (!there.has(number)) missing.push(number);
  }
  return missing;
}

function listed(numbers: readonly number[]): string {
  const [first, last] = [numbers[0], numbers.at(-1)];
  if (numbers.length === 1) return `frame ${first} is`;
  const together = last! - first! === numbers.length - 1;
  if (together) return `frames ${first} to ${last} are`;
  return `frames ${numbers.slice(0, 8).join(", ")}${numbers.length > 8 ? ", …" : ""} are`;
}

/** The frames before and after that go on without a gap. */
function runAround(
  frames: readonly NumberedFrame[],
  inside: readonly NumberedFrame[],
  onset: number,
  offset: number,
): NumberedFrame[] {
  let first = frames.indexOf(inside[0]!);
  let last = frames.indexOf(inside.at(-1)!);
  // A known gap at an end leaves nothing to go on with there.
  if (frames[first]!.number === onset) {
    while (first > 0 && frames[first - 1]!.number === frames[first]!.number - 1) first--;
  }
  if (frames[last]!.number === offset) {
    while (frames[last + 1]?.number === frames[last]!.number + 1) last++;
  }
  return frames.slice(first, last + 1);
}

function apexPosition(
  apex: number | undefined,
  run: readonly NumberedFrame[],
  { clip }: FrameCall,
  notes: string[],
): number | undefined {
  if (apex === undefined) return undefined;
  const position = run.findIndex(({ number }) => number === apex);
  if (position !== -1) return position;
  notes.push(`${clip}: the apex ${apex} is one of the missing frames and is passed over.`);
  return undefined;
}
