/**
 * Shifted and mirrored copies of an input.
 *
 * The paper shifts the face frame by 15 pixels in four directions and flips it. An input computed with a
 * margin around the crop holds every shifted version as a window, without black borders.
 *
 * @module
 */
import { sizeOf, type Volume, volume } from "lib/core/volume.ts";

/** One version of an input. */
export interface Variant {
  /** `original`, `left`, `right`, `up`, `down` or `mirrored`. */
  readonly name: string;
  readonly volume: Volume;
}

/**
 * The window of an input that lies `dx` pixels right and `dy` pixels down of its middle.
 *
 * @param input `[height + 2 margin, width + 2 margin, channels]`, or the same after `frames`
 * @throws RangeError when the window leaves the input
 */
export function window(input: Volume, margin: number, dx = 0, dy = 0): Volume {
  if (input.shape.length !== 3 && input.shape.length !== 4) {
    throw new RangeError(`Cannot take a window of [${input.shape.join(", ")}]`);
  }
  const [channels = 0, wide = 0, high = 0, frames = 1] = input.shape.toReversed();
  const [width, height] = [wide - 2 * margin, high - 2 * margin];
  if (![margin, dx, dy].every(Number.isInteger) || Math.max(Math.abs(dx), Math.abs(dy)) > margin) {
    throw new RangeError(`A window cannot be (${dx}, ${dy}) off with a margin of ${margin}`);
  }
  if (width < 1 || height < 1) throw new RangeError(`A margin of ${margin} leaves nothing`);
  const shape = input.shape.length === 4
    ? [frames, height, width, channels]
    : [height, width, channels];
  const data = new Float32Array(sizeOf(shape));
  const row = width * channels;
  for (let i = 0; i < frames * height; i++) {
    const [frame, y] = [Math.floor(i / height), i % height];
    const from = ((frame * high + y + margin + dy) * wide + margin + dx) * channels;
    data.set(input.data.subarray(from, from + row), i * row);
  }
  return volume(data, shape);
}

/**
 * An input with left and right exchanged.
 *
 * @param input `[…, width, channels]`
 * @param negated channels that change their sign, such as horizontal flow
 */
export function mirrored(input: Volume, negated: readonly number[] = []): Volume {
  const [channels = 0, width = 0] = input.shape.toReversed();
  const data = new Float32Array(input.data.length);
  for (let i = 0; i < data.length; i++) {
    const channel = i % channels;
    const x = Math.floor(i / channels) % width;
    const from = i + (width - 1 - 2 * x) * channels;
    data[i] = negated.includes(channel) ? -input.data[from]! : input.data[from]!;
  }
  return volume(data, input.shape);
}

/**
 * The versions of an input: as it is, shifted by the whole margin to the left, right, up and down, and
 * mirrored.
 *
 * DEVIATION: the paper speaks of a "vertical flip" and of a set "four times larger", with five copies
 * named. Faces are mirrored here, about the vertical axis: upside-down faces do not occur.
 *
 * @param input with `margin` pixels on each side
 * @param negated channels that change their sign when mirrored
 */
export function variants(input: Volume, margin: number, negated: readonly number[]): Variant[] {
  const original = window(input, margin);
  const shifted = (name: string, dx: number, dy: number) => ({
    name,
    volume: window(input, margin, dx * margin, dy * margin),
  });
  return [
    { name: "original", volume: original },
    shifted("left", -1, 0),
    shifted("right", 1, 0),
    shifted("up", 0, -1),
    shifted("down", 0, 1),
    { name: "mirrored", volume: mirrored(original, negated) },
  ];
}
