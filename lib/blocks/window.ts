/**
 * The geometry that convolutions and poolings share.
 *
 * @module
 */
import type { Shape } from "./block.ts";

/** One number for all axes, or one for each. */
export type PerAxis = number | readonly number[];

/**
 * `valid`: no padding. `same`: output side = ceil(input side / stride), the odd cell of padding at the
 * end (TensorFlow's rule). A number, or one for each axis: so many cells on both sides (PyTorch's).
 */
export type Padding = "valid" | "same" | PerAxis;

/** A window that slides over the spatial axes of an input. */
export interface Window {
  readonly size: readonly number[];
  readonly strides: readonly number[];
  readonly padding: "valid" | "same" | readonly number[];
}

/** How a window is written down in a network. */
export interface WindowOptions {
  readonly size: PerAxis;
  readonly strides: PerAxis;
  readonly padding: Padding;
}

/**
 * Spells out a window for 2 or 3 spatial axes.
 *
 * @throws RangeError when a list has another length than there are axes
 */
export function windowOf(axes: number, { size, strides, padding }: WindowOptions): Window {
  return {
    size: spell(axes, size),
    strides: spell(axes, strides),
    padding: typeof padding === "string" ? padding : spell(axes, padding),
  };
}

/**
 * The spatial shape that a window gives; PyTorch's floor rule: cells that do not fill a last window are
 * left out.
 *
 * @param input `[...spatial, channels]`
 * @throws RangeError when the input has other axes, or is smaller than the window
 */
export function slide({ size, strides, padding }: Window, input: Shape): number[] {
  if (input.length !== size.length + 1) {
    throw new RangeError(
      `A window of ${size.length} axes cannot slide over a shape [${input.join(", ")}]`,
    );
  }
  return size.map((side, axis) => {
    const [length, stride] = [input[axis] as number, strides[axis] as number];
    if (padding === "same") return Math.ceil(length / stride);
    const padded = length + (padding === "valid" ? 0 : 2 * (padding[axis] as number));
    const steps = Math.floor((padded - side) / stride);
    if (steps < 0) {
      throw new RangeError(
        `A window of [${size.join(", ")}] does not fit into a shape [${input.join(", ")}]`,
      );
    }
    return steps + 1;
  });
}

/** Amounts for `tf.pad` on a batch; undefined when the window asks for no explicit padding. */
export function explicitPadding({ padding }: Window): [number, number][] | undefined {
  if (typeof padding === "string" || padding.every((cells) => cells === 0)) return undefined;
  return [[0, 0], ...padding.map((cells): [number, number] => [cells, cells]), [0, 0]];
}

function spell(axes: number, value: PerAxis): readonly number[] {
  if (typeof value === "number") return Array<number>(axes).fill(value);
  if (value.length !== axes) {
    throw new RangeError(`Expected ${axes} numbers, one an axis, got [${value.join(", ")}]`);
  }
  return value;
}
