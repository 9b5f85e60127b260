/**
 * Pairs of drawn faces, at rest and at the apex of an expression, with the motion that was drawn.
 *
 * @module
 */
import { type Volume, volume } from "lib/core/volume.ts";
import type { Recording } from "lib/data/synthetic/recording.ts";
import { toGrey } from "lib/preprocess/frame.ts";
import { drawnPeople } from "./drawn_clips.ts";
import type { Pair } from "./pairs.ts";

/** Where a square is cut out. */
interface Cut {
  readonly left: number;
  readonly top: number;
  readonly side: number;
}

/** Draws four people for each of some sides: squares around the middle of the face. */
export function drawFacePairs(sides: readonly number[]): Map<number, Pair[]> {
  const pairs = new Map(sides.map((side) => [side, [] as Pair[]]));
  for (const recording of drawnPeople(4)) {
    const [from, to] = [recording.onset, recording.apex].map((n) => toGrey(recording.frame(n)));
    const { u, v } = recording.truth.displacement(recording.apex);
    for (const side of sides) {
      const cut = middleOf(recording, side);
      const motion = (data: Float32Array) => cutOut({ ...from!, data }, cut).data;
      pairs.get(side)!.push({
        from: rounded(cutOut(from!, cut)),
        to: rounded(cutOut(to!, cut)),
        truth: { u: motion(u), v: motion(v), width: side, height: side },
      });
    }
  }
  return pairs;
}

function middleOf({ truth: { landmarks } }: Recording, side: number): Cut {
  const middle = (first: number) => {
    const values = landmarks.filter((_, i) => i % 2 === first);
    return (Math.min(...values) + Math.max(...values)) / 2;
  };
  return { left: Math.round(middle(0) - side / 2), top: Math.round(middle(1) - side / 2), side };
}

function cutOut({ data, shape }: Volume, { left, top, side }: Cut): Volume {
  const width = shape[1]!;
  const result = new Float32Array(side * side);
  for (let y = 0; y < side; y++) {
    const start = (top + y) * width + left;
    result.set(data.subarray(start, start + side), y * side);
  }
  return volume(result, [side, side]);
}

/** To the 8 bits that OpenCV's flow takes. */
function rounded({ data, shape }: Volume): Volume {
  return volume(data.map((grey) => Math.round(grey * 255) / 255), shape);
}
