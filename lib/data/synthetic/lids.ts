/**
 * Closing eyes: the skin above an eye is stretched down over it.
 *
 * @module
 */
import { curve, type Point } from "./geometry.ts";

/** An eye's opening, sampled from its left corner to its right one. */
export interface Eye {
  readonly left: number;
  readonly right: number;
  /** Heights of the rims at equal steps from left to right. */
  readonly upper: Float64Array;
  readonly lower: Float64Array;
  /** Where the stretched skin begins. */
  readonly crease: number;
}

const samples = 33;

/** Half the width of the lashes' line, which is drawn around the upper rim. */
const lashes = 0.012;

/** The openings of both eyes of a face. */
export function eyesOf(points: readonly Point[]): Eye[] {
  return [
    { upper: [36, 37, 38, 39], lower: [36, 41, 40, 39] },
    { upper: [42, 43, 44, 45], lower: [42, 47, 46, 45] },
  ].map(({ upper, lower }) => {
    const rims = [upper, lower].map((rim) => curve(rim.map((index) => points[index]!)));
    const left = points[upper[0]!]![0];
    const right = points[upper[3]!]![0];
    const [top, bottom] = rims.map((rim) =>
      Float64Array.from(
        { length: samples },
        (_, i) => heightAt(rim, left + (right - left) * i / (samples - 1)),
      )
    );
    return { left, right, upper: top!, lower: bottom!, crease: Math.min(...top!) - 0.17 };
  });
}

function heightAt(rim: readonly Point[], x: number): number {
  for (let i = 1; i < rim.length; i++) {
    const [ax, ay] = rim[i - 1]!;
    const [bx, by] = rim[i]!;
    if (x <= bx) return ay + (by - ay) * Math.min(1, Math.max(0, (x - ax) / (bx - ax)));
  }
  return rim.at(-1)![1];
}

/**
 * Where the skin comes from that is seen at a height when the lid is partly closed.
 *
 * @param closure 0 open to 1 closed
 * @returns the height to sample instead of y; y itself where the lid does not reach
 */
export function underLid(eye: Eye, x: number, y: number, closure: number): number {
  if (x <= eye.left || x >= eye.right || y <= eye.crease) return y;
  const at = (x - eye.left) / (eye.right - eye.left) * (samples - 1);
  const i = Math.floor(at);
  const upper = eye.upper[i]! + (at - i) * (eye.upper[i + 1]! - eye.upper[i]!);
  const lower = eye.lower[i]! + (at - i) * (eye.lower[i + 1]! - eye.lower[i]!);
  const open = upper + lashes - eye.crease;
  // Closed lids meet just above the lower rim.
  const rim = upper + lashes + closure * Math.max(0, lower - upper - 2 * lashes);
  if (y >= rim) return y;
  // The lid's edge moves as it is; the skin above it stretches.
  const t = (y - eye.crease) / (rim - eye.crease);
  const slope = Math.min(1.95, (rim - eye.crease) / open);
  return eye.crease + open * t * (2 - slope + (slope - 1) * t);
}
