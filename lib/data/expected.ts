/**
 * How many clips the databases have according to their publications, to compare a copy with.
 *
 * @module
 */
import type { LabelScheme } from "./clip.ts";
import type { FrameFolder } from "./frame_folders.ts";
import { emotionKey } from "./labels.ts";
import type { SetName } from "./synthetic/recording.ts";

/** The size of a data set. */
export interface Expected {
  readonly clips: number;
  readonly subjects: number;
  /** Clips by emotion, as `emotionKey` spells it. */
  readonly emotions: Readonly<Record<string, number>>;
  /** Subjects that a scheme leaves, where it was published. */
  readonly subjectsOf?: Readonly<Partial<Record<LabelScheme, number>>>;
  /** Clips that some editions of the sheet have and others lack. */
  readonly variants?: Readonly<Record<string, string>>;
}

/** The published sizes. */
export const expectedSets: Readonly<Record<SetName, Expected>> = {
  smic: {
    clips: 164,
    subjects: 16,
    emotions: { negative: 70, positive: 51, surprise: 43 },
    subjectsOf: { paper: 16, megc3: 16, original5: 16 },
  },
  samm: {
    clips: 159,
    subjects: 29,
    emotions: {
      ...{ anger: 57, contempt: 12, disgust: 9, fear: 8 },
      ...{ happiness: 26, other: 26, sadness: 6, surprise: 15 },
    },
    subjectsOf: { paper: 29, megc3: 28 },
  },
  casme2: {
    clips: 255,
    subjects: 26,
    emotions: {
      ...{ disgust: 63, fear: 2, happiness: 32, other: 99 },
      ...{ repression: 27, sadness: 7, surprise: 25 },
    },
    subjectsOf: { paper: 26, megc3: 24, original5: 26 },
    variants: {
      "sub24/EP02_07":
        "a clip of disgust that the sheet of 2014-05-08 lacks; works with 247 clips use it",
    },
  },
};

/** An expression of the sheet, as far as comparing goes. */
interface Annotated {
  readonly subject: string;
  readonly name: string;
  readonly emotion: string;
  readonly folder?: FrameFolder;
}

/**
 * Says how a copy differs from the published set: clips without frames, folders without a row, and
 * counts of emotions and subjects that are not the published ones.
 *
 * @returns one full sentence each; none for the whole published set
 */
export function describeDifferences(
  expected: Expected,
  annotated: readonly Annotated[],
  folders: readonly FrameFolder[],
): string[] {
  const notes: string[] = [];
  const present = annotated.filter(({ folder }) => folder !== undefined);
  const absent = annotated.filter(({ folder }) => folder === undefined);
  if (absent.length > 0) {
    notes.push(
      `This is a subset: ${absent.length} of the ${annotated.length} clips of the sheet have no ` +
        `frames here: ${named(absent.map(({ subject, name }) => `${subject}/${name}`))}.`,
    );
  }
  const used = new Set(present.map(({ folder }) => folder));
  const unused = folders.filter((folder) => !used.has(folder)).map(({ path }) => path);
  if (unused.length > 0) {
    notes.push(`Folders of frames that are not in the sheet (${unused.length}): ${named(unused)}.`);
  }
  notes.push(...countDifferences(expected, annotated));
  return notes;
}

function countDifferences(expected: Expected, annotated: readonly Annotated[]): string[] {
  const counts = countEmotions(annotated.map(({ emotion }) => emotion));
  const kinds = [...new Set([...Object.keys(expected.emotions), ...Object.keys(counts)])].sort();
  const differing = kinds.filter((kind) => (counts[kind] ?? 0) !== (expected.emotions[kind] ?? 0))
    .map((kind) => `${kind} ${counts[kind] ?? 0} instead of ${expected.emotions[kind] ?? 0}`);
  const subjects = new Set(annotated.map(({ subject }) => subject)).size;
  if (subjects !== expected.subjects) {
    differing.push(`subjects ${subjects} instead of ${expected.subjects}`);
  }
  if (differing.length === 0) return [];
  const variants = annotated.flatMap(({ subject, name }) => {
    const reason = expected.variants?.[`${subject}/${name}`];
    return reason === undefined ? [] : [`${subject}/${name} is ${reason}`];
  });
  const counted = `Not the published ${expected.clips} clips but ${annotated.length}`;
  return [`${[`${counted}: ${differing.join(", ")}`, ...variants].join("; ")}.`];
}

/** Counts emotions by their key. */
export function countEmotions(emotions: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const emotion of emotions) {
    const key = emotionKey(emotion);
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}

function named(names: readonly string[]): string {
  const more = names.length > 10 ? `, and ${names.length - 10} more` : "";
  return `${names.slice(0, 10).join(", ")}${more}`;
}
