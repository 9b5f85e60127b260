/**
 * Taking the head's motion out of a flow field: most of the face is at rest during a micro-expression,
 * so the median of the flow is the head's.
 *
 * @module
 */
import type { FlowField } from "./flow_field.ts";

/** A flow field without drift, and what was subtracted, in pixels. */
export interface Driftless {
  readonly flow: FlowField;
  readonly u: number;
  readonly v: number;
}

/**
 * Subtracts the median of u and of v. The given field is left as it is.
 *
 * @throws RangeError when the field is empty or not finite
 */
export function removeDrift({ u, v, width, height }: FlowField): Driftless {
  const drift = { u: median("u", u), v: median("v", v) };
  const flow = {
    u: u.map((value) => value - drift.u),
    v: v.map((value) => value - drift.v),
    width,
    height,
  };
  return { flow, ...drift };
}

/** The middle value, or the mean of the two middle ones. */
function median(name: string, values: Float32Array): number {
  const sorted = values.toSorted();
  // NaN sorts to the end, infinity to either.
  if (!Number.isFinite(sorted[0]) || !Number.isFinite(sorted.at(-1))) {
    throw new RangeError(`The flow's ${name} is ${sorted.length === 0 ? "empty" : "not finite"}`);
  }
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
