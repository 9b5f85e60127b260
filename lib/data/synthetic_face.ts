/**
 * The drawn face behind `synthetic-flow`: where its parts are, and how they move.
 *
 * Lengths are pixels of a 28×28 map; x grows to the right and y downwards. Action unit numbers (AU)
 * are those of the Facial Action Coding System.
 *
 * @module
 */
import type { Rng } from "lib/core/rng.ts";

/** A patch of skin that moves: a displacement that fades out as a Gaussian. */
export interface Bump {
  readonly x: number;
  readonly y: number;
  /** Standard deviations of the patch. */
  readonly width: number;
  readonly height: number;
  /** Displacement at its centre. */
  readonly dx: number;
  readonly dy: number;
}

/** A displacement field, row-major. */
export interface Field {
  readonly u: Float32Array;
  readonly v: Float32Array;
  readonly side: number;
}

/** A person: the geometry of a face and how it tends to move. */
export interface Face {
  readonly centre: number;
  readonly browY: number;
  readonly eyeY: number;
  readonly eyeGap: number;
  readonly mouthY: number;
  readonly mouthGap: number;
  /** Scale of all intended actions. */
  readonly expressiveness: number;
  /** -1 moves only the left half, 1 only the right half, 0 both alike. */
  readonly lean: number;
  /** A movement that this person makes in any class. */
  readonly habit: Bump;
}

/** Draws a person. */
export function faceOf(stream: Rng): Face {
  const mouthY = 21 + 0.9 * stream.normal();
  const eyeY = 10 + 0.7 * stream.normal();
  return {
    centre: 13.5 + 0.6 * stream.normal(),
    browY: eyeY - 3.2 - 0.4 * stream.normal(),
    eyeY,
    eyeGap: 5.6 + 0.4 * stream.normal(),
    mouthY,
    mouthGap: 4.4 + 0.5 * stream.normal(),
    expressiveness: Math.exp(0.25 * stream.normal()),
    lean: 0.35 * stream.normal(),
    habit: {
      x: 4 + 20 * stream.next(),
      y: 5 + 19 * stream.next(),
      width: 2.5,
      height: 2.5,
      dx: 0.5 * stream.normal(),
      dy: 0.5 * stream.normal(),
    },
  };
}

/** The movements that make up a class; a clip shows only some of them, at varying strength. */
export function actionsOf(face: Face, label: number, stream: Rng): Bump[] {
  const intensity = face.expressiveness * Math.exp(0.45 * stream.normal());
  const strength = () => intensity * Math.exp(0.4 * stream.normal());
  const shown = (chance: number) => (stream.next() < chance ? strength() : 0);
  const brow = { y: face.browY, gap: face.eyeGap, width: 2.8, height: 1.9 };
  const lip = { y: face.mouthY, gap: face.mouthGap, width: 2.2, height: 2 };
  if (label === 0) {
    return [
      // AU4: brows down and together; AU15: lip corners down; AU9: nose wrinkles.
      ...pair(face, { ...brow, gap: brow.gap - 1.2, out: -0.35, dy: 0.8 }, shown(0.75)),
      ...pair(face, { ...lip, out: 0.1, dy: 0.7 }, shown(0.45)),
      ...pair(face, { y: 14, gap: 1.8, width: 1.5, height: 1.8, out: 0, dy: -0.5 }, shown(0.3)),
    ];
  }
  if (label === 1) {
    return [
      // AU12: lip corners up and out; AU6: cheeks up.
      ...pair(face, { ...lip, out: 0.5, dy: -0.7 }, shown(0.85)),
      ...pair(face, { y: 16, gap: 6, width: 2.6, height: 1.8, out: 0.1, dy: -0.5 }, shown(0.5)),
    ];
  }
  const jaw = shown(0.5);
  return [
    // AU1+2: brows up; AU26: the jaw drops; AU5: upper lids up.
    ...pair(face, { ...brow, out: 0.1, dy: -0.9 }, shown(0.85)),
    { x: face.centre, y: face.mouthY + 3, width: 3.4, height: 2, dx: 0, dy: 0.9 * jaw },
    ...pair(face, { y: face.eyeY, gap: face.eyeGap, width: 2, height: 1, out: 0, dy: -0.4 }, jaw),
  ];
}

/**
 * Movements that do not tell the class: a blink, the person's habit, a swallow, and at times an action
 * of any class, as faces show when feelings mix.
 */
export function distractorsOf(face: Face, stream: Rng): Bump[] {
  const blink = stream.next() < 0.35 ? 0.8 * stream.next() : 0;
  const habit = stream.normal();
  const swallow = stream.next() < 0.25 ? 0.5 * stream.normal() : 0;
  const mixed = stream.next() < 0.5 ? actionsOf(face, stream.integer(3), stream) : [];
  return [
    ...pair(face, { y: face.eyeY, gap: face.eyeGap, width: 2, height: 1, out: 0, dy: 1 }, blink),
    { ...face.habit, dx: face.habit.dx * habit, dy: face.habit.dy * habit },
    { x: face.centre, y: 26, width: 4, height: 1.5, dx: 0, dy: swallow },
    ...mixed.map((bump) => ({ ...bump, dx: 0.8 * bump.dx, dy: 0.8 * bump.dy })),
  ];
}

interface Paired {
  readonly y: number;
  /** Distance from the middle of the face. */
  readonly gap: number;
  readonly width: number;
  readonly height: number;
  /** Displacement away from the middle. */
  readonly out: number;
  readonly dy: number;
}

/** The same movement on both halves of a face, mirrored, the stronger on the side it leans to. */
function pair(face: Face, part: Paired, strength: number): Bump[] {
  return [-1, 1].map((half) => {
    const share = strength * Math.max(0, 1 + half * face.lean);
    return {
      x: face.centre + half * part.gap,
      y: part.y,
      width: part.width,
      height: part.height,
      dx: half * part.out * share,
      dy: part.dy * share,
    };
  });
}

/** Adds a bump to a field of side × side pixels. */
export function addBump(
  { u, v, side }: Field,
  { x, y, width, height, dx, dy }: Bump,
): void {
  if (dx === 0 && dy === 0) return;
  // A Gaussian is the product of its rows and columns: 2 × side exponentials instead of side².
  const fade = (centre: number, spread: number) =>
    Float64Array.from({ length: side }, (_, i) => Math.exp(-(((i - centre) / spread) ** 2) / 2));
  const across = fade(x, width);
  fade(y, height).forEach((down, row) => {
    for (let column = 0; column < side; column++) {
      const weight = down * across[column]!;
      u[row * side + column]! += dx * weight;
      v[row * side + column]! += dy * weight;
    }
  });
}
