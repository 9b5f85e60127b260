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
import { film } from "./camera.ts";
import { drawUnits } from "./emotions.ts";
import { pullsOfClip, type Temper, temperOf } from "./expression.ts";
import { fieldOf } from "./field.ts";
import { eyesOf } from "./lids.ts";
import { type Course, motionOf } from "./motion.ts";
import { firstNumber } from "./names.ts";
import { type Person, personOf } from "./person.ts";
import { courseOf, eyeLevel, peakOf, poseOf, type Slate, slatesOf } from "./plan.ts";
import { type Portrait, portrait, type View } from "./portrait.ts";
import type { Recording, SetName } from "./recording.ts";
import { type SetShape, setShapes, type SetSize, subjectsOf } from "./sets.ts";
import { displacementField, type Pose, type Subject, toPixel } from "./warp.ts";

const seed = 2024;

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

interface Cast {
  readonly person: Person;
  readonly temper: Temper;
}

function record(studio: Studio, slate: Slate, cast: Cast): Recording {
  const { set, shape, size } = studio;
  const { subject, emotion, name } = slate;
  const stream = studio.stream.fork("clip", subject, name);
  const units = drawUnits(set, emotion, stream.fork("units"));
  const course = courseOf(size, stream.fork("course"));
  const first = firstNumber(set, stream.fork("number"));
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
    ...filmed(studio, { ...cast, slate, units, course, first, stream }),
  };
}

interface Take extends Cast {
  readonly slate: Slate;
  readonly units: string;
  readonly course: Course;
  readonly first: number;
  readonly stream: Rng;
}

/** The frames of a clip and the truth about them. */
function filmed(studio: Studio, take: Take): Pick<Recording, "frame" | "truth"> {
  const { person, temper, slate: { subject, name }, stream } = take;
  const { shape, size, view } = studio;
  const pose = poseOf(size, stream.fork("pose"));
  const moment = motionOf(take.course, shape.fps, { stream: stream.fork("motion"), unrest });
  const momentOf = (number: number) => moment(positionOf(number, take));
  const sensorSeed = stream.fork("sensor").seed();
  const still = { shiftX: 0, shiftY: 0, turn: 0, growth: 0 };
  const actor = () =>
    studio.actorOf(`${subject}/${name}`, () => {
      const { points } = person;
      const muscles = { points, temper, stream: stream.fork("muscles") };
      const peak = peakOf(size, temper, stream.fork("peak"));
      return {
        pose,
        eyes: eyesOf(points),
        field: fieldOf(pullsOfClip(take.units, muscles), peak, view),
      };
    });
  const drawing = () =>
    studio.portraitOf(subject, () =>
      portrait(person, view, {
        stream: studio.stream.fork(subject, "drawing"),
        channels: shape.channels,
      }));
  return {
    frame: (number) => {
      const sensor = { noise: shape.noise, seed: (sensorSeed + Math.imul(number, 0x85ebca6b)) | 0 };
      return film(drawing(), actor(), { moment: momentOf(number), sensor });
    },
    truth: {
      landmarks: landmarksOf(person, pose),
      displacement: (number) => displacementField(actor(), momentOf(number)),
      expression: (number) => displacementField(actor(), { ...momentOf(number), ...still }),
    },
  };
}

function positionOf(
  number: number,
  { first, course: { frameCount }, slate: { name } }: Take,
): number {
  const position = number - first;
  if (Number.isInteger(position) && position >= 0 && position < frameCount) return position;
  throw new RangeError(
    `Clip ${name} has frames ${first} to ${first + frameCount - 1}, so none of number ${number}`,
  );
}

/** The 68 points in the onset frame; a pixel's centre is at whole numbers. */
function landmarksOf({ points }: Person, pose: Pose): Float32Array {
  return Float32Array.from(
    points.flatMap(([x, y]) => toPixel(pose, x, y).map((value) => value - 0.5)),
  );
}
