/**
 * What is left to do of a run, in numbers: from its plan, or from what is known of a data set that is not here.
 *
 * @module
 */
import { DataError } from "lib/core/errors.ts";
import type { LabelScheme, SizeProfile } from "lib/data/clip.ts";
import { isGenerated } from "lib/data/generated.ts";
import { dataRoot } from "lib/data/mod.ts";
import { clipSets } from "lib/experiment/data.ts";
import { resolveParameters } from "lib/experiment/parameters.ts";
import type { Experiment, Parameters } from "lib/experiment/types.ts";
import { type ClipSettings, clipSettings } from "lib/pipeline/settings.ts";
import { type ClipFacts, clipFacts, type FoldFacts, foldFacts } from "lib/run/facts.ts";
import { kindOf, openFolds } from "lib/run/folds.ts";
import { findMethod } from "lib/run/methods.ts";
import { parametersOfFolds, type Plan, type PlanCall, planRun } from "lib/run/plan.ts";
import { variantNames } from "lib/preprocess/augment.ts";
import { frameSizes, isDrawn, type KnownSet, knownSet } from "./known_sets.ts";

/** Clips that a row wants prepared. */
export interface ClipNeed {
  readonly count: number;
  readonly settings: ClipSettings;
  readonly size: SizeProfile;
  /** Mean number of frames from onset to offset. */
  readonly frames: number;
}

/** A row on a data set. */
export interface Outline {
  /** The name of the row, such as `stst-net`. */
  readonly row: string;
  /** The name of the data set. */
  readonly data: string;
  /** The kind of worker process that computes its folds. */
  readonly kind: string;
  readonly facts: FoldFacts;
  /** Folds of all repetitions, and those of them that are not there yet. */
  readonly folds: number;
  readonly open: number;
  readonly clips?: ClipNeed;
  /** The plan, where the data were looked at. */
  readonly plan?: Plan;
  /** Why the data were not looked at, and where the numbers are from instead. */
  readonly assumed?: { readonly why: string; readonly from: string };
}

/**
 * What is left of a run. Where the data set is not here, or would have to be drawn first for an hour, its
 * known size stands for it.
 *
 * @throws ParameterError or DataError as `planRun` does, of a data set that is here
 */
export async function outlineRun(
  experiment: Experiment,
  given: Readonly<Record<string, unknown>>,
  call: PlanCall,
): Promise<Outline> {
  const parameters = resolveParameters(experiment, given);
  const data = String(parameters.data);
  const size = parameters.profile as SizeProfile;
  const known = await knownSet(data, { labels: labelsOf(parameters), size });
  const why = known && await whyNotLookedAt(data, size, call.dataRoot);
  if (known && why !== undefined) return await assume({ experiment, parameters, known, why });
  return outlineOf(await planRun(experiment, given, call));
}

/** Why a data set is not looked at, if it is not; one that is here and not as locked is an error. */
async function whyNotLookedAt(
  data: string,
  size: SizeProfile,
  root: string | undefined,
): Promise<string | undefined> {
  // Nobody waits an hour for a plan.
  if (clipSets.includes(data) && isDrawn(data) && size === "paper") {
    const drawn = await isGenerated(data, size);
    return drawn ? undefined : `${data} is not drawn yet in the size of the profile paper`;
  }
  try {
    await dataRoot(data, root);
    return undefined;
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    const [what = ""] = error.message.split(". ");
    return what;
  }
}

function labelsOf({ labels = "paper" }: Parameters): LabelScheme {
  return labels as LabelScheme;
}

/** The outline of a plan. */
export function outlineOf(plan: Plan): Outline {
  const { experiment, parameters, clips, jobs } = plan;
  const facts = foldFacts(plan);
  const size = parameters.profile as SizeProfile;
  const needed = clips && clipFacts([clips], size);
  return {
    row: experiment.id,
    data: String(parameters.data),
    kind: JSON.stringify(kindOf(plan)),
    facts,
    folds: jobs.length,
    open: openFolds(plan).length,
    ...(clips && needed
      ? {
        clips: { count: clips.open.length, settings: clips.settings, size, frames: needed.frames },
      }
      : {}),
    plan,
  };
}

interface Assumption {
  readonly experiment: Experiment;
  readonly parameters: Parameters;
  readonly known: KnownSet;
  readonly why: string;
}

async function assume({ experiment, parameters, known, why }: Assumption): Promise<Outline> {
  const data = String(parameters.data);
  const resolved: Parameters = parameters.landmarks === "auto"
    ? { ...parameters, landmarks: "dlib" }
    : parameters;
  const { method: name, input } = experiment;
  const method = await findMethod(name);
  const copies = parameters.augment === "before-split" ? variantNames.length : 1;
  const clips = known.clips * copies;
  const folds = foldCount(parameters, { ...known, clips });
  const size = parameters.profile as SizeProfile;
  const sizes = frameSizes(data, size);
  const all = folds * Number(parameters.seeds);
  return {
    row: experiment.id,
    data,
    kind: JSON.stringify(kindOf({ experiment, parameters })),
    facts: {
      what: "fold",
      ...{ method: name, input, data, clips, folds },
      parameters: parametersOfFolds(method, resolved),
      classes: known.classes,
    },
    folds: all,
    open: all,
    ...(clipSets.includes(data)
      ? {
        clips: {
          count: known.clips,
          settings: clipSettings(input, resolved),
          size,
          frames: sizes!.frames,
        },
      }
      : {}),
    assumed: { why, from: `${known.clips} clips of ${known.subjects} subjects, ${known.from}` },
  };
}

function foldCount({ split, k }: Parameters, { clips, subjects }: KnownSet): number {
  if (split === "leave-one-clip-out") return clips;
  return split === "k-fold-by-subject" ? Math.min(Number(k), subjects) : subjects;
}

/** The clips of a data set that several rows want, each way once: one task prepares a clip in all ways. */
export function clipWork(
  outlines: readonly Outline[],
): { readonly facts: ClipFacts; readonly count: number } | undefined {
  const needs = outlines.flatMap(({ clips }) => clips && clips.count > 0 ? [clips] : []);
  const [first] = needs;
  if (first === undefined) return undefined;
  const settings = new Map(needs.map(({ settings }) => [JSON.stringify(settings), settings]));
  const { size, frames } = first;
  return {
    facts: {
      what: "clip",
      data: outlines[0]!.data,
      size,
      settings: [...settings.values()],
      frames,
    },
    count: Math.max(...needs.map(({ count }) => count)),
  };
}
