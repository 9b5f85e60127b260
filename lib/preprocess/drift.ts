/**
 * Taking the head's motion out of a flow field: most of the face is at rest during a micro-expression,
 * so the median of the flow is the head's.
 *
 * @module
 */
import type { FlowField } from "./flow_field.ts";

/** Where the head's motion is read: over the whole field, or on the nose, which few expressions move. */
export type DriftMethod = "median" | "nose";

/** A flow field without drift, and what was subtracted, in pixels. */
export interface Driftless {
  readonly flow: FlowField;
  readonly u: number;
  readonly v: number;
}

/**
 * Subtracts the median of u and of v: of all pixels, or of those in the box around the nose. The given
 * field is left as it is.
 *
 * @param method `nose` serves fields of which large parts move, or show the background
 * @param landmarks for `nose`: 68 points, x and y in turn, in pixels of the field
 * @throws RangeError when the field is empty or not finite, its sizes disagree, or there are no points
 * of a nose within it
 */
export function removeDrift(
  field: FlowField,
  method: DriftMethod = "median",
  landmarks?: ArrayLike<number>,
): Driftless {
  const { width, height } = field;
  for (const [name, { length }] of Object.entries({ u: field.u, v: field.v })) {
    if (length === 0) throw new RangeError(`The flow's ${name} is empty`);
    if (length !== width * height) {
      throw new RangeError(`The flow's ${name} has ${length} values, not ${width} × ${height}`);
    }
  }
  requireFinite("u", field.u);
  requireFinite("v", field.v);
  const box = method === "nose" ? noseBox(field, landmarks) : { left: 0, top: 0, width, height };
  const u = median(valuesIn(box, field.u, width));
  const v = median(valuesIn(box, field.v, width));
  return { flow: { u: minus(field.u, u), v: minus(field.v, v), width, height }, u, v };
}

function requireFinite(name: string, values: Float32Array): void {
  for (const value of values) {
    if (!Number.isFinite(value)) throw new RangeError(`The flow's ${name} is not finite`);
  }
}

function minus(values: Float32Array, drift: number): Float32Array {
  const result = new Float32Array(values.length);
  for (let i = 0; i < result.length; i++) result[i] = values[i]! - drift;
  return result;
}

interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** The pixels within the bridge and the base of the nose, points 27 to 35. */
function noseBox({ width, height }: FlowField, landmarks: ArrayLike<number> = []): Box {
  const nose = Array.from({ length: 18 }, (_, i) => landmarks[54 + i] ?? NaN);
  if (landmarks.length !== 136 || !nose.every(Number.isFinite)) {
    throw new RangeError(`The landmarks are not 68 finite points: the nose is unknown`);
  }
  const xs = nose.filter((_, i) => i % 2 === 0);
  const ys = nose.filter((_, i) => i % 2 === 1);
  const left = Math.max(0, Math.floor(Math.min(...xs)));
  const top = Math.max(0, Math.floor(Math.min(...ys)));
  const right = Math.min(width, Math.ceil(Math.max(...xs)) + 1);
  const bottom = Math.min(height, Math.ceil(Math.max(...ys)) + 1);
  if (right <= left || bottom <= top) {
    throw new RangeError(`The landmarks' nose lies outside of ${width} × ${height} pixels`);
  }
  return { left, top, width: right - left, height: bottom - top };
}

function valuesIn(box: Box, values: Float32Array, pitch: number): Float32Array {
  const result = new Float32Array(box.width * box.height);
  for (let y = 0; y < box.height; y++) {
    const start = (box.top + y) * pitch + box.left;
    result.set(values.subarray(start, start + box.width), y * box.width);
  }
  return result;
}

/** The middle value, or the mean of the two middle ones. Changes the order of what it is given. */
function median(values: Float32Array): number {
  const middle = values.length >> 1;
  const upper = moveInPlace(values, middle);
  if (values.length % 2 === 1) return upper;
  let lower = -Infinity;
  for (let i = 0; i < middle; i++) lower = Math.max(lower, values[i]!);
  return (lower + upper) / 2;
}

/**
 * Reorders values until the one that sorting would bring to `place` is there, the smaller ones before it
 * and the larger ones after it (C. A. R. Hoare's FIND): a tenth of the time of sorting them all.
 */
function moveInPlace(values: Float32Array, place: number): number {
  let [first, last] = [0, values.length - 1];
  while (first < last) {
    const pivot = values[(first + last) >> 1]!;
    let [i, j] = [first, last];
    while (i <= j) {
      while (values[i]! < pivot) i++;
      while (values[j]! > pivot) j--;
      if (i <= j) {
        const swap = values[i]!;
        values[i++] = values[j]!;
        values[j--] = swap;
      }
    }
    if (place <= j) last = j;
    else if (place >= i) first = i;
    else break;
  }
  return values[place]!;
}
