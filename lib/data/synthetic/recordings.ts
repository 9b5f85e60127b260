/**
 * Micro-expression clips of drawn faces, in three sets shaped like SMIC-HS, SAMM and CASME II.
 *
 * A person is drawn once ({@linkcode portrait}); every frame samples that drawing where the face has
 * moved to: action units of the clip's emotion that rise and fall within a fraction of a second by one
 * or two pixels, under head drift, flicker, blinks and sensor noise. Numbers obtained on these clips
 * say that a pipeline works, not how good a method is on people.
 *
 * @module
 */
import { type Rng, rng } from "lib/core/rng.ts";
import type { SizeProfile } from "../clip.ts";
import { displacementField, film, type Pose, type Subject, toPixel } from "./camera.ts";
import { drawUnits } from "./emotions.ts";
import { pullsOfClip, type Temper, temperOf } from "./expression.ts";
import { fieldOf } from "./field.ts";
import { eyesOf } from "./lids.ts";
import { type Course, motionOf } from "./motion.ts";
import { clipNames, firstNumber } from "./names.ts";
import { type Person, personOf } from "./person.ts";
import { type Portrait, portrait, type View } from "./portrait.ts";
import type { Recording, SetName } from "./recording.ts";
import {
  dealClips,
  emotionCounts,
  type SetShape,
  setShapes,
  type SetSize,
  subjectsOf,
} from "./sets.ts";

const seed = 2024;

/** Peak of the longest displacement in pixels where the eyes are 58 pixels apart. */
const peak = { typical: 1.4, least: 0.8, most: 2.2 } as const;

/** Unrest of every clip; the drift is in units. */
const unrest = { drift: 0.004, flicker: 0.006, blinks: 0.35 } as const;

/** What all clips of a set share. */
interface Studio {
  readonly set: SetName;
  readonly shape: SetShape;
  readonly size: SetSize;
  readonly view: View;
  readonly stream: Rng;
  /** The drawing of a person; the last one is kept. */
  readonly portraitOf: (subject: string, draw: () => Portrait) => Portrait;
  /** The moving face of a clip; the last one is kept. */
  readonly actorOf: (clip: string, make: () => Subject) => Subject;
}

/** A clip before it is filmed. */
interface Slate {
  readonly subject: string;
  readonly emotion: string;
  readonly name: string;
}

/**
 * The clips of a set, sorted by subject and name. Nothing is drawn before a frame or a truth is asked
 * for; frames do not depend on the order in which they are asked for.
 */
export function recordings(set: SetName, size: SizeProfile): Recording[] {
  const shape = setShapes[set];
  const stream = rng(seed, "synthetic", set);
  const studio = studioOf(set, shape.sizes[size], stream);
  const people = new Map(
    subjectsOf(shape, size).map((subject) => [subject, {
      person: personOf(stream.fork(subject, "looks")),
      temper: temperOf(stream.fork(subject, "temper")),
    }]),
  );
  return slatesOf(set, size, stream.fork(size)).map((slate) =>
    record(studio, slate, people.get(slate.subject)!)
  );
}

