/**
 * How large the networks of results are.
 *
 * @module
 */
import { learnedIn, networkOf } from "lib/plan/network_size.ts";
import type { ResultMetadata } from "lib/results/types.ts";

/**
 * The learned numbers of a result's network, at the size at which it was run, by the code as it is now.
 *
 * @returns nothing where the method is no network
 * @throws ParameterError when there is no such method any more
 */
export async function learnedNumbers(metadata: ResultMetadata): Promise<number | undefined> {
  const { experiment: { method, input }, parameters, classes, data } = metadata;
  const call = { method, input, parameters, data: data.name, classes: classes.length };
  const found = await networkOf(call);
  if (found === undefined) return undefined;
  return learnedIn(found.network, found.shape);
}
