/**
 * Shifted and mirrored copies of an input.
 *
 * The paper shifts the face frame by 15 pixels in four directions and flips it. An input computed with a
 * margin around the crop holds every shifted version as a window, without black borders.
 *
 * @module
 */
import { sizeOf, type Volume, volume } from "lib/core/volume.ts";

/** How a version differs from the original: which way the window goes, or which sides are exchanged. */
export type VariantName =
  | "original"
  | "left"
  | "right"
  | "up"
  | "down"
  | "mirrored"
  | "upside down";

/** One version of an input. */
export interface Variant {
  /** A {@linkcode VariantName}. */
  readonly name: string;
  readonly volume: Volume;
}

/** Names the axes of an input, and refuses other shapes. */
function axesOf({ shape }: Volume): [frames: number, high: number, wide: number, channels: number] {
  const axes = shape.length === 3 ? [1, ...shape] : shape;
  const [frames = 0, high = 0, wide = 0, channels = 0] = axes;
  if (axes.length !== 4 || sizeOf(axes) === 0) {
    throw new RangeError(`An input cannot be [${shape.join(", ")}]`);
  }
  return [frames, high, wide, channels];
}

/**
 * The window of an input that lies `dx` pixels right and `dy` pixels down of its middle.
 *
 * @param input `[height + 2 margin, width + 2 margin, channels]`, or the same after `frames`
 * @throws RangeError when the window leaves the input
 */
export function window(input: Volume, margin: number, dx = 0, dy = 0): Volume {
  const [frames, high, wide, channels] = axesOf(input);
  const [width, height] = [wide - 2 * margin, high - 2 * margin];
  const whole = Number.isInteger(margin) && margin >= 0;
  if (!whole || ![dx, dy].every((by) => Number.isInteger(by) && Math.abs(by) <= margin)) {
    throw new RangeError(`A window cannot be (${dx}, ${dy}) off with a margin of ${margin}`);
  }
  if (width < 1 || height < 1) throw new RangeError(`A margin of ${margin} leaves nothing`);
  const data = new Float32Array(frames * height * width * channels);
  const row = width * channels;
  for (let i = 0; i < frames * height; i++) {
    const [frame, y] = [Math.floor(i / height), i % height];
    const from = ((frame * high + y + margin + dy) * wide + margin + dx) * channels;
    data.set(input.data.subarray(from, from + row), i * row);
  }
  return volume(data, [...input.shape.slice(0, -3), height, width, channels]);
}

/** The middle window of an input: what it is without its margin. */
export function centre(input: Volume, margin: number): Volume {
  return window(input, margin);
}

/**
 * An input with left and right exchanged.
 *
 * @param input `[height, width, channels]`, or the same after `frames`
 * @param negated channels that change their sign, such as horizontal flow
 * @throws RangeError when there is no such channel
 */
export function mirrored(input: Volume, negated: readonly number[] = []): Volume {
  const [, , wide, channels] = axesOf(input);
  return exchanged(input, { length: wide, inner: channels, negated });
}

/**
 * An input with top and bottom exchanged.
 *
 * @param input as of {@linkcode mirrored}
 * @param negated channels that change their sign, such as vertical flow
 * @throws RangeError when there is no such channel
 */
export function upsideDown(input: Volume, negated: readonly number[] = []): Volume {
  const [, high, wide, channels] = axesOf(input);
  return exchanged(input, { length: high, inner: wide * channels, negated });
}

/** Turns an axis round: one of `length` steps, each of `inner` values. */
function exchanged(
  input: Volume,
  { length, inner, negated }: {
    readonly length: number;
    readonly inner: number;
    readonly negated: readonly number[];
  },
): Volume {
  const channels = input.shape.at(-1)!;
  const signs = new Float32Array(channels).fill(1);
  for (const channel of negated) {
    if (signs[channel] === undefined) {
      throw new RangeError(`An input of ${channels} channels has no channel ${channel}`);
    }
    signs[channel] = -1;
  }
  const data = new Float32Array(input.data.length);
  for (let i = 0; i < data.length; i++) {
    const step = Math.floor(i / inner) % length;
    // A flow of 0 stays +0.
    data[i] = signs[i % channels]! * input.data[i + (length - 1 - 2 * step) * inner]! + 0;
  }
  return volume(data, input.shape);
}

/** How a {@linkcode variant} is made. */
export interface VariantOptions {
  /** Pixels on each side of the input that are no part of the original. */
  readonly margin: number;
  /** Pixels that shifted versions are off, at most the margin; the whole margin if not given. */
  readonly shift?: number;
  /** Channels whose sign changes when the input is mirrored, such as horizontal flow. */
  readonly mirrorNegates?: readonly number[];
  /** Channels whose sign changes when it is turned upside down, such as vertical flow. */
  readonly flipNegates?: readonly number[];
}

/**
 * One version of an input.
 *
 * @param input with `margin` pixels on each side
 * @throws RangeError when a window leaves the input, or there is no such channel
 */
export function variant(input: Volume, name: VariantName, options: VariantOptions): Variant {
  const { margin, shift = margin, mirrorNegates, flipNegates } = options;
  const make: Record<VariantName, () => Volume> = {
    original: () => centre(input, margin),
    left: () => window(input, margin, -shift, 0),
    right: () => window(input, margin, shift, 0),
    up: () => window(input, margin, 0, -shift),
    down: () => window(input, margin, 0, shift),
    mirrored: () => mirrored(centre(input, margin), mirrorNegates),
    "upside down": () => upsideDown(centre(input, margin), flipNegates),
  };
  return { name, volume: make[name]() };
}

/** The versions that {@linkcode variants} makes. */
export const variantNames: readonly VariantName[] = [
  "original",
  "left",
  "right",
  "up",
  "down",
  "mirrored",
];

/**
 * The versions of an input: as it is, shifted by the whole margin to the left, right, up and down, and
 * mirrored.
 *
 * DEVIATION: the paper speaks of a "vertical flip" and of a set "four times larger", with five copies
 * named. Faces are mirrored here, about the vertical axis: upside-down faces do not occur. The literal
 * flip is `variant(input, "upside down", …)`.
 *
 * @param input with `margin` pixels on each side
 * @param negated channels that change their sign when mirrored
 * @throws RangeError as {@linkcode variant}
 */
export function variants(
  input: Volume,
  margin: number,
  negated: readonly number[] = [],
): Variant[] {
  return variantNames.map((name) => variant(input, name, { margin, mirrorNegates: negated }));
}
