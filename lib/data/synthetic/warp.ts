/**
 * Where the skin of a moving face is seen, and the truth about its motion.
 *
 * @module
 */
import type { FlowField } from "lib/preprocess/flow_field.ts";
import { type FieldGrid, readField } from "./field.ts";
import type { Eye } from "./lids.ts";
import type { Moment } from "./motion.ts";
import type { View } from "./portrait.ts";

/** Where a face is in the image: face units are turned, scaled and shifted to pixels. */
export interface Pose {
  readonly width: number;
  readonly height: number;
  /** Pixel of the point between the eyes. */
  readonly x: number;
  readonly y: number;
  /** Pixels a unit. */
  readonly scale: number;
  /** Turn to the right, radians. */
  readonly roll: number;
}

/** The moving face of one clip. */
export interface Subject {
  readonly pose: Pose;
  readonly field: FieldGrid;
  readonly eyes: readonly Eye[];
}

/**
 * Pixels between the nodes at which the motion is solved for, a thirtieth of a unit; between them it
 * is interpolated.
 */
function strideOf({ scale }: Pose): number {
  return Math.max(2, Math.round(scale / 30));
}

/** For every pixel of the frame the pixel of the portrait that is seen there; x and y in turn. */
export function sourceOf(view: View, subject: Subject, moment: Moment): Float32Array {
  const { width, height } = subject.pose;
  const stride = strideOf(subject.pose);
  const columns = Math.ceil(width / stride) + 1;
  const shares = Float64Array.from(
    { length: width },
    (_, x) => (x + 0.5) / stride - Math.floor(x / stride),
  );
  const source = new Float32Array(2 * width * height);
  let above = new Float32Array(2 * columns);
  let below = new Float32Array(2 * columns);
  nodesOf(below, { view, subject, moment }, 0);
  for (let y = 0; y < height; y++) {
    const row = Math.floor(y / stride);
    if (row * stride === y) {
      [above, below] = [below, above];
      nodesOf(below, { view, subject, moment }, (row + 1) * stride);
    }
    const fy = (y + 0.5) / stride - row;
    for (let i = 0, x = 0, o = 2 * y * width; x < width; i += 2) {
      const ax = above[i]!;
      const ay = above[i + 1]!;
      const bx = below[i]!;
      const by = below[i + 1]!;
      const acrossAx = above[i + 2]! - ax;
      const acrossAy = above[i + 3]! - ay;
      const acrossBx = below[i + 2]! - bx;
      const acrossBy = below[i + 3]! - by;
      for (const end = Math.min(width, x + stride); x < end; x++, o += 2) {
        const fx = shares[x]!;
        const upX = ax + fx * acrossAx;
        const upY = ay + fx * acrossAy;
        source[o] = upX + fy * (bx + fx * acrossBx - upX);
        source[o + 1] = upY + fy * (by + fx * acrossBy - upY);
      }
    }
  }
  return source;
}

interface Scene {
  readonly view: View;
  readonly subject: Subject;
  readonly moment: Moment;
}

const moved = new Float64Array(3);

/** One line of nodes: the point m of the neutral face seen there, from m + d(m) = seen. */
function nodesOf(line: Float32Array, { view, subject, moment }: Scene, y: number): void {
  const { pose, field } = subject;
  const stride = strideOf(pose);
  const [cos, sin] = [Math.cos(pose.roll) / pose.scale, Math.sin(pose.roll) / pose.scale];
  const dy = y - pose.y;
  for (let i = 0, dx = -pose.x; i < line.length; i += 2, dx += stride) {
    const seenX = cos * dx + sin * dy;
    const seenY = cos * dy - sin * dx;
    let mx = seenX;
    let my = seenY;
    for (let pass = 0; pass < 3; pass++) {
      displace(field, moment, mx, my);
      const x = seenX - moved[0]!;
      const y = seenY - moved[1]!;
      if (x === mx && y === my) break; // The wall, which does not move.
      mx = x;
      my = y;
    }
    line[i] = (mx - view.left) * view.scale;
    line[i + 1] = (my - view.top) * view.scale;
  }
}

/** Leaves in {@linkcode moved} how far a point of the face has moved, in units. */
function displace(field: FieldGrid, moment: Moment, x: number, y: number): void {
  readField(field, x, y, moved);
  const { strength, shiftX, shiftY, turn, growth } = moment;
  const share = moved[2]!;
  // Turning about the neck, not about the nose.
  moved[0] = strength * moved[0]! + share * (shiftX + growth * x - turn * (y - 2));
  moved[1] = strength * moved[1]! + share * (shiftY + growth * (y - 0.6) + turn * x);
}

function toFace({ x: cx, y: cy, scale, roll }: Pose, x: number, y: number): [number, number] {
  const [cos, sin] = [Math.cos(roll), Math.sin(roll)];
  const dx = (x - cx) / scale;
  const dy = (y - cy) / scale;
  return [cos * dx + sin * dy, -sin * dx + cos * dy];
}

/** The pixel position of a point of the face in the onset frame. */
export function toPixel(
  { x: cx, y: cy, scale, roll }: Pose,
  x: number,
  y: number,
): [number, number] {
  const [cos, sin] = [Math.cos(roll), Math.sin(roll)];
  return [cx + scale * (cos * x - sin * y), cy + scale * (sin * x + cos * y)];
}

/** The displacement of every pixel of the onset frame to the frame of a moment; lids left out. */
export function displacementField({ pose, field }: Subject, moment: Moment): FlowField {
  const { width, height, scale, roll } = pose;
  const [cos, sin] = [Math.cos(roll), Math.sin(roll)];
  const u = new Float32Array(width * height);
  const v = new Float32Array(width * height);
  for (let i = 0; i < u.length; i++) {
    const [x, y] = toFace(pose, i % width + 0.5, Math.floor(i / width) + 0.5);
    displace(field, moment, x, y);
    u[i] = scale * (cos * moved[0]! - sin * moved[1]!);
    v[i] = scale * (sin * moved[0]! + cos * moved[1]!);
  }
  return { u, v, width, height };
}
