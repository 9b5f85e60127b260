/**
 * What was computed, as far as costs depend on it: kept beside the seconds that it took, so that a cost
 * model can be fitted to them.
 *
 * @module
 */
import type { SizeProfile } from "lib/data/clip.ts";
import type { InputKind, Parameters } from "lib/experiment/types.ts";
import type { ClipSettings } from "lib/pipeline/settings.ts";
import type { ClipPlan } from "./clip_jobs.ts";
import type { Plan } from "./plan.ts";

/** Folds of one row on one data set. */
export interface FoldFacts {
  readonly what: "fold";
  readonly method: string;
  readonly input: InputKind;
  readonly parameters: Parameters;
  /** The name of the data set. */
  readonly data: string;
  /** Clips in all, of which each fold holds out its share. */
  readonly clips: number;
  readonly classes: number;
  /** Folds that hold out every clip once. */
  readonly folds: number;
}

/** Clips of one set, each prepared in all the ways that were wanted at once. */
export interface ClipFacts {
  readonly what: "clip";
  readonly data: string;
  readonly size: SizeProfile;
  readonly settings: readonly ClipSettings[];
  /** Mean number of frames from onset to offset. */
  readonly frames: number;
}

/** What was computed. */
export type Facts = FoldFacts | ClipFacts;

/** The facts of a plan's folds, of which there is one at least. */
export function foldFacts({ jobs, dataset, parameters }: Plan): FoldFacts {
  const { method, input, parameters: reaching } = jobs[0]!.inputs;
  return {
    what: "fold",
    method,
    input,
    parameters: reaching,
    data: dataset.name,
    clips: dataset.samples.length,
    classes: dataset.classes.length,
    folds: jobs.length / Number(parameters.seeds),
  };
}

/** The facts of clips that are prepared for several rows at once. */
export function clipFacts(plans: readonly ClipPlan[], size: SizeProfile): ClipFacts | undefined {
  const [first] = plans;
  if (first === undefined || first.set.clips.length === 0) return undefined;
  const { set } = first;
  const frames = set.clips.reduce((sum, { onset, offset }) => sum + offset - onset + 1, 0);
  const settings = new Map(plans.map(({ settings }) => [JSON.stringify(settings), settings]));
  return {
    what: "clip",
    data: set.name,
    size,
    settings: [...settings.values()],
    frames: frames / set.clips.length,
  };
}
