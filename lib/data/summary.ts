/**
 * What is in a data set, in numbers.
 *
 * @module
 */
import type { Clip, ClipSet } from "./clip.ts";
import type { Dataset, Sample } from "./types.ts";

/** The clips of one database, or of all. */
export interface ClipCount {
  /** `smic`, `casme2`, … or `all`. */
  readonly database: string;
  readonly subjects: number;
  readonly clips: number;
  /** In the order of {@linkcode Dataset.classes}. */
  readonly byClass: readonly number[];
}

/** Counts subjects, clips and classes in each database, sorted by name, and in all as the last. */
export function countClips({ samples, classes }: Dataset): ClipCount[] {
  const count = (database: string, part: readonly Sample[]): ClipCount => ({
    database,
    subjects: new Set(part.map(({ subject }) => subject)).size,
    clips: part.length,
    byClass: classes.map((_, label) => part.filter((sample) => sample.label === label).length),
  });
  const databases = [...new Set(samples.map(({ database }) => database))].sort();
  return [
    ...databases.map((name) => count(name, samples.filter(({ database }) => database === name))),
    count("all", samples),
  ];
}

/** The values of one channel over all clips. */
export interface ChannelRange {
  readonly channel: string;
  readonly min: number;
  readonly mean: number;
  readonly max: number;
}

/** The smallest, mean and largest value of each channel over all clips. */
export function channelRanges({ samples, channels }: Dataset): ChannelRange[] {
  return channels.map((channel, first) => {
    let [min, max, sum, count] = [Infinity, -Infinity, 0, 0];
    for (const { input } of samples) {
      for (let i = first; i < input.data.length; i += channels.length) {
        const value = input.data[i]!;
        min = Math.min(min, value);
        max = Math.max(max, value);
        sum += value;
        count++;
      }
    }
    return { channel, min, mean: sum / count, max };
  });
}

/** The clips of one subject, or of all. */
export interface SubjectCount {
  /** Without its database, or `all`. */
  readonly subject: string;
  readonly clips: number;
  /** In the order of {@linkcode ClipSet.classes}. */
  readonly byClass: readonly number[];
}

/** Counts clips and classes of each subject, sorted by name, and of all as the last. */
export function countBySubject({ clips, classes }: ClipSet): SubjectCount[] {
  const count = (subject: string, part: readonly Clip[]): SubjectCount => ({
    subject,
    clips: part.length,
    byClass: classes.map((_, label) => part.filter((clip) => clip.label === label).length),
  });
  const short = (clip: Clip) => clip.subject.slice(clip.database.length + 1);
  const subjects = [...new Set(clips.map(short))].sort();
  return [
    ...subjects.map((subject) => count(subject, clips.filter((clip) => short(clip) === subject))),
    count("all", clips),
  ];
}

/** The lengths of clips in frames. */
export interface LengthRange {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

/**
 * The shortest, the middle and the longest way from onset to offset, both included.
 *
 * @throws RangeError when there is no clip
 */
export function expressionLengths({ clips }: ClipSet): LengthRange {
  const lengths = clips.map(({ onset, offset }) => offset - onset + 1).sort((a, b) => a - b);
  if (lengths.length === 0) throw new RangeError("Cannot measure the lengths of no clips");
  return {
    min: lengths[0]!,
    median: lengths[Math.floor(lengths.length / 2)]!,
    max: lengths.at(-1)!,
  };
}
