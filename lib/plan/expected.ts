/**
 * How long work is expected to take that was never timed on this machine, so that it can be put in order and
 * the time that is left can be told from the first minute.
 *
 * @module
 */
import type { Facts } from "lib/run/facts.ts";
import type { Timings } from "lib/run/timings.ts";
import { openCostModel } from "./model.ts";

/**
 * What was timed, and for the rest what the cost model says.
 *
 * @param facts the kinds of work that are to be done, by the keys of the timings
 */
export async function expectedTimings(
  facts: Readonly<Record<string, Facts>>,
  timings: Timings,
): Promise<Timings> {
  const unknown = Object.entries(facts).filter(([key]) => !(key in timings));
  if (unknown.length === 0) return timings;
  const model = await openCostModel(timings);
  const told = await Promise.all(unknown.map(async ([key, fact]) => {
    const { each } = fact.what === "fold" ? await model.fold(fact) : model.clip(fact);
    return [key, { count: 1, seconds: each }] as const;
  }));
  const notebook = { count: 1, seconds: model.notebook };
  // The model knows nothing of some work; it is then left to the mean of the rest.
  return {
    notebook,
    ...Object.fromEntries(told.filter(([, { seconds }]) => seconds > 0)),
    ...timings,
  };
}
