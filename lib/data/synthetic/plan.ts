/**
 * What is decided about a clip before it is filmed: whose it is, its name, how long it lasts, where the
 * face sits, and how far its skin moves.
 *
 * @module
 */
import type { Rng } from "lib/core/rng.ts";
import type { SizeProfile } from "../clip.ts";
import type { Temper } from "./expression.ts";
import type { Course } from "./motion.ts";
import { clipNames } from "./names.ts";
import type { SetName } from "./recording.ts";
import { dealClips, emotionCounts, setShapes, type SetSize, subjectsOf } from "./sets.ts";
import type { Pose } from "./warp.ts";

/** Peak of the longest displacement in pixels where the eyes are 58 pixels apart. */
const peak = { typical: 1.4, least: 0.8, most: 2.2 } as const;

/** Where the eyes are, as a share of the frame's height. */
export const eyeLevel = 0.42;

/** A clip before it is filmed. */
export interface Slate {
  readonly subject: string;
  readonly emotion: string;
  readonly name: string;
}

/** All clips of a set, sorted by subject and name. */
export function slatesOf(set: SetName, size: SizeProfile, stream: Rng): Slate[] {
  const shape = setShapes[set];
  const subjects = subjectsOf(shape, size);
  const emotions = [...emotionCounts(shape, size)].flatMap(([emotion, count]) =>
    Array.from({ length: count }, () => emotion)
  );
  const dealt = dealClips(subjects, emotions.length, {
    busy: size === "paper" ? shape.busy : {},
    stream: stream.fork("deal"),
  });
  const clips = emotions.map((emotion, i) => ({ subject: subjects[dealt[i]!]!, emotion }));
  return subjects.flatMap((subject) => {
    const own = clips.filter((clip) => clip.subject === subject);
    const names = clipNames(set, subject, {
      emotions: own.map(({ emotion }) => emotion),
      stream: stream.fork("names", subject),
    });
    return own.map((clip, i) => ({ ...clip, name: names[i]! }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  });
}

/** Lengths between the set's least and most, around its mean; the apex lies near the middle. */
export function courseOf({ length: [least, mean, most], rest }: SetSize, stream: Rng): Course {
  const reach = stream.next() < 0.5 ? least - mean : most - mean;
  const length = Math.round(mean + reach * (1 - Math.sqrt(stream.next())));
  const before = rest === 0 ? 0 : 1 + stream.integer(rest);
  const after = rest === 0 ? 0 : 1 + stream.integer(rest);
  const rise = Math.round((length - 1) * (0.35 + 0.3 * stream.next()));
  return {
    frameCount: before + length + after,
    onset: before,
    apex: before + Math.min(length - 2, Math.max(1, rise)),
    offset: before + length - 1,
  };
}

/** Draws where the face sits in the frame: near its middle, hardly turned. */
export function poseOf({ width, height, eyeDistance }: SetSize, stream: Rng): Pose {
  const about = (middle: number, spread: number) => middle + spread * (2 * stream.next() - 1);
  return {
    width,
    height,
    x: about(width / 2, 0.1 * eyeDistance),
    y: about(eyeLevel * height, 0.07 * eyeDistance),
    scale: about(eyeDistance, 0.03 * eyeDistance),
    roll: about(0, 0.035),
  };
}

/** How far the skin moves at the apex, in units; more pixels on larger faces, but not in proportion. */
export function peakOf({ eyeDistance }: SetSize, { expressiveness }: Temper, stream: Rng): number {
  const drawn = peak.typical * expressiveness * Math.exp(0.25 * stream.normal());
  const pixels = Math.min(peak.most, Math.max(peak.least, drawn)) * Math.sqrt(eyeDistance / 58);
  return pixels / eyeDistance;
}