function slatesOf(set: SetName, size: SizeProfile, stream: Rng): Slate[] {
  const shape = setShapes[set];
  const subjects = subjectsOf(shape, size);
  const emotions = [...emotionCounts(shape, size)].flatMap(([emotion, count]) =>
    Array.from({ length: count }, () => emotion)
  );
  const dealt = dealClips(subjects, emotions.length, {
    busy: shape.busy,
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

/** Units around the frame, for faces that sit off its middle. */
const margin = 0.35;

function studioOf(set: SetName, size: SetSize, stream: Rng): Studio {
  const { eyeDistance } = size;
  // Small frames are sampled from a drawing of twice their scale; in large ones features are smooth.
  const scale = eyeDistance * (eyeDistance < 100 ? 2 : 1.25);
  const [wide, high] = [size.width / eyeDistance, size.height / eyeDistance];
  const view: View = {
    scale,
    width: Math.ceil((wide + 2 * margin) * scale),
    height: Math.ceil((high + 2 * margin) * scale),
    left: -wide / 2 - margin,
    top: -eyeLevel * high - margin,
  };
  return {
    set,
    shape: setShapes[set],
    size,
    view,
    stream,
    portraitOf: keepingLast<Portrait>(),
    actorOf: keepingLast<Subject>(),
  };
}

/** Makes values by key and keeps the last: clips are read one after the other. */
function keepingLast<Value>(): (key: string, make: () => Value) => Value {
  let kept: { readonly key: string; readonly value: Value } | undefined;
  return (key, make) => {
    if (kept?.key !== key) kept = { key, value: make() };
    return kept.value;
  };
}

/** Where the eyes are, as a share of the frame's height. */
const eyeLevel = 0.42;

function record(
  studio: Studio,
  { subject, emotion, name }: Slate,
  { person, temper }: { person: Person; temper: Temper },
): Recording {
  const { set, shape, size } = studio;
  const stream = studio.stream.fork("clip", subject, name);
  const units = drawUnits(set, emotion, stream.fork("units"));
  const course = courseOf(size, stream.fork("course"));
  const pose = poseOf(size, stream.fork("pose"));
  const moment = motionOf(course, shape.fps, { stream: stream.fork("motion"), unrest });
  const sensorSeed = stream.fork("sensor").seed();
  const actor = () =>
    studio.actorOf(`${subject}/${name}`, () => ({
      pose,
      eyes: eyesOf(person.points),
      field: fieldOf(
        pullsOfClip(units, { points: person.points, temper, stream: stream.fork("muscles") }),
        peakOf(size, temper, stream.fork("peak")),
        studio.view,
      ),
    }));
  const drawing = () =>
    studio.portraitOf(subject, () =>
      portrait(person, studio.view, {
        stream: studio.stream.fork(subject, "drawing"),
        channels: shape.channels,
      }));
  const first = firstNumber(set, stream.fork("number"));
  const momentOf = (number: number) => moment(checked(number - first, course, name));
  return {
    subject,
    name,
    emotion,
    actionUnits: shape.coded ? units : "",
    fps: shape.fps,
    width: size.width,
    height: size.height,
    channels: shape.channels,
    firstNumber: first,
    frameCount: course.frameCount,
    onset: first + course.onset,
    apex: first + course.apex,
    offset: first + course.offset,
    frame: (number) =>
      film(drawing(), actor(), momentOf(number), {
        noise: shape.noise,
        seed: (sensorSeed + Math.imul(number, 0x85ebca6b)) | 0,
      }),
    truth: {
      landmarks: landmarksOf(person, pose),
      displacement: (number) => displacementField(actor(), momentOf(number)),
      expression: (number) =>
        displacementField(actor(), {
          ...momentOf(number),
          shiftX: 0,
          shiftY: 0,
          turn: 0,
          growth: 0,
        }),
    },
  };
}

function checked(position: number, { frameCount }: Course, name: string): number {
  if (Number.isInteger(position) && position >= 0 && position < frameCount) return position;
  throw new RangeError(`Clip ${name} has ${frameCount} frames, so none at position ${position}`);
}

/** Lengths between the set's least and most, around its mean; the apex lies near the middle. */
function courseOf({ length: [least, mean, most], rest }: SetSize, stream: Rng): Course {
  const spread = stream.next() < 0.5 ? mean - least : most - mean;
  const side = spread === mean - least ? -1 : 1;
  const length = Math.round(mean + side * spread * (1 - Math.sqrt(stream.next())));
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

function poseOf({ width, height, eyeDistance }: SetSize, stream: Rng): Pose {
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
function peakOf({ eyeDistance }: SetSize, { expressiveness }: Temper, stream: Rng): number {
  const drawn = peak.typical * expressiveness * Math.exp(0.25 * stream.normal());
  const pixels = Math.min(peak.most, Math.max(peak.least, drawn)) * Math.sqrt(eyeDistance / 58);
  return pixels / eyeDistance;
}

/** The 68 points in the onset frame; a pixel's centre is at whole numbers. */
function landmarksOf({ points }: Person, pose: Pose): Float32Array {
  return Float32Array.from(
    points.flatMap(([x, y]) => toPixel(pose, x, y).map((value) => value - 0.5)),
  );
}
