/**
 * What one person's face does in one clip.
 *
 * @module
 */
import type { Rng } from "lib/core/rng.ts";
import { type ActionUnit, type Half, type Pull, pullsOf } from "./action_units.ts";
import { type CodedUnit, parseUnits } from "./emotions.ts";
import type { Point } from "./geometry.ts";

/** How a person tends to move. */
export interface Temper {
  /** Scale of all expressions. */
  readonly expressiveness: number;
  /** -1 moves only the left half of the image, 1 only the right one, 0 both alike. */
  readonly lean: number;
  /** A unit that this person moves along in many clips, whatever they feel. */
  readonly habit: ActionUnit;
  readonly habitStrength: number;
}

/** Units that come along without telling the emotion. */
const strays: readonly ActionUnit[] = [1, 2, 4, 5, 6, 7, 12, 14, 17, 24, 25];

/** Draws a person's temper. */
export function temperOf(stream: Rng): Temper {
  return {
    expressiveness: Math.exp(0.25 * stream.normal()),
    lean: 0.2 * stream.normal(),
    habit: strays[stream.integer(strays.length)]!,
    habitStrength: 0.3 + 0.7 * stream.next(),
  };
}

/**
 * The pulls of a clip: its coded units, each stronger or weaker on either half, the person's habit in
 * half of the clips, and at times a stray unit.
 *
 * @param notation units as in the sheets, such as `L12+6`
 */
export function pullsOfClip(
  notation: string,
  { points, temper, stream }: { points: readonly Point[]; temper: Temper; stream: Rng },
): Pull[] {
  const shown: [CodedUnit, number][] = parseUnits(notation).map((coded) => [
    coded,
    Math.exp(0.4 * stream.normal()),
  ]);
  const habit = stream.next() < 0.55 ? temper.habitStrength : 0;
  const stray = stream.next() < 0.5 ? 0.9 * stream.next() : 0;
  shown.push([{ unit: temper.habit }, habit]);
  shown.push([{ unit: strays[stream.integer(strays.length)]! }, stray]);
  return shown.flatMap(([{ unit, half }, strength]) =>
    ([-1, 1] as const).flatMap((side: Half) => {
      // Skin is connected: the half that does not act is dragged along a little.
      const share = half === undefined || half === side ? 1 : 0.2;
      const balance = Math.max(0.2, 1 + side * temper.lean + 0.2 * stream.normal());
      return pullsOf(unit, side, points).map((pull) =>
        varied(pull, strength * share * balance, stream)
      );
    })
  );
}

/** Muscles differ: every patch lies, reaches and pulls a little differently each time. */
function varied({ at, spread, by }: Pull, strength: number, stream: Rng): Pull {
  const reach = Math.exp(0.12 * stream.normal());
  const amount = strength * Math.exp(0.2 * stream.normal());
  return {
    at: [at[0] + 0.035 * stream.normal(), at[1] + 0.035 * stream.normal()],
    spread: [spread[0] * reach, spread[1] * reach],
    by: [amount * by[0], amount * by[1]],
  };
}
