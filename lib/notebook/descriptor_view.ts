/**
 * Bi-WOOF at work, for its notebook.
 *
 * @module
 */
import type { Dataset, Sample } from "lib/data/types.ts";
import { resolveParameters } from "lib/experiment/parameters.ts";
import type { Experiment } from "lib/experiment/types.ts";
import { biWoof, type StrainedFlow } from "lib/features/bi_woof.ts";
import { flowOfMinMaxMap } from "lib/features/min_max_flow.ts";
import { openDataset } from "./dataset.ts";
import { type Panel, showPanels, stretched } from "./maps.ts";

/**
 * Shows, for one clip of each class: the magnitude of the flow about its zero level, the strain, the
 * weight of each block, and the block histograms of the descriptor (a row a block, a column a bin).
 *
 * @param given parameters that differ from the experiment's defaults
 */
export async function showDescriptor(
  experiment: Experiment,
  given: Readonly<Record<string, unknown>>,
): Promise<void> {
  const parameters = resolveParameters(experiment, given);
  const data = await openDataset(experiment, given);
  const grid = { blocks: Number(parameters.blocks), bins: Number(parameters.bins) };
  const shown = firstOfEachClass(data);
  await showPanels(
    shown.map(({ input }) => descriptorPanels(flowOfMinMaxMap(input), grid)),
    `A row a clip: ${shown.map((s) => `${data.classes[s.label]} (${s.clip})`).join("; ")}. ` +
      "Columns: flow magnitude, strain, weight of each block, orientation histogram of each block " +
      "(blocks from top to bottom, bins from left to right). Light is high.",
  );
}

function firstOfEachClass({ classes, samples }: Dataset): Sample[] {
  return classes.flatMap((_, label) => samples.find((sample) => sample.label === label) ?? []);
}

function descriptorPanels(
  flow: StrainedFlow,
  grid: { readonly blocks: number; readonly bins: number },
): Panel[] {
  const { width, height, u, v, strain } = flow;
  const { blocks, bins } = grid;
  const descriptor = biWoof(flow, grid);
  const weights = Array.from(
    { length: blocks * blocks },
    (_, block) => descriptor.subarray(block * bins, (block + 1) * bins).reduce((a, b) => a + b, 0),
  );
  const panels = [
    { width, height, values: u.map((value, i) => Math.hypot(value, v[i]!)) },
    { width, height, values: strain },
    { width: blocks, height: blocks, values: weights },
    { width: bins, height: blocks * blocks, values: descriptor },
  ];
  return panels.map(stretched);
}
