/**
 * The measurements that come with the software, made by `tasks/plan_reference.ts`.
 *
 * @module
 */
import type { Measurement } from "./fit.ts";
import file from "./reference.json" with { type: "json" };

/** Measurements of another machine. */
export interface Reference {
  /** What they were measured on. */
  readonly machine: string;
  /** Seconds of a notebook. */
  readonly notebook: number;
  readonly measurements: readonly Measurement[];
}

/** What comes with the software. */
export const reference: Reference = file as Reference;
