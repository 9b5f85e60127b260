/**
 * What a network is made of, for its notebook.
 *
 * @module
 */
import type { Block } from "lib/blocks/block.ts";
import { zeros } from "lib/blocks/cost.ts";
import { isWired } from "lib/blocks/graph.ts";
import { flatten } from "lib/blocks/tree.ts";
import { sizeOf } from "lib/core/volume.ts";
import type { Sample } from "lib/data/types.ts";
import { resolveParameters } from "lib/experiment/parameters.ts";
import type { Experiment } from "lib/experiment/types.ts";
import { withoutDrawing } from "lib/networks/products.ts";
import { findMethod } from "lib/run/methods.ts";
import type { Method } from "lib/train/method.ts";
import type { NetworkMethod } from "lib/train/network.ts";
import { withKeptWeights } from "lib/weights/keep.ts";
import { openDataset } from "./dataset.ts";
import { showNetworkDrawing } from "./network_drawing.ts";
import { showNetworkSummary } from "./network_summary.ts";
import { showMarkdown, showTable } from "./show.ts";

/** The learned arrays of a network: name, shape and count. */
export function parameterRows(
  block: Block,
  inputShape: readonly number[],
): { readonly name: string; readonly shape: readonly number[]; readonly count: number }[] {
  const { params } = withoutDrawing(() => block.init(zeros, inputShape));
  return flatten(params).map(([name, { shape }]) => ({ name, shape, count: sizeOf(shape) }));
}

/**
 * Shows a network's input, then what it is made of: a network of named nodes as a table of its layers and as
 * a drawing, any other as a table of its learned arrays.
 *
 * @param given parameters that differ from the experiment's defaults
 * @throws TypeError when the experiment's method is not a network
 */
export async function showNetwork(
  experiment: Experiment,
  given: Readonly<Record<string, unknown>>,
): Promise<void> {
  const parameters = resolveParameters(experiment, await withKeptWeights(experiment, given));
  const method: Method & Partial<NetworkMethod> = await findMethod(experiment.method);
  if (method.build === undefined) throw new TypeError(`${method.id} is not a network`);
  const data = await openDataset(experiment, given);
  const [{ input: first }] = data.samples as [Sample];
  const inputShape = (method.look?.(first, parameters) ?? first).shape;
  const network = method.build(data.classes.length, parameters);
  const input = `Input ${inputShape.join(" × ")} (${data.channels.join(", ")})`;
  const classes = `${data.classes.length} classes`;
  if (isWired(network)) {
    await showMarkdown(`${input}, ${classes}.`);
    await showNetworkSummary(network, inputShape);
    await showNetworkDrawing(network, inputShape, { title: experiment.title });
    return;
  }
  const rows = parameterRows(network, inputShape);
  const total = rows.reduce((sum, { count }) => sum + count, 0);
  await showMarkdown(`${input}, ${classes}, ${total.toLocaleString("en")} learned numbers.`);
  await showTable(
    ["array", "shape", "numbers"],
    rows.map(({ name, shape, count }) => [name, shape.join(" × "), count]),
  );
}
