/**
 * The cost model: seconds of folds and clips from what was measured on this machine, and, for what was not,
 * from measurements that come with the software, as much faster or slower as this machine is.
 *
 * @module
 */
import type { ClipFacts, FoldFacts } from "lib/run/facts.ts";
import { type Timing, timingKey, type Timings } from "lib/run/timings.ts";
import { clipStart, clipTerms } from "./clip_terms.ts";
import { fitCoefficients, leaveOutErrors, type Measurement, median, secondsOf } from "./fit.ts";
import { type Reference, reference as committed } from "./reference.ts";
import { foldTerms, type NetworkWork, networkWork, sumTerms, type Terms } from "./terms.ts";

/** What a fold, or a clip, costs in seconds of one core. */
export interface Cost {
  /** Each of them. */
  readonly each: number;
  /** Once in each process that does any of them. */
  readonly once: number;
  /** Whether just this was measured here, or how it follows from other measurements. */
  readonly from: "measured" | "calculated";
}

/** A fitted model. */
export interface CostModel {
  fold(facts: FoldFacts): Promise<Cost>;
  /** What a fold's trainings compute, as {@linkcode networkWork}. */
  network(facts: FoldFacts): Promise<NetworkWork | undefined>;
  clip(facts: ClipFacts): Cost;
  /** Seconds of a notebook. */
  readonly notebook: number;
  /** Seconds of starting a process that computes folds of networks. */
  readonly start: number;
  /** What it was fitted to. */
  readonly basis: {
    /** Kinds of folds and clips that were measured on this machine. */
    readonly own: number;
    readonly reference: number;
    /** The machine of the reference. */
    readonly machine: string;
    /** This machine's time over the reference's; 1 where nothing was measured here. */
    readonly slower: number;
  };
  /** Median relative error over kinds of folds that the model is fitted without. */
  readonly error: number | undefined;
}

/** The measurements among timings: the first task of a process apart from the others, where that is known. */
export async function measurementsOf(timings: Timings): Promise<Measurement[]> {
  const found: Measurement[] = [];
  for (const { facts, ...timing } of Object.values(timings)) {
    if (facts?.what === "fold") {
      const { each, once, start } = await foldTerms(facts);
      found.push(
        ...measured(timing, {
          group: facts.method,
          each,
          begin: sumTerms([[1, once], [1, start]]),
        }),
      );
    } else if (facts?.what === "clip") {
      found.push(...measured(timing, { group: "clips", each: clipTerms(facts), begin: clipStart }));
    }
  }
  return found;
}

interface Parts {
  readonly group: string;
  readonly each: Terms;
  readonly begin: Terms;
}

function measured({ count, seconds, fresh }: Timing, { group, each, begin }: Parts): Measurement[] {
  const begun = fresh?.count ?? 0;
  const warm = count - begun;
  return [
    ...(fresh === undefined
      ? []
      : [{ group, terms: sumTerms([[1, each], [1, begin]]), seconds: fresh.seconds / begun }]),
    ...(warm === 0
      ? []
      : [{ group, terms: each, seconds: (seconds - (fresh?.seconds ?? 0)) / warm }]),
  ];
}

/**
 * Fits the model.
 *
 * @param timings what was measured on this machine
 * @param reference what was measured elsewhere; what comes with the software when left out
 */
export async function openCostModel(
  timings: Timings,
  reference: Reference = committed,
): Promise<CostModel> {
  const own = await measurementsOf(timings);
  const { measurements, machine } = reference;
  const slower = howMuchSlower(own, measurements);
  const elsewhere = measurements.map((one) => ({ ...one, seconds: one.seconds * slower }));
  const all = [...own, ...elsewhere];
  const fit = fitCoefficients(all);
  const errorsOf = (tested: readonly Measurement[]): number[] =>
    leaveOutErrors(all, (one) => tested.includes(one) && one.group !== "clips");
  const ownErrors = errorsOf(own);
  const errors = ownErrors.length > 0 ? ownErrors : errorsOf(elsewhere);
  const told = (terms: Terms): number => secondsOf(terms, fit) ?? 0;
  const notebook = timings.notebook;
  return {
    async fold(facts) {
      const { each, once } = await foldTerms(facts);
      const timing = timings[timingKey({ ...facts, data: { name: facts.data, digest: "" } })];
      const known = timing && warmSeconds(timing);
      return {
        ...{ each: known ?? told(each), once: told(once) },
        from: known === undefined ? "calculated" : "measured",
      };
    },
    network: networkWork,
    clip(facts) {
      return { each: told(clipTerms(facts)), once: told(clipStart), from: "calculated" };
    },
    notebook: notebook ? notebook.seconds / notebook.count : reference.notebook * slower,
    start: told({ "process starts": 1 }),
    basis: {
      own: Object.values(timings).filter(({ facts }) => facts !== undefined).length,
      reference: measurements.length,
      ...{ machine, slower },
    },
    error: median(errors),
  };
}

/** What the reference's fit tells too little of its own measurements is no matter of the machine. */
function howMuchSlower(own: readonly Measurement[], measurements: readonly Measurement[]): number {
  const fit = fitCoefficients(measurements);
  const ratio = (measured: readonly Measurement[]): number =>
    median(measured.flatMap(({ terms, seconds }) => {
      const told = secondsOf(terms, fit);
      return told === undefined || told === 0 ? [] : [seconds / told];
    })) ?? 1;
  return own.length === 0 ? 1 : ratio(own) / ratio(measurements);
}

/** The mean of the tasks for which no process was started; of all where every one began a process. */
function warmSeconds({ count, seconds, fresh }: Timing): number {
  if (fresh === undefined || fresh.count === count) return seconds / count;
  return (seconds - fresh.seconds) / (count - fresh.count);
}
