/**
 * Bi-WOOF at work, for its notebook.
 *
 * @module
 */
import type { Volume } from "lib/core/volume.ts";
import type { Dataset, Sample } from "lib/data/types.ts";
import { resolveParameters } from "lib/experiment/parameters.ts";
import type { Experiment } from "lib/experiment/types.ts";
import { biWoof, type StrainedFlow, strainedFlow } from "lib/features/bi_woof.ts";
import { onsetFaces } from "./clip_faces.ts";
import { openDataset } from "./dataset.ts";
import { type Panel, showPanels, stretched } from "./maps.ts";

/**
 * Shows, for one clip of each class: the magnitude of the flow, the strain, the weight of each block, the
 * face lit by these weights where there are frames of it, and the block histograms of the descriptor (a
 * row a block, a column a bin).
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
  const faces = await onsetFaces(parameters, shown.map(({ clip }) => clip));
  const withFaces = faces.some((face) => face !== undefined);
  await showPanels(
    shown.map(({ input }, i) => descriptorPanels(strainedFlow(input), grid, faces[i])),
    `A row a clip: ${shown.map((s) => `${data.classes[s.label]} (${s.clip})`).join("; ")}. ` +
      "Columns: flow magnitude, strain, weight of each block, " +
      (withFaces ? "the onset's face lit by these weights, " : "") +
      "orientation histogram of each block (blocks from top to bottom, bins from left to right). " +
      "Light is high.",
  );
}

function firstOfEachClass({ classes, samples }: Dataset): Sample[] {
  return classes.flatMap((_, label) => samples.find((sample) => sample.label === label) ?? []);
}

/** The panels of one clip; `face` is `[height, width]`, grey 0..1. */
export function descriptorPanels(
  flow: StrainedFlow,
  grid: { readonly blocks: number; readonly bins: number },
  face?: Volume,
): Panel[] {
  const { width, height, u, v, strain } = flow;
  const { blocks, bins } = grid;
  const descriptor = biWoof(flow, grid);
  const weights = Array.from(
    { length: blocks * blocks },
    (_, block) => descriptor.subarray(block * bins, (block + 1) * bins).reduce((a, b) => a + b, 0),
  );
  const weighed = stretched({ width: blocks, height: blocks, values: weights });
  const panels = [
    { width, height, values: u.map((value, i) => Math.hypot(value, v[i]!)) },
    { width, height, values: strain },
    weighed,
    ...(face ? [lit(face, weighed)] : []),
    { width: bins, height: blocks * blocks, values: descriptor },
  ];
  return panels.map(stretched);
}

/** A face as bright as the blocks over it weigh; where they weigh nothing, a third of it is left. */
function lit({ data, shape: [height = 0, width = 0] }: Volume, blocks: Panel): Panel {
  const values = data.map((value, i) => {
    const x = Math.floor((i % width) * blocks.width / width);
    const y = Math.floor(Math.floor(i / width) * blocks.height / height);
    return value * (1 + 2 * blocks.values[y * blocks.width + x]!) / 3;
  });
  return { width, height, values };
}
