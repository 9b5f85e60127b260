/**
 * How the three databases are made up: subjects, emotions, names, numbers of frames, cameras.
 *
 * Counts of the `paper` size are those of the databases' own sheets (SMIC-HS: 16 subjects, 164
 * clips; SAMM: 29 and 159; CASME II: 26 and 255). The `demo` size keeps the proportions with 6
 * subjects and 36 clips.
 *
 * @module
 */
import type { Rng } from "lib/core/rng.ts";
import type { SizeProfile } from "../clip.ts";
import type { SetName } from "./recording.ts";

/** A database's shape. */
export interface SetShape {
  readonly subjects: readonly string[];
  /** Clips an emotion, in the words of the sheet. */
  readonly emotions: Readonly<Record<string, number>>;
  /** How many clips a subject has compared with the others, in the `paper` size. */
  readonly busy: Readonly<Record<string, number>>;
  readonly fps: number;
  readonly channels: 1 | 3;
  /** Standard deviation of the sensor's noise in levels. */
  readonly noise: number;
  /** Whether the sheet codes action units. */
  readonly coded: boolean;
  readonly sizes: Readonly<Record<SizeProfile, SetSize>>;
}

/** What depends on the size. */
export interface SetSize {
  readonly width: number;
  readonly height: number;
  /** Pixels between the centres of the eyes; a face is 2.3 times as wide. */
  readonly eyeDistance: number;
  /** Frames from onset to offset: least, mean, most. */
  readonly length: readonly [number, number, number];
  /** Most frames before onset, and after offset. */
  readonly rest: number;
}

const numbered = (prefix: string, digits: number, numbers: readonly number[]) =>
  numbers.map((n) => `${prefix}${String(n).padStart(digits, "0")}`);

const upTo = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i);

/** The three sets. */
export const setShapes: Readonly<Record<SetName, SetShape>> = {
  smic: {
    subjects: numbered("s", 2, [...upTo(1, 6), 8, 9, ...upTo(11, 15), 18, 19, 20]),
    emotions: { negative: 70, positive: 51, surprise: 43 },
    busy: { s03: 5 },
    fps: 100,
    channels: 3,
    noise: 1.5,
    coded: false,
    sizes: {
      demo: { width: 320, height: 240, eyeDistance: 57, length: [16, 24, 34], rest: 0 },
      paper: { width: 640, height: 480, eyeDistance: 92, length: [11, 34, 58], rest: 0 },
    },
  },
  samm: {
    subjects: numbered("", 3, [6, 7, ...upTo(9, 26), 28, ...upTo(30, 37)]),
    emotions: {
      Anger: 57,
      Contempt: 12,
      Disgust: 9,
      Fear: 8,
      Happiness: 26,
      Other: 26,
      Sadness: 6,
      Surprise: 15,
    },
    busy: { "006": 2, "014": 2 },
    fps: 200,
    channels: 1,
    noise: 1,
    coded: true,
    sizes: {
      demo: { width: 450, height: 240, eyeDistance: 58, length: [20, 30, 42], rest: 0 },
      paper: { width: 2040, height: 1088, eyeDistance: 175, length: [30, 74, 101], rest: 0 },
    },
  },
  casme2: {
    subjects: numbered("sub", 2, upTo(1, 26)),
    emotions: {
      disgust: 63,
      fear: 2,
      happiness: 32,
      others: 99,
      repression: 27,
      sadness: 7,
      surprise: 25,
    },
    busy: { sub17: 4.5 },
    fps: 200,
    channels: 3,
    noise: 1.2,
    coded: true,
    sizes: {
      demo: { width: 320, height: 240, eyeDistance: 60, length: [18, 26, 36], rest: 6 },
      paper: { width: 640, height: 480, eyeDistance: 120, length: [24, 67, 141], rest: 30 },
    },
  },
};

/** Subjects and clips of the `demo` size. */
const demo = { subjects: 6, clips: 36 } as const;

/** Who is filmed in a size: all, or a few that keep the gaps and leading zeros of the names. */
export function subjectsOf({ subjects }: SetShape, size: SizeProfile): readonly string[] {
  if (size === "paper") return subjects;
  return upTo(0, demo.subjects - 1).map((i) =>
    subjects[Math.floor(i * subjects.length / demo.subjects)]!
  );
}

/**
 * Clips an emotion: the sheet's counts, or in the `demo` size shares by largest remainders of the
 * counts' square roots, at least one each, so that rare emotions can still be learned with one of six
 * subjects left out.
 */
export function emotionCounts({ emotions }: SetShape, size: SizeProfile): Map<string, number> {
  const entries = Object.entries(emotions);
  if (size === "paper") return new Map(entries);
  const roots = entries.map(([, count]) => Math.sqrt(count));
  const total = roots.reduce((sum, root) => sum + root, 0);
  const parts = entries.map(([emotion], i) => {
    const share = demo.clips * roots[i]! / total;
    const given = Math.max(1, Math.floor(share));
    return { emotion, given, rest: share - given };
  });
  let left = demo.clips - parts.reduce((sum, { given }) => sum + given, 0);
  for (const part of [...parts].sort((a, b) => b.rest - a.rest)) {
    if (left-- > 0) part.given++;
  }
  return new Map(parts.map(({ emotion, given }) => [emotion, given]));
}

/**
 * Deals clips out to subjects: everyone has at least one, some have many more, as in the real sets.
 *
 * @returns for every clip the index of its subject
 */
export function dealClips(
  subjects: readonly string[],
  clips: number,
  { busy, stream }: { busy: SetShape["busy"]; stream: Rng },
): number[] {
  const weights = subjects.map((subject) => {
    const usual = 0.4 + 1.2 * stream.next();
    return busy[subject] ?? usual;
  });
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const dealt = subjects.map((_, i) => i);
  while (dealt.length < clips) {
    let left = stream.next() * total;
    const chosen = weights.findIndex((weight) => (left -= weight) < 0);
    dealt.push(Math.max(0, chosen));
  }
  return stream.shuffle(dealt);
}
