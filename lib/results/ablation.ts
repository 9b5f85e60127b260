/**
 * The ablation of the paper's figure 11: what each step adds, ours with intervals, and beside it what the
 * paper says, never mixed.
 *
 * @module
 */
import { UserError } from "lib/core/errors.ts";
import { rng } from "lib/core/rng.ts";
import { differenceInterval, type Interval } from "lib/protocol/statistics.ts";
import { compareText } from "./check.ts";
import { findGains, type Published, type PublishedGain } from "./published.ts";
import { cautions, scoreMetrics, type ScoreName, scoresOf } from "./scores.ts";
import type { Result } from "./types.ts";

/** The steps by the ids of their experiments, each with all that the ones before it have. */
export const ablationSteps = ["frames", "flow", "attention", "spatial", "temporal"] as const;

/** One of {@linkcode ablationSteps}. */
export type AblationStep = typeof ablationSteps[number];

/** A score with its 95 % interval over subjects. */
export type BarValue = Pick<Interval, "estimate" | "low" | "high">;

/** What a step adds to the one before it. */
export interface StepGain {
  readonly over: AblationStep;
  readonly estimate: number;
  /** 95 %, paired over subjects; null where the two are not of the same clips. */
  readonly interval: { readonly low: number; readonly high: number } | null;
}

/** One bar of the figure. */
export interface AblationBar {
  readonly step: AblationStep;
  readonly title: string;
  readonly optimistic: boolean;
  readonly value: BarValue;
  /** Null for the first step, and where the step before it has no result. */
  readonly gain: StepGain | null;
  /** What the paper says of this step, on its own clips. */
  readonly paper: readonly PublishedGain[];
}

/** The bars of a data set under a protocol. */
export interface Ablation {
  readonly data: string;
  readonly synthetic: boolean;
  readonly protocol: "strict" | "paper";
  readonly score: ScoreName;
  readonly clips: number;
  readonly subjects: number;
  readonly seeds: number;
  /** In the order of {@linkcode ablationSteps}; steps without a result are left out. */
  readonly bars: readonly AblationBar[];
  /** What must be said beside its numbers. */
  readonly cautions: readonly string[];
}

/** The paper's data set that a generated one is shaped like. */
const shapedLike: Readonly<Record<string, string>> = {
  "synthetic-smic": "smic-hs",
  "synthetic-samm": "samm",
  "synthetic-casme2": "casme2",
};

/** The order of the paper's figures. */
const paperOrder = ["smic-hs", "samm", "casme2"];

/**
 * The ablations among results: one for each data set and protocol, data sets in the paper's order, the
 * strict protocol before the paper's. Results that are no step are left out.
 *
 * @throws RangeError when a step has two results on a data set under a protocol, UserError when a result
 * cannot be scored
 */
export function ablations(
  results: readonly Result[],
  published: Published,
  score: ScoreName = "accuracy",
): Ablation[] {
  const steps = results.filter(({ metadata }) => isStep(metadata.experiment.id));
  const groups = Map.groupBy(
    steps,
    ({ metadata }) => JSON.stringify([metadata.data.name, metadata.protocol]),
  );
  return [...groups.values()].map((group) => toAblation(group, published, score)).sort((a, b) =>
    placeOf(a.data) - placeOf(b.data) || compareText(a.data, b.data) ||
    compareText(b.protocol, a.protocol)
  );
}

function isStep(id: string): id is AblationStep {
  return (ablationSteps as readonly string[]).includes(id);
}

function placeOf(data: string): number {
  const place = paperOrder.indexOf(shapedLike[data] ?? data);
  return place < 0 ? paperOrder.length : place;
}

function toAblation(
  group: readonly Result[],
  published: Published,
  score: ScoreName,
): Ablation {
  const byStep = new Map<AblationStep, Result>();
  for (const result of group) {
    const { experiment, data, protocol } = result.metadata;
    const step = experiment.id as AblationStep;
    if (byStep.has(step)) {
      throw new RangeError(
        `There are two results of ${step} on ${data.name}, ${protocol} protocol`,
      );
    }
    byStep.set(step, result);
  }
  const ordered = ablationSteps.flatMap((step) => byStep.get(step) ?? []);
  const { metadata, predictions } = ordered[0] as Result;
  const { data, protocol } = metadata;
  return {
    data: data.name,
    synthetic: data.synthetic,
    protocol,
    score,
    clips: new Set(predictions.map(({ clip }) => clip)).size,
    subjects: new Set(predictions.map(({ subject }) => subject)).size,
    seeds: new Set(predictions.map(({ seed }) => seed)).size,
    bars: ordered.map((result) => toBar(result, { byStep, published, score })),
    cautions: [...new Set(ordered.flatMap((result) => cautions(result)))],
  };
}

interface Context {
  readonly byStep: ReadonlyMap<AblationStep, Result>;
  readonly published: Published;
  readonly score: ScoreName;
}

function toBar(result: Result, { byStep, published, score }: Context): AblationBar {
  const { experiment, classes, data, optimistic } = result.metadata;
  const step = experiment.id as AblationStep;
  const over = ablationSteps[ablationSteps.indexOf(step) - 1];
  const before = over && byStep.get(over);
  const { estimate, low, high } = scoresOf(result.predictions, classes).intervals[score];
  const paper = findGains(published, {
    row: step,
    data: shapedLike[data.name] ?? data.name,
    score,
  });
  return {
    step,
    title: experiment.title,
    optimistic,
    value: { estimate, low, high },
    gain: over && before ? gainOf(result, before, { over, score }) : null,
    paper: paper.filter((gain) => gain.over === over),
  };
}

function gainOf(
  result: Result,
  before: Result,
  { over, score }: { readonly over: AblationStep; readonly score: ScoreName },
): StepGain {
  try {
    const pair = { first: result.predictions, second: before.predictions };
    const options = { rng: rng(1, "difference") };
    const { estimate, low, high } = differenceInterval(pair, scoreMetrics[score], options);
    return { over, estimate, interval: { low, high } };
  } catch (error) {
    // Different clips, as when some dropped out of one of them: there is nothing to pair.
    if (!(error instanceof UserError)) throw error;
    const [after, earlier] = [result, before].map(({ predictions, metadata }) =>
      scoresOf(predictions, metadata.classes).composite[score]
    );
    return { over, estimate: after! - earlier!, interval: null };
  }
}
