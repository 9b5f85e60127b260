/**
 * How a clip moves in time: the expression, the head, the lids and the light.
 *
 * @module
 */
import type { Rng } from "lib/core/rng.ts";

/** Frames of a clip, counted from its first. */
export interface Course {
  readonly frameCount: number;
  readonly onset: number;
  readonly apex: number;
  readonly offset: number;
}

/** What is different in a frame from the onset frame. */
export interface Moment {
  /** The expression's strength: 0 at and before onset, 1 at the apex. */
  readonly strength: number;
  /** The head's motion since onset: a shift in units, a turn in radians, a growth. */
  readonly shiftX: number;
  readonly shiftY: number;
  readonly turn: number;
  readonly growth: number;
  /** How far the lids are closed, 0..1. */
  readonly closure: number;
  /** What all intensities are multiplied by. */
  readonly gain: number;
}

/** How much a clip moves apart from its expression. */
export interface Unrest {
  /** Typical shift of the head in units. */
  readonly drift: number;
  /** Amplitude of the lamps' flicker, as a share of the light. */
  readonly flicker: number;
  /** Probability of a blink. */
  readonly blinks: number;
}

/** Draws the motion of a clip; frames may be asked for in any order. */
export function motionOf(
  course: Course,
  fps: number,
  { stream, unrest }: { stream: Rng; unrest: Unrest },
): (frame: number) => Moment {
  const strength = strengthOf(course, stream.fork("strength"));
  const closure = closureOf(course, fps, { stream: stream.fork("blink"), chance: unrest.blinks });
  const gain = gainOf(fps, unrest.flicker, stream.fork("light"));
  const sway = (name: string, size: number) => {
    const path = swayOf(size, stream.fork("head", name));
    const start = path(course.onset / fps);
    return (frame: number) => path(frame / fps) - start;
  };
  const shiftX = sway("x", unrest.drift);
  const shiftY = sway("y", unrest.drift);
  const turn = sway("turn", 0.3 * unrest.drift);
  const growth = sway("growth", 0.2 * unrest.drift);
  return (frame) => ({
    strength: strength(frame),
    shiftX: shiftX(frame),
    shiftY: shiftY(frame),
    turn: turn(frame),
    growth: growth(frame),
    closure: closure(frame),
    gain: gain(frame),
  });
}

/** Rises and falls as raised cosines, each skewed in time; a rest of it may stay after offset. */
function strengthOf({ onset, apex, offset }: Course, stream: Rng): (frame: number) => number {
  const [rise, fall] = [0.5 * (2 * stream.next() - 1), 0.5 * (2 * stream.next() - 1)];
  const rest = 0.15 * stream.next();
  const eased = (share: number, skew: number) =>
    0.5 - 0.5 * Math.cos(Math.PI * (share + skew * share * (1 - share)));
  return (frame) => {
    if (frame <= onset) return 0;
    if (frame <= apex) return eased((frame - onset) / (apex - onset), rise);
    const share = Math.min(1, (frame - apex) / (offset - apex));
    return 1 - (1 - rest) * eased(share, fall);
  };
}

/** Slow sway: two sinusoids below 1.5 Hz and a trend. */
function swayOf(size: number, stream: Rng): (seconds: number) => number {
  const waves = [0.3 + 0.5 * stream.next(), 0.8 + 0.7 * stream.next()].map((frequency) => ({
    amplitude: size * (0.4 + 0.6 * stream.next()),
    frequency,
    phase: 2 * Math.PI * stream.next(),
  }));
  const trend = 1.5 * size * stream.normal();
  return (seconds) =>
    waves.reduce(
      (sum, { amplitude, frequency, phase }) =>
        sum + amplitude * Math.sin(2 * Math.PI * frequency * seconds + phase),
      trend * seconds,
    );
}

/** At most one blink; the eyes are open in the onset frame. */
function closureOf(
  { frameCount, onset }: Course,
  fps: number,
  { stream, chance }: { stream: Rng; chance: number },
): (frame: number) => number {
  const blinks = stream.next() < chance;
  const closing = Math.max(2, fps * (0.04 + 0.03 * stream.next()));
  const opening = Math.max(3, fps * (0.08 + 0.07 * stream.next()));
  const depth = 0.5 + 0.5 * stream.next();
  const start = (frameCount + closing + opening) * stream.next() - closing - opening;
  // A blink under way at onset is moved to after it.
  const end = start + closing + opening;
  const from = start <= onset && onset <= end ? onset + 1 : start;
  return (frame) => {
    const since = frame - from;
    if (!blinks || since <= 0 || since >= closing + opening) return 0;
    const share = since < closing ? since / closing : 1 - (since - closing) / opening;
    return depth * (0.5 - 0.5 * Math.cos(Math.PI * share));
  };
}

/** Lamps that beat with the shutter, and a slow change on top. */
function gainOf(fps: number, flicker: number, stream: Rng): (frame: number) => number {
  const beat = 4 + 26 * stream.next();
  const phase = 2 * Math.PI * stream.next();
  const amplitude = flicker * (0.5 + 0.5 * stream.next());
  const slow = 2 * flicker * stream.normal();
  const level = 1 + 0.03 * stream.normal();
  return (frame) => {
    const seconds = frame / fps;
    return level *
      (1 + amplitude * Math.sin(2 * Math.PI * beat * seconds + phase) + slow * seconds);
  };
}
