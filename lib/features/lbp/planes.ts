/**
 * Where local binary patterns look: the sample points around a voxel in the three orthogonal planes of a
 * clip.
 *
 * @module
 */
import type { Volume } from "lib/core/volume.ts";

/** The planes through a voxel: one across the frame, two along time. */
export const planes = ["xy", "xt", "yt"] as const;

/** One of {@linkcode planes}. */
export type Plane = typeof planes[number];

/** How far neighbours lie. */
export interface Radii {
  /** Half axes of the ellipses in pixels (x, y) and frames (t), positive. */
  readonly radii: { readonly x: number; readonly y: number; readonly t: number };
}

/** The ellipses on which neighbours lie. */
export interface Neighbourhood extends Radii {
  /** How many neighbours in each plane, 1 to 16. */
  readonly neighbours: Readonly<Record<Plane, number>>;
}

/** A voxel next to the centre, by whole steps, with its share of a sample. */
export interface Tap {
  readonly x: number;
  readonly y: number;
  readonly t: number;
  /** In single precision; the shares of a sample sum up to 1. */
  readonly weight: number;
}

/** A sample between voxels, bilinear: one to four of them. */
export type Sample = readonly Tap[];

/** Voxels without all of their neighbours, on each side. */
export interface Border {
  readonly x: number;
  readonly y: number;
  readonly t: number;
}

/**
 * The neighbours p = 0 … P − 1 of a voxel in a plane, at the angles φ = 2πp/P (Zhao and Pietikäinen,
 * "Dynamic texture recognition using local binary patterns with an application to facial expressions",
 * IEEE TPAMI 29(6), 2007):
 * - xy: (x + Rx cos φ, y − Ry sin φ, t)
 * - xt: (x + Rx cos φ, y, t − Rt sin φ)
 * - yt: (x, y − Ry cos φ, t − Rt sin φ)
 *
 * Offsets are rounded to five decimals, as scikit-image rounds them: without that, a neighbour on an axis
 * would lie beside its voxel by a rounding error.
 *
 * @throws RangeError for a radius that is not positive, or a number of neighbours that is not 1 to 16
 */
export function samplesOf(plane: Plane, { radii, neighbours }: Neighbourhood): Sample[] {
  const count = neighbours[plane];
  if (!Number.isInteger(count) || count < 1 || count > 16) {
    throw new RangeError(`A plane has 1 to 16 neighbours, got ${count} for ${plane}`);
  }
  for (const [axis, radius] of Object.entries(radii)) {
    if (!(radius > 0 && radius < Infinity)) {
      throw new RangeError(`A radius must be positive, got ${radius} for ${axis}`);
    }
  }
  return Array.from({ length: count }, (_, p) => {
    const angle = 2 * Math.PI * p / count;
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    switch (plane) {
      case "xy":
        return bilinear(radii.x * cos, -radii.y * sin, (x, y) => ({ x, y, t: 0 }));
      case "xt":
        return bilinear(radii.x * cos, -radii.t * sin, (x, t) => ({ x, y: 0, t }));
      case "yt":
        return bilinear(-radii.y * cos, -radii.t * sin, (y, t) => ({ x: 0, y, t }));
    }
  });
}

/** The border that the radii need; the same for all planes, so that all have codes of the same voxels. */
export function borderOf({ radii }: Radii): Border {
  return { x: Math.ceil(radii.x), y: Math.ceil(radii.y), t: Math.ceil(radii.t) };
}

/**
 * The shape of the codes of a clip: its own less the border.
 *
 * @returns `[frames, height, width]`
 * @throws RangeError when the clip is not `[frames, height, width]` or has no voxel with all neighbours
 */
export function codedShape(clip: Volume, around: Radii): [number, number, number] {
  const [frames = 0, height = 0, width = 0] = clip.shape;
  if (clip.shape.length !== 3) {
    throw new RangeError(`Expected a clip [frames, height, width], got [${clip.shape.join(", ")}]`);
  }
  const border = borderOf(around);
  const shape: [number, number, number] = [
    frames - 2 * border.t,
    height - 2 * border.y,
    width - 2 * border.x,
  ];
  if (shape.some((side) => side < 1)) {
    throw new RangeError(
      `A clip of ${frames} frames of ${width}×${height} pixels has no voxel with neighbours at ` +
        `${border.x}, ${border.y} and ${border.t} in x, y and t`,
    );
  }
  return shape;
}

type Place = (across: number, along: number) => Omit<Tap, "weight">;

/** A sample at an offset within a plane; taps without a share are left out. */
function bilinear(across: number, along: number, place: Place): Sample {
  const [a, b] = [rounded(across), rounded(along)];
  const [left, top] = [Math.floor(a), Math.floor(b)];
  const [right, bottom] = [a - left, b - top];
  const corners = [
    { ...place(left, top), weight: (1 - right) * (1 - bottom) },
    { ...place(left + 1, top), weight: right * (1 - bottom) },
    { ...place(left, top + 1), weight: (1 - right) * bottom },
    { ...place(left + 1, top + 1), weight: right * bottom },
  ];
  return corners.filter(({ weight }) => weight > 0)
    .map((tap) => ({ ...tap, weight: Math.fround(tap.weight) }));
}

function rounded(offset: number): number {
  return Math.round(offset * 1e5) / 1e5;
}
